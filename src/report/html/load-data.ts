import { group, max, sum } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { durationUs } from '../../experiment/language/values/durations.js';
import { summarize, type Summary } from '../../experiment/statistics/statistics.js';
import { VERBS } from '../../cluster/model/verbs.js';
import { countIn, type ResultRow } from '../read/result-row.js';
import type { DrawnData, Series } from './scenes.js';

/** What is drawn over time. Verbs are requests per second; the rest as load.csv has it, CPU in cores, memory in GiB. */
export const QUANTITIES = [...VERBS, 'requests', 'watches_open', 'cpu', 'memory', 'rejected'] as const;
export type DrawnQuantity = (typeof QUANTITIES)[number];

const GIB = 2 ** 30;

/** Bins of one server that a picture has room for; more are joined. */
const BINS_MAX = 360;

/** One API server (null: all together) of a scenario during a bin, over the replications. */
export interface TimePoint<Quantity extends string> {
  readonly series: Series;
  readonly server: number | null;
  /** Start of the bin, and its length, seconds. */
  readonly start: number;
  readonly length: number;
  readonly values: Readonly<Record<Quantity, Summary>>;
}

/** What load.csv tells of a bin. */
export type LoadPoint = TimePoint<DrawnQuantity>;

interface Bin {
  readonly start: number;
  readonly length: number;
}

/** Load over time of the scenarios drawn, for each server and for all together, from the rows of load.csv. */
export function loadPoints(
  rows: readonly ResultRow[],
  series: readonly Series[],
  manifest: DrawnData['manifest'],
): readonly LoadPoint[] {
  const rowsOf = group(rows, (row) => row['scenario']);
  return series.flatMap((each) => {
    const { name, factors } = each.scenario.scenario;
    const own = rowsOf.get(name) ?? [];
    const duration = durationUs(String(factors['duration'] ?? manifest.spec['duration'])) / SECOND_US;
    const bins = binsOf(own, duration);
    const perServer = [...group(own, (row) => countIn(row, 'server'))];
    const servers: (readonly [number | null, readonly ResultRow[]])[] = [...perServer, [null, own]];
    return servers.flatMap(([server, some]) => pointsOf(each, server, some, bins));
  });
}

/** The bins of a scenario, the last of which may be shorter; neighbours are joined where there are too many. */
function binsOf(rows: readonly ResultRow[], duration: number): readonly Bin[] {
  const starts = [...new Set(rows.map((row) => countIn(row, 'bin_start_s')))].sort((a, b) => a - b);
  const joined = Math.max(1, Math.ceil(starts.length / BINS_MAX));
  const kept = starts.filter((_, index) => index % joined === 0);
  return kept.map((start, index) => ({ start, length: (kept.at(index + 1) ?? duration) - start }));
}

function pointsOf(
  series: Series,
  server: number | null,
  rows: readonly ResultRow[],
  bins: readonly Bin[],
): readonly LoadPoint[] {
  let bin = -1;
  const sorted = rows.toSorted((a, b) => countIn(a, 'bin_start_s') - countIn(b, 'bin_start_s'));
  const inBin = group(sorted, (row) => {
    while (bin + 1 < bins.length && bins[bin + 1].start <= countIn(row, 'bin_start_s')) bin++;
    return bin;
  });
  return bins.map(({ start, length }, index): LoadPoint => {
    const runs = [...group(inBin.get(index) ?? [], (row) => row['run_id']).values()];
    const values = Object.fromEntries(
      QUANTITIES.map((quantity) => [quantity, summarize(runs.map((some) => valueOf(quantity, some, length)))]),
    ) as Record<DrawnQuantity, Summary>;
    return { series, server, start, length, values };
  });
}

/** The value of one run over the rows of a bin: rates over its length, watches as the mean over its parts, the most memory. */
function valueOf(quantity: DrawnQuantity, rows: readonly ResultRow[], length: number): number {
  const verb = (name: string): number =>
    sum(rows, (row) => countIn(row, `${name}_secrets`) + countIn(row, `${name}_configmaps`)) / length;
  switch (quantity) {
    case 'requests':
      return sum(VERBS, verb);
    case 'watches_open': {
      const parts = new Set(rows.map((row) => row['bin_start_s'])).size;
      return sum(rows, (row) => countIn(row, 'watches_open')) / parts;
    }
    case 'cpu':
      return sum(rows, (row) => countIn(row, 'cpu_s')) / length;
    case 'memory':
      return (max(rows, (row) => countIn(row, 'memory_max_bytes')) ?? 0) / GIB;
    case 'rejected':
      return sum(rows, (row) => countIn(row, 'rejected_429')) / length;
    default:
      return verb(quantity);
  }
}
