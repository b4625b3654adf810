import type { Fingerprint } from '../sim/fingerprint.js';
import type { Etcd } from './etcd.js';
import type { Fabric } from './fabric.js';
import { GONE } from './kube-apiserver/requests.js';
import type { Kubelet } from './kubelet.js';
import type { Load } from './load.js';
import { delayGroups, type Finished, loadTable, metricsOf, neverCounts, sampleTable, stampCommits } from './measure.js';
import type { RunInput } from './model-input.js';
import type { NodeOperation } from './node-operation.js';
import { Pipeline } from './pipeline.js';
import type { Randomness } from './randomness.js';
import type { RateLimiter } from './rate-limiter.js';
import { readSeries, requestSeries } from './read-series.js';
import { stampReport } from './record-stamp.js';
import type { ReadTally } from './read-tally.js';
import { rotationTimes } from './rotation-times.js';
import type { RunRecord } from './run-record.js';
import { runWarnings } from './run-warnings.js';
import type { Topology } from './topology.js';
import type { UpdateLedger } from './update-ledger.js';
import { UpdateReporter } from './update-records.js';
import { openWatches } from './watch-gauge.js';
import { countWrites, type Writes } from './writes.js';

/** A run that is over, and what its parts have counted. */
export interface SimulatedRun {
  readonly input: RunInput;
  readonly topology: Topology;
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
  readonly fabric: Fabric | null;
  /** End of the simulation, µs. */
  readonly end: number;
}

/** Reads the record off a run; how it was computed is left out. Once, since what was only counted is settled. */
export function recordOf(run: SimulatedRun): Omit<RunRecord, 'execution'> {
  const { input, topology, fabric, limiter, fingerprint } = run;
  const pipeline = input.rotation?.pipeline ? new Pipeline(input.rotation.pipeline, topology, run.random) : null;
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
    warnings: runWarnings(input, limiter, fabric, metrics, storms),
  };
}

/** Settles what has only been counted so far. */
function finishedRun(run: SimulatedRun, pipeline: Pipeline | null): Finished {
  const { input, topology, etcd, ledger, load, kubelet, nodes, fabric, end } = run;
  if (fabric === null) countWrites(run.writes, topology, input, run.random, load);
  const isBlind = (entry: number): boolean => kubelet.isBlind(entry);
  const updates = new UpdateReporter(topology, etcd, ledger, { isBlind }, input.exceedancesUs, pipeline).records();
  run.tally.settle();
  const bookmarks = load.settleBookmarks();
  return {
    input,
    topology,
    etcd,
    ledger,
    load,
    watches: openWatches(load, input.durationUs, input.loadBinUs),
    updates,
    bookmarks,
    mountFailures: kubelet.reconciler.mountFailures,
    storms: fabric?.storms.records() ?? [],
    traffic: fabric?.traffic() ?? null,
    gone: fabric?.handling.answers[GONE] ?? 0,
    starts: kubelet.starts,
    tokenRequests: fabric?.tokens.requested ?? 0,
    cachedEventBytes: fabric?.dispatch.cachedEventBytes() ?? 0,
    kmsCalls: fabric?.encryption.calls ?? 0,
    terminated: fabric?.dispatch.terminated ?? 0,
    connections: nodes.connections,
    end,
  };
}
