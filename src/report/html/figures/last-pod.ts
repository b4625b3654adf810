import { group, max, mean } from 'd3-array';
import { summarize, type Summary } from '../../../experiment/statistics/statistics.js';
import type { ResultData } from '../../read/result-data.js';
import { countIn, numberIn, type ResultRow } from '../../read/result-row.js';
import type { Figure } from '../figure.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Scenes, Series } from '../scenes.js';

/** Shares of the pods, and the column of updates.csv that says when they are reached. */
const LEVELS = [
  { name: '50 %', column: 'time_to_50pct_s' },
  { name: '90 %', column: 'time_to_90pct_s' },
  { name: '99 %', column: 'time_to_99pct_s' },
  { name: '99.9 %', column: 'time_to_99_9pct_s' },
  { name: 'last pod', column: 'time_to_100pct_s' },
] as const;
const REACHED = ['reached_after_10s', 'reached_after_30s', 'reached_after_60s', 'reached_after_90s'] as const;

/** Half of the height of a bound's tick, in levels. */
const BOUND_TICK = 0.15;

interface Point {
  readonly series: Series;
  readonly level: number;
  /** Of the runs' means over their updates. */
  readonly time: Summary;
  readonly worst: number;
}

/** When shares of the pods are updated, down to the last one: what decides when an old key may be revoked. */
export function lastPod(scenes: Scenes<ResultData>): Figure | null {
  const { data, series, leftOut } = scenes;
  const rowsOf = group(data.updates, (row) => row['scenario']);
  const points = series.flatMap((each) => pointsOf(each, rowsOf.get(each.scenario.scenario.name) ?? []));
  if (points.length === 0) return null;
  const partly = points.filter(({ series: { scenario }, time }) => time.n < scenario.runs.length);
  return {
    id: 'last-pod',
    title: 'When the last pod is updated',
    lead:
      'Seconds from the commit until a share of the pods have it: dots are means over updates and replications, ' +
      'whiskers their 95 % intervals, crosses the worst update of all, ticks the bound by which every pod has it.',
    legend: series,
    pictures: [picture(points)],
    table: {
      columns: ['scenario', 'share', 'replications', 'mean s', '95 % low', '95 % high', 'worst s'],
      rows: [
        ...points.map(pointRow),
        ...series.flatMap(boundRow),
        ...series.flatMap((each) => reachedRows(each, rowsOf)),
      ],
    },
    files: ['updates.csv', 'summary.csv'],
    notes: [
      leftOut,
      partly.length > 0 ? 'Some shares are never reached in some replications; means are over the others.' : null,
    ],
  };
}

/** By when every pod has an update, as a closed form, s; null where there is none. */
function boundOf({ scenario }: Series): number | null {
  return scenario.metrics.last_pod_bound_s.max;
}

function boundRow(series: Series) {
  const at = boundOf(series);
  return at === null
    ? []
    : [[series.scenario.scenario.name, 'bound', series.scenario.runs.length, at, null, null, null]];
}

function pointRow({ series, level, time, worst }: Point) {
  const { n, mean: middle, ci95Low, ci95High } = time;
  return [series.scenario.scenario.name, `time to ${LEVELS[level].name}`, n, middle, ci95Low, ci95High, worst];
}

/** Shares of the updatable consumers that are reached within fixed times. */
function reachedRows({ scenario: { scenario } }: Series, rowsOf: ReadonlyMap<string, readonly ResultRow[]>) {
  const runs = [...group(rowsOf.get(scenario.name) ?? [], (row) => row['run_id']).values()];
  return REACHED.flatMap((column) => {
    const shares = runs.flatMap((rows) => {
      const share = mean(rows, (row) => {
        const due = countIn(row, 'reached') + countIn(row, 'pending');
        return due === 0 ? undefined : countIn(row, column) / due;
      });
      return share === undefined ? [] : [share];
    });
    if (shares.length === 0) return [];
    const { n, mean: middle, ci95Low, ci95High } = summarize(shares);
    return [[scenario.name, `share ${column.replaceAll('_', ' ')}`, n, middle, ci95Low, ci95High, null]];
  });
}

function pointsOf(series: Series, updates: readonly ResultRow[]): readonly Point[] {
  const visible = updates.filter((row) => countIn(row, 'reached') + countIn(row, 'pending') > 0);
  const runs = [...group(visible, (row) => row['run_id']).values()];
  return LEVELS.flatMap(({ column }, level) => {
    const perRun = runs.map((rows) => {
      const times = rows.map((row) => numberIn(row, column)).filter((value) => value !== null);
      return times.length < rows.length ? null : (mean(times) ?? null);
    });
    const time = summarize(perRun);
    const worst = max(visible, (row) => numberIn(row, column) ?? undefined);
    return time.n === 0 || worst === undefined ? [] : [{ series, level, time, worst }];
  });
}

function titleOf({ series, level, time, worst }: Point): string {
  const { mean: middle, ci95Low: low, ci95High: high } = time;
  return hoverText(`${series.label}, ${LEVELS[level].name}`, [
    { name: 'mean', value: middle, low, high, unit: 's' },
    { name: 'worst', value: worst, unit: 's' },
    { name: 'bound', value: boundOf(series), unit: 's' },
  ]);
}

function picture(points: readonly Point[]) {
  const series = [...group(points, (point) => point.series)];
  const gap = Math.min(0.12, 0.6 / series.length);
  const marks = series.flatMap(([{ colour, dash }, own], index) => {
    const y = (point: Point): number => point.level + (index - (series.length - 1) / 2) * gap;
    const [low, high] = [(p: Point) => p.time.ci95Low ?? p.time.mean, (p: Point) => p.time.ci95High ?? p.time.mean];
    return [
      Plot.line(own, { x: (p: Point) => p.time.mean, y, stroke: colour, strokeDasharray: dash, strokeOpacity: 0.6 }),
      Plot.ruleY(own, { x1: low, x2: high, y, stroke: colour, strokeWidth: 2.5 }),
      Plot.dot(own, { x: (p: Point) => p.time.mean, y, fill: colour, r: 4, title: titleOf }),
      Plot.dot(own, { x: 'worst', y, stroke: colour, symbol: 'times', r: 4 }),
    ];
  });
  const bounds = series.flatMap(([each], index) => {
    const at = boundOf(each);
    const y = LEVELS.length - 1 + (index - (series.length - 1) / 2) * gap;
    const ends = { y1: y - BOUND_TICK, y2: y + BOUND_TICK };
    return at === null ? [] : [Plot.ruleX([at], { x: at, ...ends, stroke: each.colour, strokeWidth: 2.5 })];
  });
  const last = points.filter(({ level }) => level === LEVELS.length - 1);
  return drawPlot(
    {
      height: 340,
      marginLeft: 70,
      marginBottom: 42,
      x: { label: 'seconds since the commit', grid: true, zero: true, nice: true },
      y: {
        label: 'pods that have it',
        domain: [-0.5, LEVELS.length - 0.5],
        ticks: LEVELS.map((_, level) => level),
        tickFormat: (level: number) => LEVELS[level].name,
        reverse: true,
      },
      marks: [...marks, ...bounds],
    },
    `Time until shares of the pods have it. ${last.map((p) => `${p.series.label}: last pod after ${(p.time.mean ?? 0).toFixed(1)} s`).join('; ')}.`,
  );
}
