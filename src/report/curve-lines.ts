import { max } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { FEW_SCENARIOS, scenarioLabel } from './answer-sentences.js';
import { compact } from './compact-numbers.js';
import { longestDelay, requestRate, shareWithin } from './curves.js';
import type { Paint } from './paint.js';
import type { ScenarioSummary } from './scenario-summary.js';
import { axisLine, sparkline } from './sparkline.js';

/** Columns that a terminal needs for curves. */
const WIDTH_MIN = 100;
const CELLS = 60;
const INDENT = '  ';
const GAP = '   ';

/**
 * A sparkline per scenario of the share of pods that have an update, against the time since its commit, and one of the
 * requests over the measured time, each on an axis that the scenarios share; none for many scenarios.
 * @param width columns of the terminal
 */
export function curveLines(
  experiment: Experiment,
  scenarios: readonly ScenarioSummary[],
  width: number,
  paint: Paint,
): readonly string[] {
  const completed = scenarios.filter(({ runs }) => runs.length > 0);
  if (width < WIDTH_MIN || scenarios.length > FEW_SCENARIOS || completed.length === 0) return [];
  const labels = completed.map((summary) => scenarioLabel(experiment, summary));
  const labelWidth = max(labels, ({ length }) => length) ?? 0;
  if (INDENT.length + labelWidth + GAP.length + CELLS > width) return [];
  const block = (title: string, curves: readonly (readonly number[])[], endS: number): readonly string[] => [
    paint('dim', title),
    ...curves.map((shares, i) => INDENT + labels[i].padEnd(labelWidth) + GAP + sparkline(shares)),
    paint('dim', ' '.repeat(INDENT.length + labelWidth + GAP.length) + axisLine('0 s', `${compact(endS)} s`, CELLS)),
  ];
  const blocks = [delayBlock(completed, block), requestBlock(completed, block)].filter(({ length }) => length > 0);
  return blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

type Block = (title: string, curves: readonly (readonly number[])[], endS: number) => readonly string[];

function delayBlock(scenarios: readonly ScenarioSummary[], block: Block): readonly string[] {
  const endS = max(scenarios, ({ runs }) => longestDelay(runs));
  if (endS === undefined || endS === 0) return [];
  // What a cell shows is reached at its right edge.
  const times = cells((cell) => ((cell + 1) / CELLS) * endS);
  const curves = scenarios.map(({ runs }) => times.map((at) => shareWithin(runs, at)));
  return block('share of the pods with the new files, by the time since the commit (█ all)', curves, endS);
}

function requestBlock(scenarios: readonly ScenarioSummary[], block: Block): readonly string[] {
  const endS = Math.max(...scenarios.map(measuredSeconds));
  const times = cells((cell) => ((cell + 0.5) / CELLS) * endS);
  const rates = scenarios.map((summary) => times.map((at) => requestRate(summary.runs, at, measuredSeconds(summary))));
  const most = Math.max(...rates.flat());
  if (most === 0) return [];
  const curves = rates.map((each) => each.map((rate) => rate / most));
  return block(`requests/s over the measured time (█ ${compact(most)}/s)`, curves, endS);
}

const measuredSeconds = ({ scenario }: ScenarioSummary): number => scenario.input.durationUs / SECOND_US;

const cells = (of: (cell: number) => number): readonly number[] => Array.from({ length: CELLS }, (_, cell) => of(cell));
