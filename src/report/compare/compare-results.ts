import { max } from 'd3-array';
import type { MetricName } from '../../cluster/model/run-record.js';
import { quoteVersion } from '../../experiment/language/quoting.js';
import { type BehaviourDifference, behaviourDifferences } from '../../releases/behaviour-differences.js';
import { releasesOf } from '../scenario-releases.js';
import { type ComparisonRow, comparisonRows } from './comparison-rows.js';
import { findSides, type Side } from './find-sides.js';
import { settingDifferences, type SettingDifference } from './setting-differences.js';

/** Two scenarios, compared. */
export interface Comparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** paired: replication by replication under the same chance; welch: as independent samples. */
  readonly method: 'paired' | 'welch';
  /** Replications that both have; those that are paired. */
  readonly common: number;
  readonly settings: readonly SettingDifference[];
  /** Behaviours that the releases of A and B set differently. */
  readonly behaviours: readonly BehaviourDifference[];
  /** Metrics with a value in both, in the order of runs.csv. */
  readonly rows: readonly ComparisonRow[];
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

export interface ComparedSide {
  readonly folder: string;
  readonly scenario: string;
  readonly replications: number;
  /** By when every pod has an update, as a closed form; null: there is none, or the result is older and does not tell. */
  readonly bound_s: number | null;
  /** The latest of its last pods; null: one was pending, or there was no update. */
  readonly worst_seen_s: number | null;
}

/**
 * Compares two scenarios of result folders, each named `DIR`, `DIR:SCENARIO` or `SCENARIO` (in the folder of the other).
 * Where replications have the same seeds, they met the same chance (common random numbers), and differences are taken
 * replication by replication; else the samples are independent, and Welch's interval is taken.
 * Throws an InputError where the arguments name no results.
 */
export async function compareResults(nameA: string, nameB: string): Promise<Comparison> {
  const [a, b] = await findSides(nameA, nameB);
  const seeds = new Map(a.scenario.runs.map(({ replication, seed }) => [replication, seed]));
  const common = b.scenario.runs.filter(({ replication }) => seeds.has(replication));
  const paired = common.length > 0 && common.every(({ replication, seed }) => seeds.get(replication) === seed);
  return {
    a: describe(a),
    b: describe(b),
    method: paired ? 'paired' : 'welch',
    common: common.length,
    settings: settingDifferences(a, b),
    behaviours: behaviourDifferences(
      releasesOf(a.result.spec, a.scenario.factors),
      releasesOf(b.result.spec, b.scenario.factors),
    ),
    rows: comparisonRows(a.scenario.runs, b.scenario.runs, paired),
    warnings: warningsOf(a, b, paired, common.length),
  };
}

function describe({ result, scenario }: Side): ComparedSide {
  const latest = (metric: MetricName): number | null => {
    const values = scenario.runs.map(({ metrics }) => metrics[metric]).filter((value) => value !== null);
    return values.length < scenario.runs.length ? null : (max(values) ?? null);
  };
  return {
    folder: result.folder,
    scenario: scenario.name,
    replications: scenario.runs.length,
    bound_s: latest('last_pod_bound_s'),
    worst_seen_s: latest('last_pod_max_s'),
  };
}

function warningsOf(a: Side, b: Side, paired: boolean, common: number): string[] {
  const [inA, inB] = [a.scenario.runs.length, b.scenario.runs.length];
  return [
    ...(paired ? [] : [`the seeds differ: replications are not paired, and intervals are Welch's, which are wider`]),
    ...(paired && (inA !== common || inB !== common)
      ? [`A has ${inA} replications and B ${inB}: the ${common} that both have are compared`]
      : []),
    ...[a, b].flatMap(({ result }, index) =>
      result.complete || (index === 1 && a.result === b.result)
        ? []
        : [`${result.folder} is not complete: some runs are missing`],
    ),
    ...(a.result.version === b.result.version
      ? []
      : [
          `the results are of different versions of secretsim: ${quoteVersion(a.result.version)} and ${quoteVersion(b.result.version)}`,
        ]),
    ...(Math.min(inA, inB) < 2 ? ['one replication gives no interval'] : []),
  ];
}
