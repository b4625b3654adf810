/**
 * What requests and watches cost an API server: measured on kube-apiserver 1.20.2 (3,000 requests each
 * in sequence, 1 KiB and 64 KiB Secrets; process accounting; the tables are in
 * experiments/validation/apiserver-costs.md). Absolute figures belong to that machine; `apiServer.cpuScale`
 * converts them. Between and beyond the two sizes the cost is linear in the size.
 */

/** CPU of a request in nanoseconds as a line through the two measured sizes. */
interface CostLine {
  readonly at1KiB: number;
  readonly at64KiB: number;
}

const GET_FROM_CACHE: CostLine = { at1KiB: 0.72e6, at64KiB: 1.14e6 };
const GET_QUORUM: CostLine = { at1KiB: 1.13e6, at64KiB: 1.87e6 };
const LIST: CostLine = { at1KiB: 0.54e6, at64KiB: 1.04e6 };
const WRITE: CostLine = { at1KiB: 3.24e6, at64KiB: 17.2e6 };
/** A WATCH at a set resourceVersion: about 1 ms per answered request in the measured storm; it sends no object. */
const WATCH: CostLine = { at1KiB: 1e6, at64KiB: 1e6 };
/** Event to one of 400 watchers of a 1 KiB Secret: 0.14 ms; the slope with size is an assumption (that of a cached GET). */
const EVENT: CostLine = { at1KiB: 0.14e6, at64KiB: 0.56e6 };

/** CPU of a bookmark, nanoseconds. */
export const BOOKMARK_CPU_NS = 0.03e6;
/** Bytes of a bookmark on the wire. */
export const BOOKMARK_BYTES = 68;
/** Resident memory per open watch, bytes: 98 KiB. */
export const WATCH_MEMORY_BYTES = 98 * 1024;
/** Memory of an object in the watch cache per byte of its size (kubernetes issues 102259, 142062: 5–7 ×, here 5.2). */
export const CACHED_OBJECT_MEMORY_RATIO = 5.2;
/** Metadata and framing of an object in a response or event, bytes (assumption: name, namespace, uid, managedFields). */
export const OBJECT_OVERHEAD_BYTES = 400;

function at(line: CostLine, bytes: number): number {
  const slope = (line.at64KiB - line.at1KiB) / (63 * 1024);
  return Math.round(line.at1KiB + slope * (bytes - 1024));
}

/** CPU in whole nanoseconds of a GET answered from the watch cache. */
export function getFromCacheCpuNs(bytes: number): number {
  return at(GET_FROM_CACHE, bytes);
}

/** CPU in whole nanoseconds of a GET answered from etcd. */
export function getQuorumCpuNs(bytes: number): number {
  return at(GET_QUORUM, bytes);
}

/** CPU in whole nanoseconds of a LIST of one object from the watch cache. */
export function listCpuNs(bytes: number): number {
  return at(LIST, bytes);
}

/** CPU in whole nanoseconds of opening a WATCH at a set resourceVersion. */
export function watchCpuNs(): number {
  return WATCH.at1KiB;
}

/** CPU in whole nanoseconds of a write. */
export function writeCpuNs(bytes: number): number {
  return at(WRITE, bytes);
}

/** CPU in whole nanoseconds of sending an event to one watcher. */
export function eventCpuNs(bytes: number): number {
  return at(EVENT, bytes);
}
