import { SECOND_US } from '../../sim/units.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../world/latencies.js';
import { EVENT } from '../model/events.js';
import { MODE } from '../model/kinds.js';
import { type Behaviours } from '../model/versions.js';
import type { Randomness } from '../model/randomness.js';
import { type Requests, ROW, STATUS } from '../kube-apiserver/requests.js';
import type { RestClient } from '../client-go/rest-client.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';

/** `expirationSeconds` of the projected token that every pod gets (`plugin/pkg/admission/serviceaccount`, ≥1.21). */
const EXPIRATION_US = 3607 * SECOND_US;
/** `requiresRefresh` (`pkg/kubelet/token/token_manager.go`): from 80 % of its life on, less a jitter of up to 10 s. */
const REFRESH_SHARE = 0.8;
const MAX_JITTER_US = 10 * SECOND_US;

/** The ConfigMap that shares the projected volume with the token. */
const ROOT_CA = '/kube-root-ca.crt';

/** No token yet. */
const NONE = -Infinity;

/** The tokens in the pods' service-account volumes, as the kubelet's other parts see them. */
export interface Tokens {
  /** TokenRequests sent. */
  readonly requested: number;
  /** A pod has been running for long: its token is somewhere in its life. */
  startStationary(pod: number, now: number): void;
  /** True where a volume cannot be set up now before its token has been asked for. */
  needs(consumer: number, now: number): boolean;
  /** Asks for a pod's token; `read` is the volume's set-up, which waits for it. */
  request(pod: number, read: number): void;
  /** The answer to a TokenRequest. True where the pod has a valid token. */
  answered(request: number): boolean;
  /** The pod's kubelet forgets its token: it asks for a new one. */
  forget(pod: number): void;
}

/** TokenRequests are left out where requests do not meet: they would delay nobody. */
export const NO_TOKENS: Tokens = {
  requested: 0,
  startStationary: () => undefined,
  needs: () => false,
  request: () => undefined,
  answered: () => true,
  forget: () => undefined,
};

/**
 * The kubelets' token manager (`pkg/kubelet/token/token_manager.go`): every pod's service-account volume holds a token
 * that is asked for with a POST (TokenRequest) through the kubelet's limiter, at the first mount and at the first
 * remount after 80 % of its life. Where there is none, the whole volume fails; an old one serves until it expires.
 */
export class TokenManager implements Tokens {
  /** TokenRequests sent. */
  requested = 0;
  /** When each pod's token has to be refreshed and when it expires, µs. */
  private readonly refreshAt: Float64Array;
  private readonly expiresAt: Float64Array;
  private readonly requests: Uint32Array;
  /** 1 for consumers whose volume holds a token. */
  private readonly withToken: Uint8Array;

  private readonly population: Population;
  private readonly sim: Simulator;
  private readonly latencies: Latencies;
  private readonly random: Randomness;

  constructor(
    world: World,
    private readonly pool: Requests,
    private readonly client: RestClient,
  ) {
    const { population } = world;
    this.population = population;
    this.sim = world.sim;
    this.latencies = world.latencies;
    this.random = world.random;
    const { podCount } = population;
    this.refreshAt = new Float64Array(podCount).fill(NONE);
    this.expiresAt = new Float64Array(podCount).fill(NONE);
    this.requests = new Uint32Array(podCount);
    this.withToken = consumersWithToken(population, world.input.behaviours);
  }

  /** A pod has been running for long: its token is somewhere in its life. */
  startStationary(pod: number, now: number): void {
    const { population } = this;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      if (this.withToken[c] === 0) continue;
      const u = this.random.token.uniform(population.podNameHigh[pod], population.podNameLow[pod], 0);
      this.issued(pod, now - Math.floor(u * REFRESH_SHARE * EXPIRATION_US));
      return;
    }
  }

  /** True where a volume cannot be set up now before its token has been asked for. */
  needs(consumer: number, now: number): boolean {
    return this.withToken[consumer] === 1 && this.refreshAt[this.population.consumerPod[consumer]] <= now;
  }

  /** Asks for a pod's token; `read` is the volume's set-up, which waits for it. */
  request(pod: number, read: number): void {
    const { pool, latencies } = this;
    this.requested++;
    const id = pool.open(ROW.TOKEN_REQUEST, this.population.podNode[pod], pod);
    latencies.drawToken(pod, this.requests[pod]++);
    pool.oneWay[id] = latencies.oneWay;
    pool.service[id] = latencies.service;
    pool.read[id] = read;
    this.client.send(id);
  }

  /** The answer to a TokenRequest. True where the pod has a valid token. */
  answered(request: number): boolean {
    const pod = this.pool.subject[request];
    const { now } = this.sim;
    if (this.pool.status[request] === STATUS.OK) {
      this.issued(pod, now);
      return true;
    }
    if (this.expiresAt[pod] <= now) return false;
    // The old token serves on; the next remount asks again.
    this.refreshAt[pod] = now + 1;
    this.sim.schedule(now + 1, EVENT.TOKEN_DUE, pod);
    return true;
  }

  /** The pod's kubelet forgets its token: it asks for a new one. */
  forget(pod: number): void {
    this.refreshAt[pod] = NONE;
    this.expiresAt[pod] = NONE;
  }

  private issued(pod: number, at: number): void {
    const { podNameHigh, podNameLow } = this.population;
    const jitter = this.random.token.uniform(podNameHigh[pod], podNameLow[pod], 1 + this.requests[pod]) * MAX_JITTER_US;
    this.expiresAt[pod] = at + EXPIRATION_US;
    this.refreshAt[pod] = at + Math.floor(REFRESH_SHARE * EXPIRATION_US - jitter);
    this.sim.schedule(Math.max(this.sim.now, this.refreshAt[pod]), EVENT.TOKEN_DUE, pod);
  }
}

function consumersWithToken(population: Population, behaviours: Behaviours): Uint8Array {
  const flags = new Uint8Array(population.consumerCount);
  if (behaviours.serviceAccountMaterial !== 'rootCAConfigMap') return flags;
  // Names are put together when they are asked for, so only those of projected objects are.
  const rootCa = new Map<number, boolean>();
  for (let c = 0; c < population.consumerCount; c++) {
    if (population.consumerMode[c] !== MODE.projected) continue;
    const object = population.consumerObject[c];
    let isRootCa = rootCa.get(object);
    if (isRootCa === undefined) {
      isRootCa = population.objectName(object).endsWith(ROOT_CA);
      rootCa.set(object, isRootCa);
    }
    if (isRootCa) flags[c] = 1;
  }
  return flags;
}
