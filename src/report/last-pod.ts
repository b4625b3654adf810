import { fsum } from 'd3-array';
import { lastPodTimes } from '../cluster/rotation-times.js';
import type { Experiment } from '../experiment/experiment.js';
import { quantilePlaces, type Interval } from '../experiment/shares.js';
import { quantileR7, tQuantile } from '../experiment/statistics.js';
import { cellsOf, LAST_POD_COLUMNS, SCENARIO_COLUMNS, type RowOf } from './columns.js';
import type { Cell } from './csv.js';
import { factorColumns, scenarioCells } from './scenario-cells.js';
import type { ScenarioSummary } from './scenario-summary.js';
import type { Table } from './tables.js';

/**
 * `last_pod.csv`: within what time 90 %, 99 %, … of the updates have reached their last pod, for the quantiles of
 * `output.lastPodQuantiles`. null where none were asked for.
 */
export function lastPodTable(experiment: Experiment, scenarios: readonly ScenarioSummary[]): Table | null {
  const { lastPodQuantiles } = experiment.spec.output;
  if (lastPodQuantiles === undefined) return null;
  return {
    name: 'last_pod',
    columns: [...SCENARIO_COLUMNS, ...factorColumns(experiment), ...LAST_POD_COLUMNS],
    rows: rowsOf(experiment, scenarios, lastPodQuantiles),
  };
}

function* rowsOf(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  quantiles: readonly number[],
): Generator<readonly Cell[]> {
  for (const { scenario, runs } of scenarios) {
    const sections = runs
      .map((run) => lastPodTimes(run.readTables().updates).sort())
      .filter((times) => times.length > 0);
    if (sections.length === 0) continue;
    for (const quantile of quantiles) {
      yield [...scenarioCells(experiment, scenario), ...cellsOf(LAST_POD_COLUMNS, lastPodRow(sections, quantile))];
    }
  }
}

function lastPodRow(sections: readonly Float64Array[], quantile: number): RowOf<typeof LAST_POD_COLUMNS> {
  const all = Float64Array.from(sections.flatMap((section) => [...section])).sort();
  const independent = all.length === sections.length;
  const { low, high } = independent ? orderStatistics(all, quantile) : sectioning(sections, all, quantile);
  return {
    quantile,
    replications: sections.length,
    updates: all.length,
    last_pod_s: finite(quantileR7(all, quantile)),
    ci95_low_s: finite(low),
    ci95_high_s: finite(high),
    interval: independent ? 'order statistics' : 'sections',
  };
}

/** Distribution-free interval of a quantile of independent values, ascending. */
function orderStatistics(values: Float64Array, quantile: number): Interval {
  const { low, high } = quantilePlaces(values.length, quantile);
  return { low: low === null ? null : values[low - 1], high: high === null ? null : values[high - 1] };
}

/**
 * Interval of a quantile of values that depend on each other within replications, by sectioning: the replications'
 * own quantiles spread around that of all values, q ± t(b−1, 0.975) √(Σ (qᵢ − q)² / (b−1) / b) (Asmussen and Glynn,
 * Stochastic Simulation, 2007, section III.5; Dong and Nakayama, Winter Simulation Conference 2020).
 */
function sectioning(sections: readonly Float64Array[], all: Float64Array, quantile: number): Interval {
  const b = sections.length;
  const centre = quantileR7(all, quantile) ?? NaN;
  const squares = fsum(sections, (section) => ((quantileR7(section, quantile) ?? NaN) - centre) ** 2);
  if (b < 2 || !Number.isFinite(squares)) return { low: null, high: null };
  const halfWidth = tQuantile(0.975, b - 1) * Math.sqrt(squares / (b - 1) / b);
  return { low: centre - halfWidth, high: centre + halfWidth };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
