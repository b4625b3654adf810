import { max } from 'd3-array';
import type { Release } from '../cluster/model/versions.js';
import type { Strategy } from '../cluster/kubelet/secret-manager/strategies.js';
import { quantileR7 } from '../experiment/statistics/statistics.js';
import { coverage, experimentsOf, RIGHT } from './coverage.js';
import { modelOf } from './model.js';
import { type Case, caseOf } from './replications.js';
import type { ValidationTable } from './tables.js';

/** A strategy as a step of its releases has it, and the settings that its bound depends on. */
export interface BoundedStrategy {
  readonly strategy: Strategy;
  readonly release: Release;
  /** What is special about the step, in words. */
  readonly step: string;
  readonly syncFrequency: string;
  readonly nodeTTL: string;
  /** deployment: the ten pods that read one object are on ten nodes; node: all on one, and share what it keeps. */
  readonly scope: 'deployment' | 'node';
}

const step = (strategy: Strategy, release: Release, what: string, settings: Partial<BoundedStrategy> = {}) => ({
  strategy,
  release,
  step: what,
  syncFrequency: '1m',
  nodeTTL: '300s',
  scope: 'deployment' as const,
  ...settings,
});

/** Every step of a release that changes how long an update can take. */
export const BOUNDED: readonly BoundedStrategy[] = [
  step('Watch', '1.20', 'since 1.20'),
  step('Watch', '1.31', 'watches of 30 to 60 min'),
  step('Watch', '1.37', 'the same, shorter syncs', { syncFrequency: '10s' }),
  step('Cache', '1.20', 'kept for the TTL', { nodeTTL: '60s' }),
  step('Cache', '1.20', 'the same, shared by pods of a node', { nodeTTL: '60s', scope: 'node' }),
  step('Cache', '1.22', 'every sync drops what is kept', { scope: 'node' }),
  step('Cache', '1.29', 'kept for the TTL, small clusters', { nodeTTL: '0s', scope: 'node' }),
  step('Cache', '1.29', 'the same, 100 to 500 nodes', { nodeTTL: '15s', scope: 'node' }),
  step('Cache', '1.37', 'the same, above 2,000 nodes'),
  step('Get', '1.20', '5 requests a second'),
  step('Get', '1.27', '50 requests a second'),
];

/** Rotations of each step: 110 objects, 100 times in each of 10 replications. */
const OBJECTS = 110;
const TIMES = 100;
const REPLICATIONS = 10;
/** Pods that read one object; as many stand on each node. */
const PODS = 10;
/** From one rotation to the next, s: longer than any takes. */
const PERIOD_S = 500;
/** How far below the bound the worst of so many may lie for it to be no more than is needed, share. */
const SLACK = 0.02;

/** The quantile over rotations whose statements are held to what they say; rarer ones are in `quantiles`. */
const QUANTILE = 0.95;

/** What a replication tells. */
export interface Rotations {
  /** How long each rotation took, s: one of each object, time after time. */
  readonly lastPodS: Float64Array;
  readonly boundS: number | null;
}

/** The simulated rotations that are held to a bound. @param times rotations of each object in a replication */
export function boundCase(
  { strategy, release, syncFrequency, nodeTTL, scope }: BoundedStrategy,
  times = TIMES,
  replications = REPLICATIONS,
): Case<Rotations> {
  return caseOf(
    modelOf({
      cluster: {
        nodes: OBJECTS,
        podsPerNode: PODS,
        deploymentReplicas: PODS,
        kubernetesVersion: release,
        serviceAccountMaterial: 'none',
      },
      kubelet: { configMapAndSecretChangeDetectionStrategy: strategy, syncFrequency, nodeTTL },
      objects: [{ name: 'credential', kind: 'Secret', scope }],
      duration: `${times * PERIOD_S}s`,
      timeline: [{ every: `${PERIOD_S}s`, from: '0s', jitter: '60s', update: 'credential' }],
    }),
    replications,
    ['metrics', 'rotations'],
    ({ metrics, rotations }) => ({ lastPodS: rotations.kubeletS, boundS: metrics.last_pod_bound_s }),
  );
}

/**
 * The worst of the rotations of each step against its bound: never later, and not much sooner; and how often the
 * interval of the 95 % quantile that 110 rotations give holds the quantile of all.
 */
export function boundsTable(runs: readonly (readonly Rotations[])[], steps = BOUNDED): ValidationTable {
  const rows = steps.map(({ strategy, release, step: what, syncFrequency, nodeTTL, scope }, index) => {
    const all = Float64Array.from(runs[index].flatMap(({ lastPodS }) => [...lastPodS])).sort();
    const worst = all.at(-1) ?? NaN;
    const bound = max(runs[index], ({ boundS }) => boundS ?? 0) ?? 0;
    const experiments = runs[index].flatMap(({ lastPodS }) => experimentsOf(lastPodS, OBJECTS));
    const { right } = coverage(experiments, QUANTILE, quantileR7(all, QUANTILE) ?? NaN);
    const holds = worst <= bound && worst >= (1 - SLACK) * bound && right >= RIGHT[0] && right <= RIGHT[1];
    const settings = [strategy, release, what, syncFrequency, strategy === 'Cache' ? nodeTTL : '', scope];
    return [...settings, all.length, PODS, bound, worst, worst / bound, right, holds ? 'agrees' : 'misses'];
  });
  return {
    name: 'bounds',
    title: 'The last pod of simulated rotations against its bound',
    columns: [
      'strategy',
      'kubelet_release',
      'step',
      'sync_frequency',
      'node_ttl',
      'shared_within',
      'rotations',
      'pods_each',
      'bound_s',
      'worst_seen_s',
      'worst_of_bound_share',
      'p95_right_share',
      'verdict',
    ],
    rows: rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell))),
    misses: rows.filter((row) => row.at(-1) === 'misses').length,
  };
}
