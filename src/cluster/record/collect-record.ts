import type { Fingerprint } from '../../sim/fingerprint.js';
import type { Etcd } from '../etcd/etcd.js';
import type { ControlPlane } from '../run/control-plane.js';
import { GONE } from '../kube-apiserver/requests.js';
import type { Kubelet } from '../kubelet/kubelet.js';
import type { Load } from '../meters/load.js';
import { delayGroups, type Finished, loadTable, metricsOf, neverCounts, sampleTable, stampCommits } from './measure.js';
import type { RunInput } from '../model/model-input.js';
import type { NodeOperation } from '../kubelet/node-operation.js';
import { Pipeline } from './pipeline.js';
import type { Randomness } from '../model/randomness.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import { readSeries, requestSeries } from '../meters/read-series.js';
import { stampReport } from './record-stamp.js';
import type { ReadTally } from '../meters/read-tally.js';
import { rotationTimes } from './rotation-times.js';
import type { RunRecord } from '../model/run-record.js';
import { runWarnings } from './run-warnings.js';
import type { Population } from '../population/population.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import { UpdateReporter } from './update-records.js';
import { openWatches } from '../meters/watch-gauge.js';
import { countWrites, type Writes } from '../workload/writes.js';

/** A run that is over, and what its parts have counted. */
export interface SimulatedRun {
  readonly input: RunInput;
  readonly population: Population;
  readonly random: Randomness;
  readonly writes: Writes;
  readonly etcd: Etcd;
  readonly load: Load;
  readonly tally: ReadTally;
  readonly ledger: UpdateLedger;
  readonly kubelet: Kubelet;
  readonly nodes: NodeOperation;
  readonly limiter: RateLimiter;
  readonly fingerprint: Fingerprint;
  /** null where kubelets do not meet. */
  readonly controlPlane: ControlPlane | null;
  /** End of the simulation, µs. */
  readonly end: number;
}

/** Reads the record off a run; how it was computed is left out. Once, since what was only counted is settled. */
export function collectRecord(run: SimulatedRun): Omit<RunRecord, 'execution'> {
  const { input, population, controlPlane, limiter, fingerprint } = run;
  const pipeline = input.rotation?.pipeline ? new Pipeline(input.rotation.pipeline, population, run.random) : null;
  const finished = finishedRun(run, pipeline);
  const { updates, load, storms, traffic } = finished;
  const metrics = metricsOf(finished);
  const table = loadTable(finished);
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
    ...(input.rotation && { rotations: rotationTimes(updates, pipeline !== null) }),
    loadColumns: table.columns,
    samples,
    sampled: samples !== null,
    fingerprint: fingerprint.toString(),
    warnings: runWarnings(input, limiter, controlPlane, metrics, storms),
  };
}

/** Settles what has only been counted so far. */
function finishedRun(run: SimulatedRun, pipeline: Pipeline | null): Finished {
  const { input, population, etcd, ledger, load, kubelet, nodes, controlPlane, end } = run;
  if (controlPlane === null) countWrites(run.writes, population, input, run.random, load);
  const readsOnce = (entry: number): boolean => kubelet.readsOnce(entry);
  const updates = new UpdateReporter(population, etcd, ledger, { readsOnce }, input.exceedancesUs, pipeline).records();
  run.tally.settle();
  const bookmarks = load.settleBookmarks();
  return {
    input,
    population,
    etcd,
    ledger,
    load,
    watches: openWatches(load, input.durationUs, input.loadBinUs),
    updates,
    bookmarks,
    mountFailures: kubelet.reconciler.mountFailures,
    storms: controlPlane?.storms.records() ?? [],
    traffic: controlPlane?.traffic() ?? null,
    gone: controlPlane?.handling.answers[GONE] ?? 0,
    starts: kubelet.starts,
    tokenRequests: controlPlane?.tokens.requested ?? 0,
    cachedEventBytes: controlPlane?.dispatch.cachedEventBytes() ?? 0,
    kmsCalls: controlPlane?.encryption.calls ?? 0,
    terminated: controlPlane?.dispatch.terminated ?? 0,
    connections: nodes.connections,
    end,
  };
}
