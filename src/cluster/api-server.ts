import { ShiftedExponential } from '../sim/distributions.js';
import { type CostTable, cpuNs, OBJECT_OVERHEAD_BYTES } from './costs.js';
import type { Etcd } from './etcd.js';
import { GET, LIST, type Load, WATCH } from './load.js';
import type { ModelInput } from './model-input.js';
import type { Randomness } from './randomness.js';
import type { Topology } from './topology.js';

/** What a response to a read of one object says. */
export interface Answer {
  /** When the kubelet has the response, µs. */
  at: number;
  /** The object's newest revision in it, −1 for its state at the start of the simulation. */
  revision: number;
}

/**
 * The API servers as kubelets see them: which server a kubelet is connected to, when a server's watch
 * cache has a revision, and what a read returns after which latency. Requests never queue here
 * (`apiServer.capacity: unlimited`); latencies are addressed by entity and index, so they are the same
 * whatever else goes on.
 */
export class ApiServers {
  /** The server that each kubelet is connected to; connections are kept (`goaway-chance` 0). */
  readonly serverOf: Uint8Array;
  private readonly roundTrip: ShiftedExponential;
  private readonly etcdWatch: ShiftedExponential;
  private readonly dispatch: ShiftedExponential;
  private readonly getFromCache: ShiftedExponential;
  private readonly getQuorum: ShiftedExponential;
  private readonly list: ShiftedExponential;
  private readonly watch: ShiftedExponential;
  /** Client to server and back, median: the gap between two watches of a reflector. */
  readonly roundTripMedian: number;
  private readonly unwrittenLatency: number;
  private readonly costs: CostTable;
  private readonly answer: Answer = { at: 0, revision: -1 };

  constructor(
    private readonly topology: Topology,
    private readonly etcd: Etcd,
    private readonly load: Load,
    input: ModelInput,
    private readonly random: Randomness,
  ) {
    const { apiServer, network } = input;
    this.roundTrip = new ShiftedExponential(network.roundTrip.p50Us, network.roundTrip.p99Us);
    this.etcdWatch = new ShiftedExponential(input.etcd.watch.p50Us, input.etcd.watch.p99Us);
    this.dispatch = new ShiftedExponential(apiServer.dispatch.p50Us, apiServer.dispatch.p99Us);
    this.getFromCache = new ShiftedExponential(apiServer.getFromCache.p50Us, apiServer.getFromCache.p99Us);
    this.getQuorum = new ShiftedExponential(apiServer.getQuorum.p50Us, apiServer.getQuorum.p99Us);
    this.list = new ShiftedExponential(apiServer.list.p50Us, apiServer.list.p99Us);
    this.watch = new ShiftedExponential(apiServer.watch.p50Us, apiServer.watch.p99Us);
    this.costs = apiServer.costs;
    this.roundTripMedian = network.roundTrip.p50Us;
    this.unwrittenLatency = network.roundTrip.p50Us + apiServer.getQuorum.p50Us;
    this.serverOf = Uint8Array.from({ length: topology.nodeCount }, (_, node) =>
      Math.floor(
        random.connection.uniform(topology.nodeNameHigh[node], topology.nodeNameLow[node], 0) * input.apiServers,
      ),
    );
  }

  /** When the watch cache of `server` has a revision. */
  visibleAt(revision: number, server: number): number {
    const object = this.etcd.object[revision];
    const index = this.etcd.sequence[revision] * 256 + server;
    const u = this.random.etcdWatch.uniform(
      this.topology.objectNameHigh[object],
      this.topology.objectNameLow[object],
      index,
    );
    return this.etcd.committedAt[revision] + this.etcdWatch.at(u);
  }

  /** When the event of a revision reaches the kubelet of a cache entry, over a watch that is open. */
  deliveredAt(entry: number, revision: number): number {
    const node = this.topology.entryNode[entry];
    const { dispatch } = this.random;
    dispatch.pair(this.nameHigh(entry), this.nameLow(entry), this.etcd.sequence[revision]);
    const oneWay = Math.round(this.roundTrip.at(dispatch.second()) / 2);
    return this.visibleAt(revision, this.serverOf[node]) + this.dispatch.at(dispatch.first()) + oneWay;
  }

  /**
   * A GET of the entry's object that leaves the kubelet at `at`; `index` numbers the entry's requests.
   * `quorum`: resourceVersion is empty and etcd answers; otherwise 0, and the watch cache does.
   * The returned object is reused by the next read.
   */
  get(entry: number, at: number, quorum: boolean, index: number): Answer {
    this.countGet(entry, at, quorum);
    const { get } = this.random;
    get.pair(this.nameHigh(entry), this.nameLow(entry), index);
    const service = quorum ? this.getQuorum.at(get.first()) : this.getFromCache.at(get.first());
    return this.read(entry, at, quorum, service, get.second());
  }

  /**
   * A quorum GET of an object that the timeline never writes, with the median latency: the answer is
   * always the same, and drawing when exactly it comes would change nothing that is measured.
   */
  getUnwritten(entry: number, at: number): Answer {
    this.countGet(entry, at, true);
    this.answer.at = at + this.unwrittenLatency;
    this.answer.revision = -1;
    return this.answer;
  }

  /** The first LIST of a reflector, at resourceVersion=0. */
  listObject(entry: number, at: number, index: number): Answer {
    const bytes = this.bytesOf(entry);
    this.count(entry, at, LIST, bytes, cpuNs(this.costs.list, bytes));
    const { list } = this.random;
    list.pair(this.nameHigh(entry), this.nameLow(entry), index);
    return this.read(entry, at, false, this.list.at(list.first()), list.second());
  }

  /** A WATCH that streams the initial state (KEP-3157): consistent, so it asks etcd for the current revision. */
  watchList(entry: number, at: number, index: number): Answer {
    this.watchOpens(entry, at);
    this.load.quorumRead(this.serverOf[this.topology.entryNode[entry]], at);
    const { list } = this.random;
    list.pair(this.nameHigh(entry), this.nameLow(entry), index);
    return this.read(entry, at, true, this.watch.at(list.first()), list.second());
  }

  /** Counts a WATCH request of a reflector that opens at `at`. */
  watchOpens(entry: number, at: number): void {
    this.count(entry, at, WATCH, 0, this.costs.watch);
  }

  /** First word of an entry's name: the node's and the object's names together. */
  nameHigh(entry: number): number {
    const { entryNode, entryObject, nodeNameHigh, objectNameHigh } = this.topology;
    return Math.imul(nodeNameHigh[entryNode[entry]], 0x9e3779b1) ^ objectNameHigh[entryObject[entry]];
  }

  /** Second word of an entry's name. */
  nameLow(entry: number): number {
    const { entryNode, entryObject, nodeNameLow, objectNameLow } = this.topology;
    return Math.imul(objectNameLow[entryObject[entry]], 0x85157af5) ^ nodeNameLow[entryNode[entry]];
  }

  private countGet(entry: number, at: number, quorum: boolean): void {
    const bytes = this.bytesOf(entry);
    this.count(entry, at, GET, bytes, cpuNs(quorum ? this.costs.getQuorum : this.costs.getFromCache, bytes));
    if (quorum) this.load.quorumRead(this.serverOf[this.topology.entryNode[entry]], at);
  }

  private count(entry: number, at: number, verb: number, bytes: number, cpuNs: number): void {
    const { objectKind, objectClass, entryObject, entryNode } = this.topology;
    const object = entryObject[entry];
    this.load.request(this.serverOf[entryNode[entry]], at, verb, objectKind[object], objectClass[object], bytes, cpuNs);
  }

  private bytesOf(entry: number): number {
    return this.topology.objectSize[this.topology.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
  }

  private read(entry: number, at: number, quorum: boolean, service: number, u: number): Answer {
    const object = this.topology.entryObject[entry];
    const server = this.serverOf[this.topology.entryNode[entry]];
    const oneWay = Math.round(this.roundTrip.at(u) / 2);
    const served = at + oneWay + service;
    const { answer, etcd } = this;
    answer.at = served + oneWay;
    let revision = etcd.revisionAt(object, served);
    if (!quorum) while (revision >= 0 && this.visibleAt(revision, server) > served) revision = etcd.previous[revision];
    answer.revision = revision;
    return answer;
  }
}
