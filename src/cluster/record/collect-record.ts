import { openWatches } from '../meters/watch-gauge.js';
import { MEMORY_COLUMN } from '../meters/load-columns.js';
import { readSeries, requestSeries } from '../meters/read-series.js';
import type { RunRecord } from '../model/run-record.js';
import { delayGroups, type Finished, measuredLoad, measuredMetrics, neverCounts, stampCommits } from './measure.js';
import { lonePodWarnings } from './lone-pod-warnings.js';
import { operatorMetrics } from './operator-metrics.js';
import { stampReport } from './record-stamp.js';
import { restartSeconds } from './restart-seconds.js';
import { rotationTimes } from './rotation-times.js';
import type { RunCore } from './run-core.js';
import type { RunTotals } from './run-totals.js';
import { noUpdateWarnings, runWarnings } from './run-warnings.js';
import { sampleTable } from './sample-table.js';
import type { ServerFigures } from './server-figures.js';
import { serverLoads, withMemory } from './server-loads.js';
import { withBounds } from './update-bounds.js';
import { UpdateReporter } from './update-records.js';

/** Reads the record off a run that is over; how it was computed is left out. Once, since what was only counted is settled. */
export function collectRecord(core: RunCore, totals: RunTotals, servers: ServerFigures): Omit<RunRecord, 'execution'> {
  const { input, fingerprint, caches, groups } = core;
  const finished = finishedRun(core, totals, servers);
  const { updates, bound, load, storms, traffic } = finished;
  const metrics = measuredMetrics(finished);
  const table = measuredLoad(finished);
  const samples = sampleTable(core);
  const report = {
    metrics,
    updates,
    delays: delayGroups(finished),
    never: neverCounts(updates),
    load: table,
    storms,
    reads: readSeries(input, load),
    requests: requestSeries(load),
    traffic,
  };
  stampCommits(finished, fingerprint);
  stampReport(report, fingerprint);
  return {
    ...report,
    load: withMemory(table, finished.serverLoads.memory),
    rotations: rotationTimes(updates, core.pipeline !== null),
    bound,
    ...(groups !== null && { groups: groups.groups() }),
    loadColumns: [...table.columns, MEMORY_COLUMN],
    samples,
    restarts: restartSeconds(input, load, caches, storms),
    sampled: samples !== null,
    fingerprint: fingerprint.toString(),
    warnings: [
      ...runWarnings(input, totals.longestWait, servers, metrics),
      ...noUpdateWarnings(core.etcd),
      ...lonePodWarnings(core.source.whole, updates),
    ],
  };
}

/** Settles what has only been counted so far. */
function finishedRun(core: RunCore, totals: RunTotals, servers: ServerFigures): Finished {
  const { input, source, etcd, accounts, load, caches, outcomes, pipeline, audiences } = core;
  const reporter = new UpdateReporter(etcd, accounts, outcomes, input.exceedancesUs, pipeline);
  const { updates, bound } = withBounds(reporter.records(), input, etcd, audiences);
  core.lives.settle();
  core.tally.settle();
  const bookmarks = load.settleBookmarks();
  return {
    input,
    source,
    etcd,
    accounts,
    load,
    watches: openWatches(load, input.durationUs, input.loadBinUs),
    serverLoads: serverLoads(input, load, caches, servers),
    updates,
    bound,
    bookmarks,
    totals,
    storms: servers.storms,
    traffic: servers.traffic,
    gone: servers.gone,
    tokenRequests: servers.tokenRequests,
    cachedEventBytes: servers.cachedEventBytes,
    kmsCalls: servers.kmsCalls,
    terminated: servers.terminated,
    operators: operatorMetrics(core, updates, servers.reloadedPods),
  };
}
