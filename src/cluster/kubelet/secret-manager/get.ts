import type { RestClient } from '../../client-go/rest-client.js';
import { NO_WATCHERS } from '../../kube-apiserver/callers.js';
import { type Requests, STATUS } from '../../kube-apiserver/requests.js';
import { VERB } from '../../model/verbs.js';
import type { World } from '../../world/world.js';
import { GetLookahead } from '../lookahead/get.js';
import { FAILED, NOT_FOUND, PENDING } from '../content-numbers.js';
import { type EntryListener, ObjectManager } from './manager.js';
import type { ChangeDetectionStrategy, Clients } from './strategy.js';

/** Strategy Get (`simple` managers): every read is a GET with an empty resourceVersion, which etcd answers. */
class GetManager extends ObjectManager {
  readonly readsCount = true;
  override readonly keepsNothing = true;
  readonly foreseesReads: boolean = true;

  constructor(protected readonly world: World) {
    super();
  }

  override initialize(): void {
    // Nothing is kept.
  }

  override register(): void {
    // Nothing is kept, so there is nothing to start.
  }

  override startStationary(): void {
    // Nothing is kept, so there is no state to be stationary.
  }

  override invalidate(): void {
    // Nothing is kept, so there is nothing to drop.
  }

  override get(entry: number, at: number): void {
    const { population, etcd, latencies, limiter } = this.world;
    const leaves = limiter.take(population.entryNode[entry], at);
    const object = population.entryObject[entry];
    if (etcd.newest[object] < 0) {
      this.doneAt = latencies.getKnown(entry, leaves);
      this.revision = -1;
      this.content = population.objectExists[object];
      return;
    }
    const answer = latencies.getAtInstant(entry, leaves);
    this.doneAt = answer.at;
    this.revision = answer.revision;
    this.content = etcd.contentAt(object, answer.revision);
  }

  override finds(entry: number, at: number, shown: number): boolean {
    if (shown === NOT_FOUND) return false;
    const { population, etcd, latencies, limiter } = this.world;
    const object = population.entryObject[entry];
    const longest = limiter.waitOf(population.entryNode[entry], at) + latencies.longestQuorumGet;
    if (!etcd.keeps(object, shown, at, at + longest)) return false;
    this.doneAt = latencies.getKnown(entry, limiter.take(population.entryNode[entry], at));
    return true;
  }

  override release(): void {
    // Nothing is kept, so there is nothing to drop.
  }

  override readyAt(_entry: number, revision: number): number {
    return this.world.etcd.committedAt[revision];
  }
}

/** The same, where GETs meet others at the API servers. */
class CoupledGetManager extends GetManager {
  override readonly foreseesReads = false;
  private readonly requests: Requests;
  private readonly client: RestClient;
  /** GETs of each entry so far. */
  private readonly sent: Uint32Array;
  /** The request sent last. */
  private last = -1;

  constructor(
    world: World,
    { requests, client }: Clients,
    private readonly listener: EntryListener,
  ) {
    super(world);
    this.requests = requests;
    this.client = client;
    this.sent = new Uint32Array(world.population.entryCount);
  }

  override get(entry: number): void {
    const { requests } = this;
    const { population, latencies } = this.world;
    const id = requests.open(VERB.GET, population.entryNode[entry], entry);
    latencies.drawGet(entry, true, this.sent[entry]++);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    requests.quorum[id] = 1;
    this.last = id;
    this.client.send(id);
    this.content = PENDING;
  }

  override finds(): boolean {
    return false;
  }

  override wait(_entry: number, read: number): void {
    this.requests.read[this.last] = read;
  }

  override answered(request: number): void {
    const { requests } = this;
    const { population, etcd, sim } = this.world;
    const read = requests.read[request];
    this.doneAt = sim.now;
    this.revision = requests.revision[request];
    const object = population.entryObject[requests.subject[request]];
    this.content = requests.status[request] === STATUS.OK ? etcd.contentAt(object, this.revision) : FAILED;
    if (read >= 0) this.listener.resume(read);
  }
}

/** Each read asks the API server. */
export const get: ChangeDetectionStrategy = {
  says: 'The kubelet asks at each sync.',
  keeps: 'nothing',
  syncsOnEvents: false,
  isolated: ({ world }) => ({ manager: new GetManager(world), lookahead: (parts) => new GetLookahead(parts) }),
  coupled: ({ world, listener }, clients) => ({
    manager: new CoupledGetManager(world, clients, listener),
    watchers: NO_WATCHERS,
  }),
  bound: ({ input, limits, readsPerNode }) => ({
    learns: [],
    readUs: limits.quorumGet,
    requests: { count: readsPerNode, withinUs: input.kubelet.syncFrequencyUs },
    assumes: ['no GET fails'],
  }),
};
