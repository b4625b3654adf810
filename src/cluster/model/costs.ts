/**
 * What requests and watches cost an API server: measured on kube-apiserver 1.20.2 (3,000 requests each
 * in sequence, 1 KiB and 64 KiB Secrets; process accounting; the tables are in
 * experiments/validation/apiserver-costs.md). Absolute figures belong to that machine; `apiServer.cpuScale`
 * converts them. Between and beyond the two sizes the cost is linear in the size, and never less than nothing.
 */

/** CPU of a request in nanoseconds as a line through the two measured sizes. */
export interface CostLine {
  readonly at1KiB: number;
  readonly at64KiB: number;
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
  /** A WATCH that is answered 410 Gone. */
  readonly watchGone: number;
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
  /** Resident memory per open watch, bytes. */
  readonly watchMemoryBytes: number;
  /** Memory of an object in the watch cache per byte of its size. */
  readonly cachedObjectMemoryRatio: number;
}

/** The measured costs. */
export const MEASURED_COSTS: CostTable = {
  getFromCache: { at1KiB: 0.72e6, at64KiB: 1.14e6 },
  getQuorum: { at1KiB: 1.13e6, at64KiB: 1.87e6 },
  list: { at1KiB: 0.54e6, at64KiB: 1.04e6 },
  write: { at1KiB: 3.24e6, at64KiB: 17.2e6 },
  // About 1 ms per answered request in the measured storm.
  watch: 1e6,
  // 5.07 ms with 2,000 Secrets, against 1 ms at a set resourceVersion.
  watchScanPerObject: 2035,
  // Derived from the storm's total: 15.4 s less 5,000 LISTs, 5,000 WATCHes and 5,000 connections, over 4,990 of them.
  watchGone: 1.04e6,
  // To one of 400 watchers of a 1 KiB Secret; the slope with size is an assumption (that of a cached GET).
  event: { at1KiB: 0.14e6, at64KiB: 0.56e6 },
  // Assumption: two channel operations and a comparison of names.
  filteredEvent: 2e3,
  bookmark: 0.03e6,
  // Assumption: authentication and an answer without an object.
  rejected: 0.2e6,
  // Assumption: a request without an object, and an RSA signature.
  tokenRequest: 2e6,
  // TLS 1.3 with P-256 certificates on both sides, 3,000 in sequence (Go 1.26); 1.47 ms where they are of RSA-2048.
  connection: 0.52e6,
  // Assumption: a lease renewal each 10 s and a node status each 5 min, each like a write of 1 KiB.
  nodeBackground: 0.335e6,
  // Assumption: AES of some KiB.
  decrypt: 10e3,
  // Assumption: decoding of 1 KiB.
  cacheFillPerObject: 20e3,
  // 98 KiB.
  watchMemoryBytes: 98 * 1024,
  // kubernetes issues 102259 and 142062: 5–7 ×, here 5.2.
  cachedObjectMemoryRatio: 5.2,
};

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

/** CPU in whole nanoseconds of a WATCH that streams such an initial state. */
export function watchListNs({ watch, event, bookmark }: CostTable, bytes: number): number {
  return watch + cpuNs(event, bytes) + bookmark;
}
