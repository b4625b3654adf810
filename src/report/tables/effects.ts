import { group, intersection, maxIndex, minIndex, rank } from 'd3-array';
import type { Metric, RunMetrics } from '../../cluster/model/run-record.js';
import { PAIR } from '../../experiment/language/joint-values.js';
import { parseDuration } from '../../experiment/language/values/durations.js';
import {
  levelMeans,
  meanRanks,
  rankCorrelation,
  varianceShare,
  varianceShareInterval,
  type Levels,
} from '../../experiment/statistics/variance-shares.js';
import type { ReadExperiment } from '../../experiment/language/experiment.js';
import { metricsOf } from '../../experiment/language/values/metrics.js';
import { parseQuantity } from '../../experiment/language/values/quantities.js';
import { cellsOf, integer, number, type RowOf, text } from '../columns.js';
import { confoundedWith } from '../confounding.js';
import { factorsOf, isSample, valueOf, type JointFactor } from '../factor-values.js';
import { metricUnit } from '../metric-columns.js';
import type { ScenarioSummary } from '../scenario-summary.js';
import type { ResultTable, Table } from './table.js';

/** `effects.csv` */
const EFFECTS_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  text('factor', 'the factor (paths that vary together are one)'),
  integer('levels', '', 'its values; of a sample of a range, its parts of equally many scenarios'),
  text('lowest_at', 'where the metric is lowest on average over the other factors'),
  number('lowest_mean', '', 'mean at lowest_at, in the unit of the metric'),
  text('highest_at', 'where the metric is highest on average over the other factors'),
  number('highest_mean', '', 'mean at highest_at, in the unit of the metric'),
  number('range', '', 'highest_mean - lowest_mean'),
  number(
    'variance_share',
    'share',
    'of the variance between scenarios that the factor alone explains (first-order index): correlation ratio, of samples corrected for their size; empty where the factor is confounded',
  ),
  number(
    'ci95_low',
    'share',
    'lower end of the 95 % interval of variance_share: jackknife over replications, of samples over scenarios',
  ),
  number('ci95_high', 'share', 'upper end of the 95 % interval of variance_share'),
  text(
    'confounded_with',
    'factors whose values do not meet those of this one in equal proportions, as where leaves out combinations: the means compare unequal others, and no share is its own; empty: none',
  ),
  number('rank_correlation', '', "Spearman's, of the factor's value and the metric; empty for words"),
] as const;

/** Bins of a factor of which a sample has many values, and the fewest scenarios in each. */
const BINS = 8;
const BIN_SCENARIOS = 4;

/** A factor's levels over the scenarios, with what they are called. */
interface NamedLevels {
  readonly factor: JointFactor;
  readonly levels: Levels;
  readonly names: readonly string[];
  /** The ranks of its values as numbers; null where they have none. */
  readonly ranks: readonly number[] | null;
}

/** How much a factor changes a metric. */
export type Effect = RowOf<typeof EFFECTS_COLUMNS> & {
  readonly metric: Metric;
  /** null where the factor is confounded. */
  readonly variance_share: number | null;
};

/**
 * The main effects of each factor on each metric that differs between scenarios. Means are over the replications
 * that all scenarios have. None where there is only one factor: `paired.csv` says all of it.
 * @param headlines the metrics to be told of; where factors are confounded, all are: which they are shows in any of them
 */
export function effectsOf(
  experiment: ReadExperiment,
  scenarios: readonly ScenarioSummary[],
  headlines?: readonly Metric[],
): readonly Effect[] {
  const sampled = isSample(experiment);
  const factors = factorsOf(experiment, scenarios)
    .map((factor) => levelsOf(factor, scenarios, sampled))
    .filter(({ levels }) => levels.count > 1);
  if (factors.length < 2 && !sampled) return [];
  const replications = commonReplications(scenarios);
  if (replications === null) return [];
  const confounders = confoundedWith(experiment, factors).map((others) => others.map(nameOf).join(', '));
  const told = confounders.every((others) => others === '') ? headlines : undefined;
  const metrics = metricsOf(experiment.spec).filter((metric) => told?.includes(metric) ?? true);
  return metrics.flatMap((metric) => {
    const values = valuesOfMetric(metric, replications);
    if (values === null) return [];
    const means = values.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length);
    const measured = { metric, values, means, ranks: meanRanks(means) };
    return factors.flatMap((factor, index) => {
      const own = effect(measured, factor, sampled);
      return own === null ? [] : [confounded(own, confounders[index])];
    });
  });
}

/** `effects.csv`: a row per metric and factor; null where there are none. */
export function effectsTable(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const effects = effectsOf(experiment, scenarios);
  if (effects.length === 0) return null;
  return { columns: EFFECTS_COLUMNS, rows: effects.map((row) => cellsOf(EFFECTS_COLUMNS, row)) };
}

/** An effect without what cannot be told where the factor is confounded with others. */
function confounded(effect: Effect, others: string): Effect {
  if (others === '') return effect;
  return { ...effect, variance_share: null, ci95_low: null, ci95_high: null, confounded_with: others };
}

function nameOf(factor: JointFactor): string {
  return factor.join(PAIR);
}

/** A metric by scenario: by replication, their means, and the ranks of these. */
interface MeasuredMetric {
  readonly metric: Metric;
  readonly values: readonly (readonly number[])[];
  readonly means: readonly number[];
  readonly ranks: readonly number[];
}

function effect(
  { metric, values, means, ranks }: MeasuredMetric,
  { factor, levels, names, ranks: factorRanks }: NamedLevels,
  sampled: boolean,
): Effect | null {
  const share = varianceShare(levels, means, sampled);
  if (share === null) return null;
  const { low, high } = varianceShareInterval(levels, values, sampled);
  const atLevels = levelMeans(levels, means);
  const [lowest, highest] = [minIndex(atLevels), maxIndex(atLevels)];
  return {
    metric,
    unit: metricUnit(metric),
    factor: nameOf(factor),
    levels: levels.count,
    lowest_at: names[lowest],
    lowest_mean: atLevels[lowest],
    highest_at: names[highest],
    highest_mean: atLevels[highest],
    range: atLevels[highest] - atLevels[lowest],
    variance_share: share,
    ci95_low: low,
    ci95_high: high,
    confounded_with: '',
    rank_correlation: factorRanks === null ? null : rankCorrelation(factorRanks, ranks),
  };
}

/** What each scenario measured in the replications that all have; null where there is none. */
function commonReplications(scenarios: readonly ScenarioSummary[]): readonly (readonly RunMetrics[])[] | null {
  const measured = scenarios.map(({ runs }) => new Map(runs.map((run) => [run.replication, run.record.metrics])));
  const [first = new Set<number>(), ...others] = measured.map((of) => new Set(of.keys()));
  const common = [...intersection(first, ...others)];
  if (common.length === 0) return null;
  return measured.map((of) => common.flatMap((replication) => of.get(replication) ?? []));
}

/** By scenario and replication; null where one has no value. */
function valuesOfMetric(
  metric: Metric,
  replications: readonly (readonly RunMetrics[])[],
): readonly (readonly number[])[] | null {
  const values = replications.map((runs) => runs.flatMap((metrics) => metrics[metric] ?? []));
  return values.every((each, scenario) => each.length === replications[scenario].length) ? values : null;
}

/** The values of a factor as levels; many numbers of a sample as bins of equally many scenarios. */
function levelsOf(factor: JointFactor, scenarios: readonly ScenarioSummary[], sampled: boolean): NamedLevels {
  const texts = scenarios.map((summary) => valueOf(factor, summary));
  const numbers = numbersOf(factor, scenarios);
  const ranks = numbers && meanRanks(numbers);
  const names = [...new Set(texts)];
  const bins = Math.min(BINS, Math.floor(scenarios.length / BIN_SCENARIOS));
  if (!sampled || numbers === null || names.length <= bins || bins < 2) {
    const indices = new Map(names.map((name, index) => [name, index]));
    return { factor, names, ranks, levels: { of: texts.map((text) => indices.get(text) ?? 0), count: names.length } };
  }
  const places = Array.from(rank(numbers));
  const of = places.map((place) => Math.floor((place * bins) / places.length));
  const used = [...new Set(of)].sort((a, b) => a - b);
  const binned = group(
    [...places.keys()].toSorted((a, b) => places[a] - places[b]),
    (index) => of[index],
  );
  const rangeNames = used.map((bin) => {
    const inside = binned.get(bin) ?? [];
    return `${texts[inside[0]]} to ${texts[inside[inside.length - 1]]}`;
  });
  return { factor, names: rangeNames, ranks, levels: { of: of.map((bin) => used.indexOf(bin)), count: used.length } };
}

/** A factor's values as numbers (microseconds of durations, bytes of sizes); null where some are words. */
function numbersOf([path]: JointFactor, scenarios: readonly ScenarioSummary[]): readonly number[] | null {
  const numbers = scenarios.map(({ scenario }) => {
    const value = scenario.factors[path];
    if (typeof value === 'number') return value;
    const duration = parseDuration(String(value));
    const size = parseQuantity(String(value));
    return duration.ok ? duration.value : size.ok ? size.value : NaN;
  });
  return numbers.some(Number.isNaN) ? null : numbers;
}

/** What `effects.csv` is. */
export const EFFECTS: ResultTable = {
  row: 'metric and factor',
  columns: EFFECTS_COLUMNS,
  key: ['metric', 'factor'],
  make: effectsTable,
};
