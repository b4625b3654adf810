import type { Kubelet } from '../kubelet/kubelet.js';
import { delayGroups, type Finished, measuredLoad, measuredMetrics, neverCounts, stampCommits } from './measure.js';
import type { NodeOperation } from '../kubelet/node-operation.js';
import { Pipeline } from './pipeline.js';
import { groupDelays } from './group-delays.js';
import { operatorMetrics } from './operator-metrics.js';
import { sampleTable } from './sample-table.js';
import { readSeries, requestSeries } from '../meters/read-series.js';
import type { ServerFigures } from './server-figures.js';
import { MEMORY_COLUMN, serverLoads, withMemory } from './server-loads.js';
import type { World } from '../world/world.js';
import { stampReport } from './record-stamp.js';
import { rotationTimes } from './rotation-times.js';
import { restartSeconds } from './restart-seconds.js';
import type { RunRecord } from '../model/run-record.js';
import { runWarnings } from './run-warnings.js';
import { withBounds } from './update-bounds.js';
import { UpdateReporter } from './update-records.js';
import { openWatches } from '../meters/watch-gauge.js';

/** A run that is over, and what its parts have counted. */
export interface SimulatedRun {
  readonly world: World;
  readonly kubelet: Kubelet;
  readonly nodes: NodeOperation;
  readonly servers: ServerFigures;
  /** End of the simulation, µs. */
  readonly end: number;
}

/** Reads the record off a run; how it was computed is left out. Once, since what was only counted is settled. */
export function collectRecord(run: SimulatedRun): Omit<RunRecord, 'execution'> {
  const { input, limiter, fingerprint } = run.world;
  const pipeline = input.rotation?.pipeline ? new Pipeline(input.rotation.pipeline, run.world) : null;
  const finished = finishedRun(run, pipeline);
  const { updates, bound, load, storms, traffic } = finished;
  const metrics = measuredMetrics(finished);
  const table = measuredLoad(finished);
  const samples = sampleTable(finished);
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
    rotations: rotationTimes(updates, pipeline !== null),
    bound,
    ...(input.groups && { groups: groupDelays(finished) }),
    loadColumns: [...table.columns, MEMORY_COLUMN],
    samples,
    restarts: restartSeconds(input, load, run.world.caches, storms),
    sampled: samples !== null,
    fingerprint: fingerprint.toString(),
    warnings: runWarnings(input, limiter, run.servers, metrics),
  };
}

/** Settles what has only been counted so far. */
function finishedRun(run: SimulatedRun, pipeline: Pipeline | null): Finished {
  const { world, kubelet, nodes, servers, end } = run;
  const { input, population, etcd, ledger, load } = world;
  const { manager } = kubelet.parts;
  const reporter = new UpdateReporter(population, etcd, ledger, manager, input.exceedancesUs, pipeline);
  const { updates, bound } = withBounds(reporter.records(), world);
  world.tally.settle();
  const bookmarks = load.settleBookmarks();
  return {
    input,
    population,
    etcd,
    ledger,
    load,
    watches: openWatches(load, input.durationUs, input.loadBinUs),
    serverLoads: serverLoads(input, load, world.caches, servers),
    updates,
    bound,
    bookmarks,
    mountFailures: kubelet.reconciler.mountFailures,
    storms: servers.storms,
    traffic: servers.traffic,
    gone: servers.gone,
    starts: kubelet.starts,
    tokenRequests: servers.tokenRequests,
    cachedEventBytes: servers.cachedEventBytes,
    kmsCalls: servers.kmsCalls,
    terminated: servers.terminated,
    connections: nodes.connections,
    operators: operatorMetrics(world, updates, servers.reloadedPods),
    end,
  };
}
