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
  // Assumption: a WATCH, an event, a bookmark, and what a GET from etcd costs more than one from the watch cache.
  watchList: { at1KiB: 1.58e6, at64KiB: 2e6 },
  // Derived from the storm's total: 15.4 s less 5,000 LISTs, 5,000 WATCHes and 5,000 connections, over 4,990 of them.
  watchGone: 1.04e6,
  // Not told apart: it is in what a WATCH costs.
  watchGrowth: 0,
  // To one of 400 watchers of a 1 KiB Secret; the slope with size is an assumption (that of a cached GET).
  event: { at1KiB: 0.14e6, at64KiB: 0.56e6 },
  // Assumption: two channel operations and a comparison of names.
  filteredEvent: 2e3,
  bookmark: 0.03e6,
  // Assumption: authentication and an answer without an object.
  rejected: 0.2e6,
  // Assumption: a request without an object, and an RSA signature.
  tokenRequest: 2e6,
  // Assumption: the handshake of TLS 1.3 alone, with P-256 certificates on both sides, as Go 1.26 does 3,000 in sequence.
  connection: 0.52e6,
  // Assumption: a lease renewal each 10 s and a node status each 5 min, each like a write of 1 KiB.
  nodeBackground: 0.335e6,
  // Assumption: AES of some KiB.
  decrypt: 10e3,
  // Assumption: decoding of 1 KiB.
  cacheFillPerObject: 20e3,
  // 98 KiB.
  watchMemoryBytes: 98 * 1024,
  // Not measured.
  busyShare: { fromMemory: 1, fromEtcd: 1, connection: 1 },
  // kubernetes issues 102259 and 142062: 5–7 ×, here 5.2.
  cachedObjectMemoryRatio: 5.2,
};

/**
 * kube-apiserver 1.34.4, by `npm run laboratory -- --release 1.34 --costs` on a machine of the same kind, and quiet: means
 * over 500, 2,000 and 8,000 Secrets, 2,000 requests each in sequence; of what has no size, over objects of 1, 16 and 64 KiB,
 * too. `busyShare`: the same with 64 requests in flight on 8 connections; then writes cost as much as alone, or more. What is
 * not given here is as at 1.20: there is no newer measurement.
 */
const COSTS_1_34: CostTable = {
  ...COSTS_1_20,
  getFromCache: { at1KiB: 0.39e6, at64KiB: 0.65e6 },
  getQuorum: { at1KiB: 0.64e6, at64KiB: 1.24e6 },
  list: { at1KiB: 0.4e6, at64KiB: 0.8e6 },
  write: { at1KiB: 1.49e6, at64KiB: 11e6 },
  watch: 0.45e6,
  // A WATCH with an initial state costs the same with 500 and with 8,000 Secrets.
  watchScanPerObject: 0,
  watchList: { at1KiB: 0.76e6, at64KiB: 1.21e6 },
  watchGone: 0.43e6,
  // A GET that flow control rejects.
  rejected: 0.28e6,
  // Opened and closed at once, as most of a client are that begins with many requests.
  connection: 0.68e6,
  // Of 20,000 WatchLists that stay, 16 at once, each took 0.6 ms, a fiftieth of a connection included; one that is closed again 0.41.
  watchGrowth: 0.19e6,
  // To 400 watchers of one Secret, less the write.
  event: { at1KiB: 0.04e6, at64KiB: 0.15e6 },
  // As at 1.20: leases and node status, each like a write of 1 KiB.
  nodeBackground: 0.154e6,
  busyShare: { fromMemory: 0.74, fromEtcd: 0.57, connection: 0.77 },
  // Heap in use and stacks, 20,000 watches against none; 38 of them are stacks.
  watchMemoryBytes: 74 * 1024,
};

/** kube-apiserver 1.37.2, measured and put together in the same way. */
const COSTS_1_37: CostTable = {
  ...COSTS_1_34,
  getFromCache: { at1KiB: 0.36e6, at64KiB: 0.53e6 },
  getQuorum: { at1KiB: 0.54e6, at64KiB: 1.01e6 },
  list: { at1KiB: 0.42e6, at64KiB: 0.63e6 },
  write: { at1KiB: 1.37e6, at64KiB: 10.4e6 },
  watch: 0.4e6,
  watchList: { at1KiB: 0.67e6, at64KiB: 1.39e6 },
  watchGone: 0.43e6,
  rejected: 0.26e6,
  connection: 0.62e6,
  // 0.69 ms, and 0.42.
  watchGrowth: 0.26e6,
  // As at 1.34: the watchers that were measured at 1.37 had streams that WatchList opened, which are compressed: 0.04 and 0.59 ms.
  event: COSTS_1_34.event,
  nodeBackground: 0.142e6,
  busyShare: { fromMemory: 0.76, fromEtcd: 0.63, connection: 0.74 },
  // 73, 77 and 89 KiB in three runs.
  watchMemoryBytes: 80 * 1024,
};

const STARTUP_1_20: ServerStartup = { listenUs: 100e3, waitUs: 900e3, serveCpuUs: 2600e3, readyCpuUs: 1400e3 };

/**
 * 1.34.4 and 1.37.2: CPU until “Serving securely” and after it, without clients. In three starts each it was 1.6 to 2.2 and
 * 0.4 to 0.5 s, for both releases, on a day on which the machine took 1.77 times as much CPU as for the other costs (for a
 * storm of 500 until 20 s after the kill 4.1 s, and 2.32: experiments/laboratory/starts, costs/1.37-start). It listens 30 to
 * 46 ms after its start: between the last WATCH that is refused and the first that is not (data/1.37-storm-*).
 */
const STARTUP_1_34: ServerStartup = { listenUs: 40e3, waitUs: 60e3, serveCpuUs: 1050e3, readyCpuUs: 270e3 };

/** The releases that were measured, oldest first. */
export const MEASURED_RELEASES: readonly MeasuredRelease[] = [
  {
    release: '1.20',
    costs: COSTS_1_20,
    startup: STARTUP_1_20,
    source: 'experiments/validation/apiserver-costs.md',
  },
  {
    release: '1.34',
    costs: COSTS_1_34,
    startup: STARTUP_1_34,
    source: 'experiments/laboratory/costs/1.34',
  },
  {
    release: '1.37',
    costs: COSTS_1_37,
    startup: STARTUP_1_34,
    source: 'experiments/laboratory/costs/1.37',
  },
];

/** What an API server of a release costs: that of the nearest release that was measured, of two the older (assumption). */
export function measuredFor(release: string): MeasuredRelease {
  const distance = (measured: MeasuredRelease): number => Math.abs(minorsBetween(measured.release, release));
  return MEASURED_RELEASES.reduce((nearest, each) => (distance(each) < distance(nearest) ? each : nearest));
}
