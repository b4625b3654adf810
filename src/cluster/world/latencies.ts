import { SECOND_US } from '../../sim/units.js';
import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import { type CostTable, cpuNs, initialStateBytes, OBJECT_OVERHEAD_BYTES, watchListNs } from '../model/costs.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Load } from '../meters/load.js';
import { cellOf } from '../meters/load-columns.js';
import { VERB } from '../model/verbs.js';
import type { RunInput } from '../model/model-input.js';
import { arrivalAddress } from '../model/random-addresses.js';
import type { Randomness } from '../model/randomness.js';
import type { Population } from '../population/population.js';
import { nameHigh, nameLow } from './entry-names.js';
import { latencyLimits } from './latency-limits.js';
import type { ReadResponse } from './read-response.js';

/**
 * The API servers as kubelets see them: which server a kubelet is connected to, when a server's watch
 * cache has a revision, and what a read returns after which latency. Requests never queue here
 * (`apiServer.capacity: unlimited`); latencies are addressed by entity and index, so they are the same
 * whatever else goes on.
 */
export class Latencies {
  /** The server that each kubelet is connected to; connections are kept (`goaway-chance` 0). */
  readonly serverOf: Uint8Array;
  private readonly roundTrip: DurationLaw;
  private readonly etcdWatch: DurationLaw;
  private readonly dispatch: DurationLaw;
  private readonly getFromCache: DurationLaw;
  private readonly getQuorum: DurationLaw;
  private readonly list: DurationLaw;
  private readonly watch: DurationLaw;
  /** Client to server and back, median: the gap between two watches of a reflector. */
  readonly roundTripMedian: number;
  /** Latencies drawn last, µs: one way through the network, and at the server where nothing queues. */
  oneWay = 0;
  service = 0;
  /** When each server's watch cache was filled, −Infinity: long ago. */
  readonly cacheFrom: Float64Array;
  /** From the commit of a pod's status until its kubelet sees it, medians, µs. */
  readonly podEventLatency: number;
  private readonly write: DurationLaw;
  /** Longer than any quorum GET takes, µs. */
  readonly longestQuorumGet: number;
  /** No GET from the watch cache takes less than the first, and none as long as the second, µs. */
  readonly shortestCachedGet: number;
  readonly longestCachedGet: number;
  /** How long a quorum GET takes whose answer is known before, µs. */
  readonly knownLatency: number;
  private readonly costs: CostTable;
  /** CPU of a scan of a resource for an initial state, by kind of object; 0 where servers do not scan. */
  private readonly scanNs: readonly number[];
  /** CPU of a GET of an object of `pricedBytes`: objects are mostly as large as the one before. */
  private pricedBytes = NaN;
  private cachedGetNs = 0;
  private quorumGetNs = 0;
  private readonly answer: ReadResponse = { at: 0, revision: -1 };

  /** `objectsOfKind`: how many objects of each kind the servers have. */
  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly load: Load,
    objectsOfKind: readonly number[],
    input: RunInput,
    private readonly random: Randomness,
  ) {
    const { apiServer, network } = input;
    this.roundTrip = latencyLaw(network.roundTrip);
    this.etcdWatch = latencyLaw(input.etcd.watch);
    this.dispatch = latencyLaw(apiServer.dispatch);
    this.getFromCache = latencyLaw(apiServer.getFromCache);
    this.getQuorum = latencyLaw(apiServer.getQuorum);
    this.list = latencyLaw(apiServer.list);
    this.watch = latencyLaw(apiServer.watch);
    this.write = latencyLaw(apiServer.write);
    this.podEventLatency = input.etcd.watch.p50Us + apiServer.dispatch.p50Us + Math.round(network.roundTrip.p50Us / 2);
    this.costs = apiServer.costs;
    const perObject = input.behaviours.watchInit === 'scan' ? this.costs.watchScanPerObject : 0;
    this.scanNs = objectsOfKind.map((objects) => perObject * objects);
    this.cacheFrom = new Float64Array(input.apiServers).fill(-Infinity);
    this.roundTripMedian = network.roundTrip.p50Us;
    this.knownLatency = network.roundTrip.p50Us + apiServer.getQuorum.p50Us;
    const { quorumGet, cachedGet } = latencyLimits(input);
    this.longestQuorumGet = quorumGet + 1;
    this.shortestCachedGet = Math.max(0, this.roundTrip.at(0) + this.getFromCache.at(0) - 1);
    this.longestCachedGet = cachedGet + 1;
    this.serverOf = new Uint8Array(population.nodeCount);
    for (let node = 0; node < population.nodeCount; node++) {
      const u = random.connection.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 0);
      this.serverOf[node] = Math.floor(u * input.apiServers);
    }
  }

  /** When the watch cache of `server` has a revision. */
  visibleAt(revision: number, server: number): number {
    const committed = this.etcd.committedAt[revision];
    if (committed <= this.cacheFrom[server]) return this.cacheFrom[server];
    const object = this.etcd.object[revision];
    const index = arrivalAddress(this.etcd.sequence[revision], server);
    const { objectNameHigh, objectNameLow } = this.etcd.stored;
    const u = this.random.etcdWatch.uniform(objectNameHigh[object], objectNameLow[object], index);
    return committed + this.etcdWatch.at(u);
  }

  /** When the event of a revision reaches the kubelet of a cache entry, over a watch that is open. */
  deliveredAt(entry: number, revision: number): number {
    const node = this.population.entryNode[entry];
    this.drawEvent(entry, revision);
    return this.visibleAt(revision, this.serverOf[node]) + this.service + this.oneWay;
  }

  /**
   * A GET of the entry's object that leaves the kubelet at `at`; `index` numbers the entry's requests.
   * `quorum`: resourceVersion is empty and etcd answers; otherwise 0, and the watch cache does.
   * The returned object is reused by the next read.
   */
  get(entry: number, at: number, quorum: boolean, index: number): ReadResponse {
    this.countGet(entry, at, quorum);
    this.drawGet(entry, quorum, index);
    return this.read(entry, at, quorum);
  }

  /**
   * A quorum GET whose answer is known before, with the median latency: drawing when exactly it comes would change
   * nothing that is measured. Returns when it comes.
   */
  getKnown(entry: number, at: number): number {
    this.countGet(entry, at, true);
    return at + this.knownLatency;
  }

  /** Draws `oneWay` and `service` of a GET; `index` numbers the entry's requests. */
  drawGet(entry: number, quorum: boolean, index: number): void {
    this.drawNamedGet(this.nameHigh(entry), this.nameLow(entry), quorum, index);
  }

  /** Does the same for the entry of a name (`nameHigh`, `nameLow`). */
  drawNamedGet(high: number, low: number, quorum: boolean, index: number): void {
    const { get } = this.random;
    get.pair(high, low, index);
    this.service = quorum ? this.getQuorum.at(get.first()) : this.getFromCache.at(get.first());
    this.oneWay = Math.round(this.roundTrip.at(get.second()) / 2);
  }

  /** A quorum GET that leaves at `at`, with latencies that are drawn for that instant: of a node's GETs of an object some are only counted. */
  getAtInstant(entry: number, at: number): ReadResponse {
    this.countGet(entry, at, true);
    return this.answerAtInstant(entry, at);
  }

  /** The answer to that GET, which somebody else counts. */
  answerAtInstant(entry: number, at: number): ReadResponse {
    const seconds = Math.floor(at / SECOND_US);
    const { get } = this.random;
    get.pair(this.nameHigh(entry) ^ (at - seconds * SECOND_US), this.nameLow(entry), seconds | 0);
    this.service = this.getQuorum.at(get.first());
    this.oneWay = Math.round(this.roundTrip.at(get.second()) / 2);
    return this.read(entry, at, true);
  }

  /**
   * Draws `oneWay` and `service` of a reflector's LIST (`streams`: of a WATCH that streams the initial state; `quorum`: of
   * the newest version, for which the server reads from etcd first: `cacher.go` getWatchCacheResourceVersion).
   */
  drawList(entry: number, streams: boolean, quorum: boolean, index: number): void {
    const { list } = this.random;
    list.pair(this.nameHigh(entry), this.nameLow(entry), index);
    const streamed = quorum ? this.getQuorum : this.watch;
    this.service = (streams ? streamed : this.list).at(list.first());
    this.oneWay = Math.round(this.roundTrip.at(list.second()) / 2);
  }

  /** Draws `oneWay` and `service` of a TokenRequest: as a quorum GET (assumption). */
  drawToken(pod: number, index: number): void {
    const { token } = this.random;
    token.pair(this.population.podNameHigh[pod], this.population.podNameLow[pod], 0x40000000 + index);
    this.service = this.getQuorum.at(token.first());
    this.oneWay = Math.round(this.roundTrip.at(token.second()) / 2);
  }

  /** Draws `oneWay` and `service` of the POST of an entry's PodCertificateRequest, and of the GET of the service account before it. */
  drawCertificate(entry: number, index: number): void {
    const { certificate } = this.random;
    certificate.pair(this.nameHigh(entry), this.nameLow(entry), index);
    const read = this.getQuorum.at(certificate.first()) + 2 * Math.round(this.roundTrip.at(certificate.second()) / 2);
    this.service = this.write.at(certificate.second()) + read;
    this.oneWay = Math.round(this.roundTrip.at(certificate.first()) / 2);
  }

  /** Draws `oneWay` and `service` of a status manager's request for a pod: a quorum GET, or a PATCH. */
  drawStatus(pod: number, patch: boolean, index: number): void {
    const { podStatus } = this.random;
    podStatus.pair(this.population.podNameHigh[pod], this.population.podNameLow[pod], index);
    this.service = patch ? this.write.at(podStatus.first()) : this.getQuorum.at(podStatus.first());
    this.oneWay = Math.round(this.roundTrip.at(podStatus.second()) / 2);
  }

  /** Draws `oneWay` and `service` of a WATCH at a set resourceVersion. */
  drawWatch(entry: number, index: number): void {
    const { watchOpen } = this.random;
    watchOpen.pair(this.nameHigh(entry), this.nameLow(entry), index);
    this.service = this.watch.at(watchOpen.first());
    this.oneWay = Math.round(this.roundTrip.at(watchOpen.second()) / 2);
  }

  /** Draws `oneWay` and `service` of the event of a revision, from the watch cache to a watcher. */
  drawEvent(entry: number, revision: number): void {
    const { dispatch } = this.random;
    dispatch.pair(this.nameHigh(entry), this.nameLow(entry), this.etcd.sequence[revision]);
    this.service = this.dispatch.at(dispatch.first());
    this.oneWay = Math.round(this.roundTrip.at(dispatch.second()) / 2);
  }

  /** The first LIST of a reflector, at resourceVersion=0. */
  listObject(entry: number, at: number, index: number): ReadResponse {
    const bytes = this.bytesOf(entry);
    this.count(entry, at, VERB.LIST, bytes, cpuNs(this.costs.list, bytes));
    this.drawList(entry, false, false, index);
    return this.read(entry, at, false);
  }

  /** A WATCH that streams the initial state (KEP-3157). Without a version of its own (`quorum`) it asks etcd for the newest. */
  watchList(entry: number, at: number, quorum: boolean, index: number): ReadResponse {
    const bytes = this.bytesOf(entry);
    const scanNs = this.scanNs[this.population.objectKind[this.population.entryObject[entry]]];
    this.count(entry, at, VERB.WATCH, initialStateBytes(bytes), watchListNs(this.costs, bytes, quorum) + scanNs);
    if (quorum) this.load.quorumRead(this.serverOf[this.population.entryNode[entry]], at);
    this.drawList(entry, true, quorum, index);
    return this.read(entry, at, quorum);
  }

  /** First word of an entry's name: the node's and the object's names together. */
  nameHigh(entry: number): number {
    return nameHigh(this.population, entry);
  }

  /** Second word of an entry's name. */
  nameLow(entry: number): number {
    return nameLow(this.population, entry);
  }

  /** Counts a request for an entry's object that leaves the kubelet at `at`. */
  private count(entry: number, at: number, verb: number, bytes: number, cpu: number): void {
    const { objectKind, objectClass, entryObject, entryNode } = this.population;
    const object = entryObject[entry];
    const cell = cellOf(verb, objectKind[object]);
    this.load.request(this.serverOf[entryNode[entry]], at, cell, objectClass[object], bytes, cpu);
  }

  private countGet(entry: number, at: number, quorum: boolean): void {
    if (!this.load.measures(at)) return;
    const { objectKind, objectClass, entryObject, entryNode } = this.population;
    const object = entryObject[entry];
    const bytes = this.population.objectSize[object] + OBJECT_OVERHEAD_BYTES;
    if (bytes !== this.pricedBytes) {
      this.pricedBytes = bytes;
      this.cachedGetNs = cpuNs(this.costs.getFromCache, bytes);
      this.quorumGetNs = cpuNs(this.costs.getQuorum, bytes);
    }
    const ns = quorum ? this.quorumGetNs : this.cachedGetNs;
    const { load } = this;
    const row = load.get(this.serverOf[entryNode[entry]], at, objectKind[object], objectClass[object], bytes, ns);
    if (quorum) load.addQuorum(load.counts, row);
  }

  private bytesOf(entry: number): number {
    return this.population.objectSize[this.population.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
  }

  /** How much later than its kubelet the servers' pod informers learn of a pod, µs; negative: earlier. */
  authorizerLag(pod: number): number {
    const { authorizer } = this.random;
    authorizer.pair(this.population.podNameHigh[pod], this.population.podNameLow[pod], 0);
    const kubelet = this.dispatch.at(authorizer.first()) + this.roundTripMedian / 2;
    return this.dispatch.at(authorizer.second()) - kubelet;
  }

  /** The object's revision that `server` answers at `at`, from its watch cache or from etcd. */
  revisionAt(object: number, at: number, server: number, quorum: boolean): number {
    let revision = this.etcd.revisionAt(object, at);
    if (!quorum) while (revision >= 0 && this.visibleAt(revision, server) > at) revision = this.etcd.previous[revision];
    return revision;
  }

  private read(entry: number, at: number, quorum: boolean): ReadResponse {
    const server = this.serverOf[this.population.entryNode[entry]];
    const served = at + this.oneWay + this.service;
    this.answer.at = served + this.oneWay;
    this.answer.revision = this.revisionAt(this.population.entryObject[entry], served, server, quorum);
    return this.answer;
  }
}
