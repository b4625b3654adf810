import type { DurationLaw } from '../../sim/distributions.js';
import type { Latencies } from '../world/latencies.js';
import { hasOwnManager } from '../model/kinds.js';
import { latencyLaw } from '../model/latency.js';
import type { RunInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import { type Requests, ROW } from './requests.js';
import type { Population } from '../population/population.js';

/** From the arrival of a pod at its kubelet until the first request about its objects leaves (assumption). */
const KUBELET_HANDLING_US = 1e3;

/**
 * The node authorizer (`plugin/pkg/auth/authorizer/node`) and NodeRestriction (`plugin/pkg/admission/noderestriction`
 * admitServiceAccount), which go by the same pod informer. A kubelet may read an object that a pod bound to it
 * references, as far as the server's pod informer has seen. The informer and the kubelet's own pod watch are
 * watchers of the same event; where the kubelet's is the faster one, its first requests are answered 403. So is that for
 * a token of the pod, or 404 where another pod of the node has the same service account; which of them is not told apart.
 * Every kubelet
 * may read ClusterTrustBundles, and ask for certificates of its pods
 * (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go` NodeRules).
 */
export class NodeAuthorizer {
  /** Refused requests, until the graph knew the pod. */
  forbidden = 0;
  /** The pod with which the graph learns of each entry's reference; −1: it has long known it. */
  private readonly learnedWith: Int32Array;
  /** From when on the informer knows each pod, µs; NaN: a law tells it when its kubelet first asks. */
  private readonly knownFrom: Float64Array;
  private readonly enabled: boolean;
  private readonly lag: DurationLaw | null;

  constructor(
    private readonly population: Population,
    private readonly latencies: Latencies,
    private readonly random: Randomness,
    { nodeAuthorizer, authorizerLag }: RunInput['apiServer'],
  ) {
    this.enabled = nodeAuthorizer;
    this.lag = authorizerLag === undefined ? null : latencyLaw(authorizerLag);
    this.learnedWith = new Int32Array(nodeAuthorizer ? population.entryCount : 0).fill(-1);
    this.knownFrom = new Float64Array(nodeAuthorizer ? population.podCount : 0).fill(-Infinity);
  }

  /** A kubelet learns of a pod that has not run before. `known`: entries that another pod of the node references already. */
  podArrives(pod: number, now: number, known: (entry: number) => boolean): void {
    if (!this.enabled) return;
    const { podConsumerStart, consumerEntry } = this.population;
    this.knownFrom[pod] = this.lag === null ? now + this.latencies.authorizerLag(pod) - KUBELET_HANDLING_US : NaN;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const entry = consumerEntry[c];
      if (!known(entry)) this.learnedWith[entry] = pod;
    }
  }

  private isByInformer(entry: number): boolean {
    const { entryObject, objectKind } = this.population;
    return hasOwnManager(objectKind[entryObject[entry]]);
  }

  /** True where a kubelet's request is allowed at `now`. `graph`: the server has filled its graph since it started. */
  allows({ verb, subject }: Requests, request: number, now: number, graph: boolean): boolean {
    if (!this.enabled) return true;
    const about = subject[request];
    if (verb[request] === ROW.TOKEN_REQUEST) return this.knows(about, now, graph);
    // Most references have long been known.
    const pod = this.learnedWith[about];
    return (graph && pod < 0) || this.isByInformer(about) || this.knows(pod, now, graph);
  }

  private knows(pod: number, now: number, graph: boolean): boolean {
    if (graph && (pod < 0 || now >= this.podKnownFrom(pod, now))) return true;
    this.forbidden++;
    return false;
  }

  /** From when on the informer knows a pod about which, or about whose objects, its kubelet asks. */
  private podKnownFrom(pod: number, now: number): number {
    const { knownFrom, lag, population, random } = this;
    if (lag !== null && Number.isNaN(knownFrom[pod])) {
      const u = random.authorizer.uniform(population.podNameHigh[pod], population.podNameLow[pod], 0);
      knownFrom[pod] = now + lag.at(u);
    }
    return knownFrom[pod];
  }
}
