import type { Behaviours } from '../model/versions.js';
import type { World } from '../world/world.js';
import type { ServerProcess } from './server-process.js';

/** Objects that a watch of etcd decodes at a time, in order (`etcd3/watcher.go` processEventConcurrency). */
const DECODE_WORKERS = 10;

/**
 * Of the work of filling a watch cache, the share that is decoding, and what EtcdRangeStream leaves of the rest: 6.11 s
 * became 3.69 s with ten decoders and 4.94 s with RangeStream (BenchmarkCacherInit, PR 139619). Both together come to
 * 0.41 by this, and to 0.45 ± 0.1 in the benchmark.
 */
const DECODE_SHARE = 0.44;
const RANGE_STREAM_FACTOR = 0.66;

/** The work of filling a watch cache: what runs on after another, and what runs beside it. */
export interface FillWork {
  readonly serial: number;
  /** Each of `others` runs on a core of its own, where there is one. */
  readonly beside: number;
  readonly others: number;
}

/** How many objects are decoded at a time. */
export function decodeWorkers(behaviours: Behaviours): number {
  return behaviours.concurrentDecode ? DECODE_WORKERS : 1;
}

/** The work of reading and decoding `objects`, each of which takes `perObject` and `decrypt` to decrypt, in their unit. */
export function fillWork(behaviours: Behaviours, objects: number, perObject: number, decrypt: number): FillWork {
  const others = decodeWorkers(behaviours) - 1;
  const beside = (objects * (perObject * DECODE_SHARE + decrypt)) / (others + 1);
  const streamed = behaviours.etcdRangeStream
    ? objects * perObject * (1 - DECODE_SHARE) * (1 - RANGE_STREAM_FACTOR)
    : 0;
  return { serial: objects * (perObject + decrypt) - streamed - others * beside, beside, others };
}

/**
 * When `count` jobs are done of which at most `workers` are under way, and whose results are taken in order: a worker
 * goes on when its result has been taken. `lasts` draws how long the next job takes.
 */
export function workersDoneAt(count: number, workers: number, lasts: () => number): number {
  const taken = new Float64Array(workers);
  let last = 0;
  for (let job = 0; job < count; job++) {
    last = Math.max(last, taken[job % workers] + lasts());
    taken[job % workers] = last;
  }
  return last;
}

/**
 * Up to when anything has been written: now, while a server takes in requests, for heartbeats and leases are among them;
 * else up to when the last one did, or to the last write of those that were under way then. So where all servers were
 * down, a list that fills a watch cache is of a version that clients may know (`watch_cache_history.go`
 * GetIntervalLocked: oldest = listResourceVersion + 1).
 */
export function newestVersion(processes: readonly ServerProcess[], { sim, etcd }: World): number {
  if (processes.some(({ takesIn }) => takesIn)) return sim.now;
  const lastWrite = etcd.revisions > 0 ? etcd.committedAt[etcd.revisions - 1] : -Infinity;
  return processes.reduce((newest, { tookInUntil }) => Math.max(newest, tookInUntil), lastWrite);
}
