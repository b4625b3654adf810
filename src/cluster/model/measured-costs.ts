import type { CostTable } from './costs.js';
import type { ServerStartup } from './model-input.js';
import { minorsBetween } from './releases.js';

/** What an API server of a release was measured to cost. */
export interface MeasuredRelease {
  readonly release: string;
  readonly costs: CostTable;
  readonly startup: ServerStartup;
  /** Where the measurement is told of. */
  readonly source: string;
}

/** kube-apiserver 1.20.2: 3,000 requests each in sequence, Secrets of 1 and 64 KiB; process accounting. */
const COSTS_1_20: CostTable = {
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
  // Assumption: the handshake of TLS 1.3 alone, with P-256 certificates on both sides, as Go 1.26 does 3,000 in sequence. A
  // whole connection of 1.37, HTTP/2 and what its goroutines wake included, one at a time: 1.2 ms (costs/1.37).
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

/**
 * kube-apiserver 1.37.2 on the same kind of machine, by `npm run laboratory -- --release 1.37 --costs`: means over 500,
 * 2,000 and 8,000 Secrets, 2,000 requests each in sequence; of 64 KiB, quorum GETs and writes are means over the first two
 * (over all: 1.51 and 12.4 ms). What is not given here is as at 1.20: there is no newer measurement.
 */
const COSTS_1_37: CostTable = {
  ...COSTS_1_20,
  getFromCache: { at1KiB: 0.47e6, at64KiB: 0.67e6 },
  getQuorum: { at1KiB: 0.78e6, at64KiB: 1.6e6 },
  list: { at1KiB: 0.5e6, at64KiB: 0.81e6 },
  write: { at1KiB: 2.58e6, at64KiB: 12.5e6 },
  watch: 0.47e6,
  // A WATCH with an initial state costs the same with 500 and with 8,000 Secrets.
  watchScanPerObject: 0,
  // Assumption: as WATCH. Storms of 2,500 and 5,000 reflectors took 1.36 and 1.54 ms for each, which, less a connection, a
  // WatchList and 0.06 and 0.36 × 429, leaves 0.26 and 0.41.
  watchGone: 0.47e6,
  // Assumption: half of what it is at 1.20, as for other requests without an object.
  rejected: 0.1e6,
  // To 400 watchers of one Secret.
  event: { at1KiB: 0.05e6, at64KiB: 0.59e6 },
  // What the server takes with 20,000 watches more than with 10,000, over the bookmarks.
  bookmark: 0.05e6,
  // As at 1.20: leases and node status, each like a write of 1 KiB.
  nodeBackground: 0.267e6,
  // From 5,000 to 20,000 open watches: 82 KiB each, of which 36 are stacks.
  watchMemoryBytes: 82 * 1024,
};

const STARTUP_1_20: ServerStartup = { listenUs: 100e3, waitUs: 900e3, serveCpuUs: 2600e3, readyCpuUs: 1400e3 };

/** The releases that were measured, oldest first. */
export const MEASURED_RELEASES: readonly MeasuredRelease[] = [
  {
    release: '1.20',
    costs: COSTS_1_20,
    startup: STARTUP_1_20,
    source: 'experiments/validation/apiserver-costs.md',
  },
  {
    release: '1.37',
    costs: COSTS_1_37,
    // 1.4 s from the start to the first answer, with 1.25 s of CPU; ready a second later, most of which is waited
    // (experiments/laboratory/costs/1.37-start: a storm of 500 reflectors). It listens 30 to 46 ms after its start: between
    // the last WATCH that is refused and the first that is not (experiments/laboratory/data/1.37-storm-*).
    startup: { listenUs: 40e3, waitUs: 160e3, serveCpuUs: 1200e3, readyCpuUs: 100e3 },
    source: 'experiments/laboratory/costs/1.37',
  },
];

/** What an API server of a release costs: that of the nearest release that was measured, of two the older (assumption). */
export function measuredFor(release: string): MeasuredRelease {
  const distance = (measured: MeasuredRelease): number => Math.abs(minorsBetween(measured.release, release));
  return MEASURED_RELEASES.reduce((nearest, each) => (distance(each) < distance(nearest) ? each : nearest));
}
