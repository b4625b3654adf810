import { max, mean, sum } from 'd3-array';
import { largestOf, sumOf } from '../../sim/totals.js';
import { SECOND_US } from '../../sim/units.js';
import { quantilesOf } from '../meters/delay-collector.js';
import { exceedances } from '../meters/exceedances.js';
import {
  BYTES,
  countedKinds,
  CPU_NS,
  EVENTS,
  requestColumns,
  SERVER_COLUMNS,
  toldColumns,
} from '../meters/load-columns.js';
import { VERB } from '../model/verbs.js';
import { CONSUMPTION_MODES } from '../model/kinds.js';
import { neverSeen } from '../model/never-seen.js';
import type { DelayGroup, LoadTable, NeverCounts, RunMetrics, Storm, UpdateRecord } from '../model/run-record.js';
import type { NodeSource } from '../population/node-source.js';
import type { FinishedRun } from './finished-run.js';
import { operatorMetrics } from './operator-metrics.js';
import type { RunCore } from './run-core.js';

const NANOSECONDS = 1e9;
/** Kind of effect in the fingerprint. */
const COMMITTED = 2;

/** The metric columns of `runs.csv`. */
export function measuredMetrics(run: FinishedRun): RunMetrics {
  const { totals, servers } = run;
  const { input, source, accounts, etcd, load } = run.core;
  const { updates, bound } = run.bounded;
  const seconds = input.durationUs / SECOND_US;
  const collectors = [...accounts.collectors.values()];
  const reached = sum(collectors.map((collector) => collector.count));
  const replaced = sum(updates.map((update) => update.replaced));
  const stage = (index: number): number | null =>
    reached === 0 ? null : sum(collectors.map((collector) => collector.sums[index])) / reached / SECOND_US;
  const delay = quantilesOf(collectors, [0.5, 0.9, 0.99, 0.999, 1]).map((value) => value / SECOND_US);
  const delayAt = (index: number): number | null => (reached === 0 ? null : delay[index]);
  const total = sum(collectors.flatMap((collector) => [0, 1, 2].map((index) => collector.sums[index])));
  const lastPods = updates.filter((update) => update.reached + update.pending > 0).map((update) => update.timeTo100S);
  const complete = lastPods.filter((last) => last !== null);
  const lastKnown = complete.length === lastPods.length && complete.length > 0;
  const writes = Array.from(etcd.updateRevision.subarray(0, etcd.updates), (r) => etcd.committedAt[r] - etcd.sentAt[r]);
  return {
    updates: etcd.updates,
    updates_rejected: etcd.rejected.immutable + etcd.rejected.absent,
    due: sum(updates.map(({ due }) => due)),
    projections: reached - replaced,
    replaced,
    never_projected: sum(updates.map(neverSeen)),
    pending_at_end: sum(updates.map(({ pending }) => pending)),
    gone: sum(updates.map(({ gone }) => gone)),
    delay_mean_s: reached === 0 ? null : total / reached / SECOND_US,
    delay_p50_s: delayAt(0),
    delay_p90_s: delayAt(1),
    delay_p99_s: delayAt(2),
    delay_p999_s: delayAt(3),
    delay_max_s: delayAt(4),
    write_mean_s: writes.length === 0 ? null : sum(writes) / writes.length / SECOND_US,
    cache_delay_mean_s: stage(0),
    sync_wait_mean_s: stage(1),
    refresh_mean_s: stage(2),
    last_pod_mean_s: lastKnown ? (mean(complete) ?? null) : null,
    last_pod_max_s: lastKnown ? (max(complete) ?? null) : null,
    last_pod_bound_s: bound?.seconds ?? null,
    stale_pod_seconds: accounts.staleUs / SECOND_US,
    started_stale: accounts.startedStale,
    ...loadMetrics(run),
    mount_failures: totals.mountFailures,
    apiserver_cpu_cores: ((load.cpuNs() / NANOSECONDS) * input.apiServer.cpuScale) / seconds,
    apiserver_memory_bytes: memoryBytes(run),
    ...secretExposure(source),
    kubelet_connections: totals.connections,
    requests_refused: servers.traffic?.refused ?? 0,
    requests_lost: servers.traffic?.lost ?? 0,
    gone_410: servers.gone,
    watches_terminated: servers.terminated,
    ...recovery(servers.storms),
    apiserver_utilization_max: utilizationMax(run.core),
    kms_calls: servers.kmsCalls,
    token_requests: servers.tokenRequests,
    pods_started: totals.started,
    pod_start_mean_s: totals.started === 0 ? null : totals.startUs / totals.started / SECOND_US,
    pod_start_max_s: totals.started === 0 ? null : totals.longestStart / SECOND_US,
    requests_in_flight_at_end: servers.traffic?.inFlight ?? 0,
    ...run.serverLoads.metrics,
    ...operatorMetrics(run.core, updates, servers.reloadedPods),
    ...exceedances(updates, input.exceedancesUs ?? [], totals.end),
  };
}

/** tmpfs that Secret volumes take per node, and how many nodes can read one Secret that is used at all. */
function secretExposure({
  facts,
  exposure,
}: NodeSource): Pick<RunMetrics, 'node_secret_bytes_mean' | 'nodes_per_secret_mean'> {
  const { volumeBytes, secrets, readers } = exposure;
  return {
    node_secret_bytes_mean: volumeBytes / facts.nodesAtStart,
    nodes_per_secret_mean: secrets === 0 ? null : readers / secrets,
  };
}

/** What reached and left the servers. */
function loadMetrics({ core, watches, bookmarks }: FinishedRun) {
  const { input, load } = core;
  const seconds = input.durationUs / SECOND_US;
  return {
    get_per_s: load.total(VERB.GET) / seconds,
    list_per_s: load.total(VERB.LIST) / seconds,
    watch_per_s: load.total(VERB.WATCH) / seconds,
    write_per_s: load.total(VERB.WRITE) / seconds,
    quorum_reads_per_s: load.quorumReads() / seconds,
    requests_max_per_s: largestOf(load.perSecond),
    watches_open_mean: watches.mean,
    watches_open_max: watches.max,
    watches_open_max_per_server: watches.maxPerServer,
    watch_events_per_s: load.events() / seconds,
    bookmarks_per_s: sumOf(bookmarks) / seconds,
    bytes_sent_per_s: load.bytes() / seconds,
    queued_max: largestOf(load.queuedMax),
    rejected_429: sumOf(load.rejections),
  };
}

/** How the watches came back that stopping servers lost: the worst stop counts. */
function recovery(
  storms: readonly Storm[],
): Pick<RunMetrics, 'watches_lost' | 'watch_recovery_p50_s' | 'watch_recovery_p90_s' | 'watch_recovery_max_s'> {
  const felt = storms.filter(({ watchesLost }) => watchesLost > 0);
  const worst = (time: (storm: Storm) => number | null): number | null => {
    const times = felt.map(time);
    return times.includes(null) ? null : (max(times.filter((each) => each !== null)) ?? null);
  };
  return {
    watches_lost: sum(felt, ({ watchesLost }) => watchesLost),
    watch_recovery_p50_s: worst(({ backAfter50S }) => backAfter50S),
    watch_recovery_p90_s: worst(({ backAfter90S }) => backAfter90S),
    watch_recovery_max_s: worst(({ backAfter100S }) => backAfter100S),
  };
}

/** CPU of the busiest server and bin as a share of its cores; null where these are unlimited. */
function utilizationMax({ load, input }: RunCore): number | null {
  const { capacity, cpuScale } = input.apiServer;
  if (capacity === 'unlimited') return null;
  let most = 0;
  for (let server = 0; server < load.servers; server++) {
    for (let bin = 0; bin < load.bins; bin++) {
      const us = Math.min(input.loadBinUs, input.durationUs - bin * input.loadBinUs);
      most = Math.max(most, (load.count(server, bin, CPU_NS) * cpuScale) / (us * 1e3 * capacity));
    }
  }
  return most;
}

/** Watches, and the objects and events in the watch cache of each server. */
function memoryBytes({ core, watches, servers }: FinishedRun): number {
  const { source, input } = core;
  const objects = source.facts.objectBytes;
  const { watchMemoryBytes, cachedObjectMemoryRatio } = input.apiServer.costs;
  return (
    watches.max * watchMemoryBytes + (objects * input.apiServers + servers.cachedEventBytes) * cachedObjectMemoryRatio
  );
}

/** Consumers that cannot see updates, over all updates. */
export function neverCounts(updates: readonly UpdateRecord[]): NeverCounts {
  const lone = sum(updates, ({ neverLone = 0 }) => neverLone);
  return {
    subPath: sum(updates, (update) => update.neverSubPath),
    env: sum(updates, (update) => update.neverEnv),
    immutable: sum(updates, (update) => update.neverImmutable),
    deleted: sum(updates, (update) => update.neverDeleted),
    ...(lone > 0 && { lone }),
  };
}

/** The delays by class and mode, in the order of the classes. */
export function delayGroups({ accounts, source }: RunCore): DelayGroup[] {
  const { classNames } = source.objects;
  return [...accounts.collectors.entries()]
    .sort(([a], [b]) => a - b)
    .map(([key, collector]) =>
      collector.group(
        classNames[Math.floor(key / CONSUMPTION_MODES.length)],
        CONSUMPTION_MODES[key % CONSUMPTION_MODES.length],
      ),
    );
}

/** The rows of `load.csv`. Seats are empty where there is no flow control. */
export function measuredLoad({ core, watches, bookmarks }: FinishedRun): LoadTable {
  const { load, source, input } = core;
  const kinds = countedKinds(input);
  const columns = [...requestColumns(source.objects.classNames, kinds), ...SERVER_COLUMNS];
  const requests = toldColumns(load.columns, kinds);
  const values = new Float64Array(load.servers * load.bins * columns.length);
  let next = 0;
  const secondsPerBin = input.loadBinUs / SECOND_US;
  for (let server = 0; server < load.servers; server++) {
    for (let bin = 0; bin < load.bins; bin++) {
      const from = server * load.seconds + Math.ceil(bin * secondsPerBin);
      const to = server * load.seconds + Math.min(load.seconds, Math.ceil((bin + 1) * secondsPerBin));
      let sent = 0;
      for (let second = from; second < to; second++) sent += bookmarks[second];
      const cell = server * load.bins + bin;
      const seats = input.apiServer.capacity === 'unlimited' ? NaN : load.seatsMax[cell];
      for (const column of requests) values[next++] = load.count(server, bin, column);
      values[next++] = watches.binMeans[cell];
      values[next++] = load.count(server, bin, EVENTS);
      values[next++] = sent;
      values[next++] = load.count(server, bin, BYTES);
      values[next++] = seats;
      values[next++] = load.queuedMax[cell];
      values[next++] = load.rejections[cell];
      values[next++] = (load.count(server, bin, CPU_NS) / NANOSECONDS) * input.apiServer.cpuScale;
    }
  }
  return { columns, bins: load.bins, binS: secondsPerBin, servers: load.servers, values };
}

/** Adds the commits to the fingerprint. */
export function stampCommits({ etcd, fingerprint }: RunCore): void {
  for (let revision = 0; revision < etcd.revisions; revision++) {
    const object = etcd.object[revision];
    const number = etcd.stored.objectNumber?.[object] ?? object;
    fingerprint.add(etcd.committedAt[revision], COMMITTED, number, revision);
  }
}
