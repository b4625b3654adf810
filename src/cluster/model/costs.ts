/**
 * What requests and watches cost an API server (the measured tables are in `measured-costs.ts`). Absolute figures belong
 * to the machine that they were measured on; `apiServer.cpuScale` converts them. Between and beyond the two sizes the
 * cost is linear in the size, and never less than nothing.
 */

/** CPU of a request in nanoseconds as a line through the two measured sizes. */
export interface CostLine {
  readonly at1KiB: number;
  readonly at64KiB: number;
}

/**
 * What something costs that finds no core of its server idle, of what it costs alone: nothing has to be woken for it, and
 * what goroutines write to one connection goes out at once.
 */
export interface BusyShares {
  /** Requests answered from the watch cache, or refused. */
  readonly fromMemory: number;
  /** Reads that etcd answers, or is asked about. */
  readonly fromEtcd: number;
  /** New TLS connections. */
  readonly connection: number;
}

/** What requests, watches and objects cost a server; CPU in nanoseconds on the machine of the table. */
export interface CostTable {
  readonly getFromCache: CostLine;
  readonly getQuorum: CostLine;
  readonly list: CostLine;
  readonly write: CostLine;
  /** A WATCH at a set resourceVersion; it sends no object. */
  readonly watch: number;
  /** Per object of the resource, where a WATCH with initial events scans all of them. */
  readonly watchScanPerObject: number;
  /** A WATCH that streams the initial state of one object first, up to which it asks etcd. */
  readonly watchList: CostLine;
  /** A WATCH that is answered 410 Gone. */
  readonly watchGone: number;
  /** What opening a watch costs more that is beyond the most its process has had open: its stacks and its heap are new. */
  readonly watchGrowth: number;
  /** An event to one watcher. */
  readonly event: CostLine;
  /** An event to the watcher of a namesake in another namespace, who filters it out. */
  readonly filteredEvent: number;
  readonly bookmark: number;
  /** A request that is answered 429. */
  readonly rejected: number;
  /** A TokenRequest. */
  readonly tokenRequest: number;
  /** A new TLS connection. */
  readonly connection: number;
  /** Background traffic of one node: leases, node status and the like, CPU nanoseconds per second. */
  readonly nodeBackground: number;
  /** Decryption of an object by a local provider, or with a key at hand. */
  readonly decrypt: number;
  /** Reading an object into the watch cache when a server starts. */
  readonly cacheFillPerObject: number;
  readonly busyShare: BusyShares;
  /** Resident memory per open watch, bytes. */
  readonly watchMemoryBytes: number;
  /** Memory of an object in the watch cache per byte of its size. */
  readonly cachedObjectMemoryRatio: number;
}

/** Bytes of a bookmark on the wire. */
export const BOOKMARK_BYTES = 68;
/** The annotation `k8s.io/initial-events-end: "true"` of the bookmark that ends an initial state, computed from the protobuf encoding, bytes. */
const INITIAL_EVENTS_END_BYTES = 35;
/** Metadata and framing of an object in a response or event, bytes (assumption: name, namespace, uid, managedFields). */
export const OBJECT_OVERHEAD_BYTES = 400;

/** CPU in whole nanoseconds of a request or event with an object of `bytes`. */
export function cpuNs(line: CostLine, bytes: number): number {
  const slope = (line.at64KiB - line.at1KiB) / (63 * 1024);
  return Math.max(0, Math.round(line.at1KiB + slope * (bytes - 1024)));
}

/**
 * Bytes of the initial state that a WATCH streams with `sendInitialEvents`: an ADDED event with the object, of `bytes`
 * with its metadata, then a bookmark with an annotation (`cache_watcher.go` convertToWatchEvent). That both are framed
 * as the events of any other watch is an assumption.
 */
export function initialStateBytes(bytes: number): number {
  return bytes + BOOKMARK_BYTES + INITIAL_EVENTS_END_BYTES;
}

/**
 * CPU in whole nanoseconds of a WATCH that streams such an initial state. `asksEtcd`: the server first asks etcd how far it
 * is, which costs what a GET from etcd costs more than one from the watch cache.
 */
export function watchListNs(
  { watchList, getQuorum, getFromCache }: CostTable,
  bytes: number,
  asksEtcd: boolean,
): number {
  const asking = Math.max(0, getQuorum.at1KiB - getFromCache.at1KiB);
  return Math.max(0, cpuNs(watchList, bytes) - (asksEtcd ? 0 : asking));
}
