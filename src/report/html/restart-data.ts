import { group, sum } from 'd3-array';
import { summarize } from '../../experiment/statistics/statistics.js';
import { countIn, type ResultRow } from '../read/result-row.js';
import type { TimePoint } from './load-data.js';
import type { Series } from './scenes.js';

/** What is drawn of a second around a stop. */
export type StormQuantity = 'watches_open' | 'requests';

/** All API servers together, second by second around their stops, from the rows of restarts.csv. */
export function restartPoints(
  rows: readonly ResultRow[],
  series: readonly Series[],
): readonly TimePoint<StormQuantity>[] {
  const secondsOf = group(
    rows,
    (row) => row['scenario'],
    (row) => countIn(row, 'second_s'),
  );
  return series.flatMap((each) =>
    [...(secondsOf.get(each.scenario.scenario.name) ?? [])]
      .map(([start, all]): TimePoint<StormQuantity> => {
        const runs = [...group(all, (row) => row['run_id']).values()];
        const total = (name: StormQuantity) => summarize(runs.map((own) => sum(own, (row) => countIn(row, name))));
        const values = { watches_open: total('watches_open'), requests: total('requests') };
        return { series: each, server: null, start, length: 1, values };
      })
      .sort((a, b) => a.start - b.start),
  );
}
