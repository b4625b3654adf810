import { fsum } from 'd3-array';
import { placesConfidence } from '../experiment/statistics/shares.js';
import { quantileR7 } from '../experiment/statistics/statistics.js';
import { coverage, experimentsOf, RIGHT } from './coverage.js';
import { modelOf } from './model.js';
import { type Case, caseOf } from './replications.js';
import type { ValidationTable } from './tables.js';

/** What is simulated: syncs are short, since how long they are does not matter to the statistics. */
const STRATEGY = 'Watch';
const RELEASE = '1.37';
const SYNC_FREQUENCY = '10s';
/** Rotations of a replication: one pod on each node has an object of its own, which is rotated so many times. */
const NODES = 30;
const TIMES = 30;
/** From one rotation to the next, s: some syncs of the pod, which forgets when the last rotation was. */
const PERIOD_S = 60;
/** Replications are independent of each other: so many are an experiment. */
const REPLICATIONS = 10;
const EXPERIMENTS = 1000;

/**
 * Rotations of an experiment: nine are expected beyond the rarest quantile. As places are whole, what they promise of it
 * goes up and down with the number: 95.7 % here, 97.5 % of 10,000 rotations.
 */
const EACH = REPLICATIONS * NODES * TIMES;
/** The quantiles that are told, share of the rotations. */
const SHARES = [0.95, 0.99, 0.999];
/** How many standard errors what was seen may be away from what the order statistics promise: 0.3 % of right ones are. */
const ERRORS = 3;

/** Simulated rotations of single pods. @returns how long each took, s */
export function quantilesCase(replications = EXPERIMENTS * REPLICATIONS): Case<Float64Array> {
  return caseOf(
    modelOf({
      cluster: {
        nodes: NODES,
        podsPerNode: 1,
        deploymentReplicas: 1,
        kubernetesVersion: RELEASE,
        serviceAccountMaterial: 'none',
      },
      kubelet: { configMapAndSecretChangeDetectionStrategy: STRATEGY, syncFrequency: SYNC_FREQUENCY },
      objects: [{ name: 'credential', kind: 'Secret', scope: 'pod' }],
      duration: `${TIMES * PERIOD_S}s`,
      timeline: [{ every: `${PERIOD_S}s`, from: '0s', jitter: SYNC_FREQUENCY, update: 'credential' }],
    }),
    replications,
    ['rotations'],
    ({ rotations }) => rotations.kubeletS,
  );
}

/**
 * How often the interval that an experiment tells of a quantile holds the quantile of the rotations of all, beside how
 * often the order statistics promise that it does. That the true quantile is taken from n experiments adds 1/n to the
 * variance of what each has beyond it, which is neglected.
 * @param runs how long the rotations of each replication took, s
 * @param each rotations of an experiment
 */
export function quantilesTable(
  runs: readonly Float64Array[],
  { each = EACH, shares = SHARES }: { readonly each?: number; readonly shares?: readonly number[] } = {},
): ValidationTable {
  const all = joined(runs);
  const experiments = experimentsOf(all, each);
  const sorted = all.slice().sort();
  const rows = shares.map((share) => {
    const truth = quantileR7(sorted, share) ?? NaN;
    const { right, tooShort, tooLong } = coverage(experiments, share, truth);
    const promised = placesConfidence(each, share);
    const tolerance = ERRORS * Math.sqrt((promised * (1 - promised)) / experiments.length);
    const holds = right >= RIGHT[0] && right <= RIGHT[1] && Math.abs(right - promised) <= tolerance;
    const settings = [STRATEGY, RELEASE, SYNC_FREQUENCY, share, experiments.length, each, each * (1 - share)];
    return [...settings, truth, promised, tolerance, right, tooShort, tooLong, holds ? 'agrees' : 'misses'];
  });
  return {
    name: 'quantiles',
    title: 'Intervals of quantiles over independent experiments',
    columns: [
      'strategy',
      'kubelet_release',
      'sync_frequency',
      'quantile_share',
      'experiments',
      'rotations_each',
      'expected_beyond_each',
      'true_quantile_s',
      'promised_right_share',
      'tolerance_share',
      'right_share',
      'too_short_share',
      'too_long_share',
      'verdict',
    ],
    rows: rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell))),
    misses: rows.filter((row) => row.at(-1) === 'misses').length,
  };
}

/** The times of all runs, one after another. */
function joined(runs: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(fsum(runs, ({ length }) => length));
  let place = 0;
  for (const times of runs) {
    all.set(times, place);
    place += times.length;
  }
  return all;
}
