import { MEMORY_COLUMN } from '../meters/load-columns.js';
import { readSeries, requestSeries } from '../meters/read-series.js';
import type { RunRecord } from '../model/run-record.js';
import type { FinishedRun } from './finished-run.js';
import { lonePodWarnings } from './lone-pod-warnings.js';
import { delayGroups, measuredLoad, measuredMetrics, neverCounts, stampCommits } from './measure.js';
import { stampReport } from './record-stamp.js';
import { restartSeconds } from './restart-seconds.js';
import { rotationTimes } from './rotation-times.js';
import { noUpdateWarnings, runWarnings } from './run-warnings.js';
import { withMemory } from './server-loads.js';

/** Reads the whole record off a run that is over; how it was computed is left out. Once, since it completes the fingerprint. */
export function collectRecord(run: FinishedRun): Omit<RunRecord, 'execution'> {
  const { core, servers, totals, samples } = run;
  const { input, load, fingerprint, caches, groups } = core;
  const { updates, bound } = run.bounded;
  const { storms, traffic } = servers;
  const metrics = measuredMetrics(run);
  const table = measuredLoad(run);
  const report = {
    metrics,
    updates,
    delays: delayGroups(core),
    never: neverCounts(updates),
    load: table,
    storms,
    reads: readSeries(input, load),
    requests: requestSeries(load),
    traffic,
  };
  stampCommits(core);
  stampReport(report, fingerprint);
  return {
    ...report,
    load: withMemory(table, run.serverLoads.memory),
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
