import type { ResultData } from '../../read/result-data.js';
import { numberIn } from '../../read/result-row.js';
import type { Figure } from '../figure.js';
import type { Scenes } from '../scenes.js';
import { drawLevels, type LevelPoint } from './levels.js';

const NUMBERS = ['quantile', 'replications', 'updates', 'last_pod_s', 'ci95_low_s', 'ci95_high_s'] as const;

/** Within what time shares of the updates have reached their last pod; null where `output.lastPodQuantiles` asks for none. */
export function lastPodQuantiles({ data, series, leftOut, width }: Scenes<ResultData>): Figure | null {
  if (data.lastPods.length === 0) return null;
  const points = series.flatMap((each) =>
    data.lastPods
      .filter((row) => row['scenario'] === each.scenario.scenario.name)
      .flatMap((row): readonly LevelPoint[] => {
        const [share, value] = [numberIn(row, 'quantile'), numberIn(row, 'last_pod_s')];
        if (share === null || value === null) return [];
        const [low, high] = [numberIn(row, 'ci95_low_s'), numberIn(row, 'ci95_high_s')];
        return [{ series: each, level: `${Number((100 * share).toPrecision(6))} %`, value, low, high }];
      }),
  );
  const open = points.some(({ high }) => high === null);
  const alt = `Quantiles of the time until the last pod has an update.`;
  return {
    id: 'last-pod-quantiles',
    title: 'How rarely the last pod is later',
    lead:
      'Seconds within which a share of the updates have reached their last pod: quantiles over the updates of all ' +
      'replications, whiskers 95 % intervals.',
    legend: series,
    pictures: points.length === 0 ? [] : [drawLevels({ points, x: 'seconds', y: 'updates', unit: 's', alt, width })],
    table: {
      columns: ['scenario', ...NUMBERS, 'interval'],
      rows: data.lastPods.map((row) => [
        row['scenario'],
        ...NUMBERS.map((column) => numberIn(row, column)),
        row['interval'],
      ]),
    },
    files: ['last_pod.csv'],
    notes: [leftOut, open ? 'An interval without an upper end takes more replications.' : null],
  };
}
