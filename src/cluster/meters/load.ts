import { SECOND_US } from '../../sim/units.js';
import { Gauge, type GaugePart } from '../../sim/gauge.js';
import { BookmarkCounts, type BookmarkSchedule } from './bookmark-counts.js';
import { BOOKMARK_BYTES, type CostTable } from '../model/costs.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import { VERB } from '../model/verbs.js';
import { BYTES, cellOf, CPU_NS, EVENTS, FIRST_CLASS, QUORUM } from './load-columns.js';

/** Cells from here on are of writes. */
const WRITES = cellOf(VERB.WRITE, 0);

/** Counts of a load, `settleBookmarks` still to come. */
export interface LoadPart {
  readonly counts: Float64Array;
  readonly perSecond: Uint32Array;
  readonly cpuPerSecond: Float64Array;
  readonly readsPerSecond: Uint32Array;
  readonly bookmarks: Int32Array;
  readonly watches: readonly GaugePart[];
}

/**
 * What reaches and leaves the API servers during the measured period, in fixed time bins. All sums are
 * of integers, hence exact and independent of the order of counting.
 */
export class Load {
  readonly columns: number;
  readonly bins: number;
  readonly seconds: number;
  /** Row-major: server, bin, column. */
  readonly counts: Float64Array;
  /** Requests per server and second. */
  readonly perSecond: Uint32Array;
  /** Requests but writes per second, on all servers. */
  readonly readsPerSecond: Uint32Array;
  /** Per server and bin: the most requests that waited and seats that were taken, and requests rejected. */
  readonly queuedMax: Uint32Array;
  readonly seatsMax: Uint32Array;
  readonly rejections: Uint32Array;
  /** CPU per server and second, ns on the machine of the cost table. */
  readonly cpuPerSecond: Float64Array;
  readonly bookmarks: BookmarkCounts;
  /** The time of the GET counted last, its bin and its second: a pod reads all its volumes at one instant. */
  private binnedAt = NaN;
  private binOfAt = 0;
  private secondOfAt = 0;
  /** Open watches, per server. */
  readonly watches: readonly Gauge[];
  readonly servers: number;
  readonly durationUs: number;
  readonly binUs: number;
  private readonly costs: Pick<CostTable, 'bookmark' | 'watch'>;

  /** `classes`: of objects. `schedule`: when the servers send bookmarks. */
  constructor(
    input: Pick<RunInput, 'apiServers' | 'durationUs' | 'loadBinUs' | 'apiServer'>,
    classes: number,
    schedule: BookmarkSchedule,
  ) {
    const { apiServers: servers, durationUs, loadBinUs: binUs } = input;
    this.servers = servers;
    this.durationUs = durationUs;
    this.binUs = binUs;
    this.costs = input.apiServer.costs;
    this.columns = FIRST_CLASS + classes;
    this.bins = Math.ceil(durationUs / binUs);
    this.seconds = Math.ceil(durationUs / SECOND_US);
    this.counts = new Float64Array(servers * this.bins * this.columns);
    this.perSecond = new Uint32Array(servers * this.seconds);
    this.readsPerSecond = new Uint32Array(this.seconds);
    this.queuedMax = new Uint32Array(servers * this.bins);
    this.seatsMax = new Uint32Array(servers * this.bins);
    this.rejections = new Uint32Array(servers * this.bins);
    this.cpuPerSecond = new Float64Array(servers * this.seconds);
    this.bookmarks = new BookmarkCounts(servers, this.seconds, schedule);
    this.watches = Array.from({ length: servers }, () => new Gauge());
  }

  /** Counts a request that reaches `server` at `at` µs; `cell`: of its verb and kind (`cellOf`). Class −1: of a whole kind. */
  request(server: number, at: number, cell: number, objectClass: number, bytes: number, cpuNs: number): void {
    if (at < 0 || at >= this.durationUs) return;
    const row = (server * this.bins + Math.floor(at / this.binUs)) * this.columns;
    const counts = this.counts;
    counts[row + cell]++;
    counts[row + BYTES] += bytes;
    counts[row + CPU_NS] += cpuNs;
    if (objectClass >= 0) counts[row + FIRST_CLASS + objectClass]++;
    const second = Math.floor(at / SECOND_US);
    this.perSecond[server * this.seconds + second]++;
    this.cpuPerSecond[server * this.seconds + second] += cpuNs;
    if (cell < WRITES) this.readsPerSecond[second]++;
  }

  /** True for times in the measured period. */
  measures(at: number): boolean {
    return at >= 0 && at < this.durationUs;
  }

  /** Counts a GET in the measured period; returns its row. */
  get(server: number, at: number, kind: number, objectClass: number, bytes: number, cpuNs: number): number {
    if (at !== this.binnedAt) {
      this.binnedAt = at;
      this.binOfAt = Math.floor(at / this.binUs);
      this.secondOfAt = Math.floor(at / SECOND_US);
    }
    const row = (server * this.bins + this.binOfAt) * this.columns;
    this.addGet(this.counts, row, kind, objectClass, bytes, cpuNs);
    this.perSecond[server * this.seconds + this.secondOfAt]++;
    this.cpuPerSecond[server * this.seconds + this.secondOfAt] += cpuNs;
    this.readsPerSecond[this.secondOfAt]++;
    return row;
  }

  /** Adds a GET to a row that begins at an index of `counts`. */
  addGet(counts: Float64Array, row: number, kind: number, objectClass: number, bytes: number, cpuNs: number): void {
    counts[row + cellOf(VERB.GET, kind)]++;
    counts[row + BYTES] += bytes;
    counts[row + CPU_NS] += cpuNs;
    counts[row + FIRST_CLASS + objectClass]++;
  }

  /** Adds a WATCH request at a set resourceVersion, for an object of `kind` and class, to such a row. */
  addWatch(counts: Float64Array, row: number, kind: number, objectClass: number): void {
    counts[row + cellOf(VERB.WATCH, kind)]++;
    counts[row + CPU_NS] += this.costs.watch;
    counts[row + FIRST_CLASS + objectClass]++;
  }

  /** Notes of the GET of a row, at an index of `counts`, that etcd answers it. */
  addQuorum(counts: Float64Array, row: number): void {
    counts[row + QUORUM]++;
  }

  /** Counts reads that are alike, at a time in the measured period: `increments` is what each of them adds to a row. */
  addReads(server: number, at: number, increments: Float64Array, reads: number): void {
    const row = (server * this.bins + Math.floor(at / this.binUs)) * this.columns;
    for (let column = 0; column < this.columns; column++) this.counts[row + column] += reads * increments[column];
    let requests = 0;
    for (let cell = 0; cell < WRITES; cell++) requests += reads * increments[cell];
    const second = Math.floor(at / SECOND_US);
    this.perSecond[server * this.seconds + second] += requests;
    this.cpuPerSecond[server * this.seconds + second] += reads * increments[CPU_NS];
    this.readsPerSecond[second] += requests;
  }

  /** Adds CPU nanoseconds of a server to the bin of a time. */
  addCpu(server: number, at: number, cpuNs: number): void {
    if (at < 0 || at >= this.durationUs) return;
    this.counts[(server * this.bins + Math.floor(at / this.binUs)) * this.columns + CPU_NS] += cpuNs;
    this.cpuPerSecond[server * this.seconds + Math.floor(at / SECOND_US)] += cpuNs;
  }

  /** Notes how many requests wait in flow control. */
  noteQueued(server: number, at: number, queued: number): void {
    this.noteMax(this.queuedMax, server, at, queued);
  }

  /** Notes how many seats of the kubelets' level are taken. */
  noteSeats(server: number, at: number, seats: number): void {
    this.noteMax(this.seatsMax, server, at, seats);
  }

  /** Counts a request that was answered 429. */
  rejected(server: number, at: number): void {
    if (at < 0 || at >= this.durationUs) return;
    this.rejections[server * this.bins + Math.floor(at / this.binUs)]++;
  }

  /** Counts that a request reached etcd. */
  quorumRead(server: number, at: number): void {
    if (at < 0 || at >= this.durationUs) return;
    this.counts[(server * this.bins + Math.floor(at / this.binUs)) * this.columns + QUORUM]++;
  }

  /** Counts an event sent to one watcher. */
  event(server: number, at: number, bytes: number, cpuNs: number): void {
    if (at < 0 || at >= this.durationUs) return;
    const row = (server * this.bins + Math.floor(at / this.binUs)) * this.columns;
    this.counts[row + EVENTS]++;
    this.counts[row + BYTES] += bytes;
    this.addCpu(server, at, cpuNs);
  }

  /** Adds the bytes and CPU of the bookmarks to the bins; returns the bookmarks per server and second. Once. */
  settleBookmarks(): Int32Array {
    const { seconds, counts, cpuPerSecond } = this;
    const perSecond = this.bookmarks.perSecond();
    for (let cell = 0; cell < perSecond.length; cell++) {
      const sent = perSecond[cell];
      if (sent === 0) continue;
      const server = Math.floor(cell / seconds);
      const second = cell - server * seconds;
      const row = (server * this.bins + Math.floor((second * SECOND_US) / this.binUs)) * this.columns;
      counts[row + BYTES] += sent * BOOKMARK_BYTES;
      counts[row + CPU_NS] += sent * this.costs.bookmark;
      cpuPerSecond[cell] += sent * this.costs.bookmark;
    }
    return perSecond;
  }

  /** What was counted where requests do not queue, to be added to another load. */
  part(): LoadPart {
    const { counts, perSecond, cpuPerSecond, readsPerSecond, watches } = this;
    const bookmarks = this.bookmarks.counts;
    return { counts, perSecond, cpuPerSecond, readsPerSecond, bookmarks, watches: watches.map((each) => each.part()) };
  }

  /** Adds what another load of the same shape has counted. */
  absorb(part: LoadPart): void {
    addAll(this.counts, part.counts);
    addAll(this.perSecond, part.perSecond);
    addAll(this.cpuPerSecond, part.cpuPerSecond);
    addAll(this.readsPerSecond, part.readsPerSecond);
    addAll(this.bookmarks.counts, part.bookmarks);
    this.watches.forEach((gauge, server) => {
      gauge.absorb(part.watches[server]);
    });
  }

  /** Sum over servers and bins of a verb and, where given, a kind of object. */
  total(verb: number, kind?: number): number {
    if (kind !== undefined) return this.columnTotal(cellOf(verb, kind));
    return OBJECT_KINDS.reduce((sum, _, each) => sum + this.columnTotal(cellOf(verb, each)), 0);
  }

  quorumReads(): number {
    return this.columnTotal(QUORUM);
  }

  events(): number {
    return this.columnTotal(EVENTS);
  }

  bytes(): number {
    return this.columnTotal(BYTES);
  }

  cpuNs(): number {
    return this.columnTotal(CPU_NS);
  }

  /** The count of one bin in a column. */
  count(server: number, bin: number, column: number): number {
    return this.counts[(server * this.bins + bin) * this.columns + column];
  }

  private noteMax(maxima: Uint32Array, server: number, at: number, value: number): void {
    if (at < 0 || at >= this.durationUs) return;
    const bin = server * this.bins + Math.floor(at / this.binUs);
    if (value > maxima[bin]) maxima[bin] = value;
  }

  private columnTotal(column: number): number {
    let sum = 0;
    for (let i = column; i < this.counts.length; i += this.columns) sum += this.counts[i];
    return sum;
  }
}

function addAll<Numbers extends Float64Array | Uint32Array | Int32Array>(to: Numbers, from: Numbers): void {
  for (let i = 0; i < to.length; i++) to[i] += from[i];
}
