import * as z from 'zod';
import { exceedanceMetrics } from '../../../cluster/meters/exceedances.js';
import type { ExceedanceMetric } from '../../../cluster/model/run-record.js';
import { durationUs } from '../../../experiment/language/values/durations.js';
import type { Figure } from '../figure.js';
import { html } from '../html.js';
import type { Scenes } from '../scenes.js';
import { drawLevels, type LevelPoint } from './levels.js';

const askedSchema = z.object({ output: z.object({ exceedances: z.array(z.string()) }) });

const PERCENT = 100;

/** How often delays are longer than the thresholds of `output.exceedances`; null where there are none. */
export function exceedances({ data, series, leftOut, width }: Scenes): Figure | null {
  const asked = askedSchema.safeParse(data.manifest.spec);
  if (!asked.success || asked.data.output.exceedances.length === 0) return null;
  const metrics = asked.data.output.exceedances.map((threshold) => {
    const [delay, lastPod] = exceedanceMetrics([durationUs(threshold)]);
    return { threshold, delay, lastPod };
  });
  const pointsOf = (which: 'delay' | 'lastPod'): readonly LevelPoint[] =>
    series.flatMap((each) =>
      metrics.flatMap(({ threshold, ...names }): readonly LevelPoint[] => {
        const { mean, ci95Low, ci95High } = each.scenario.metrics[names[which]];
        if (mean === null) return [];
        const percent = (share: number | null): number | null => (share === null ? null : share * PERCENT);
        const value = mean * PERCENT;
        return [{ series: each, level: `> ${threshold}`, value, low: percent(ci95Low), high: percent(ci95High) }];
      }),
    );
  const panels = [
    { title: 'Volumes that are later', points: pointsOf('delay') },
    { title: 'Updates of which any pod is later', points: pointsOf('lastPod') },
  ].filter(({ points }) => points.length > 0);
  return {
    id: 'exceedances',
    title: 'How often it takes longer',
    lead:
      'Share that is later than each threshold: dots are means over the replications, whiskers 95 % intervals. What was ' +
      'never seen has an upper end too, 3 in the number of replications.',
    legend: series,
    pictures: panels.map(
      ({ title, points }) =>
        html`<h3>${title}</h3>
          ${drawLevels({ points, x: 'percent', y: 'later than', unit: '%', alt: `${title}, by threshold.`, width })}`,
    ),
    table: {
      columns: ['scenario', 'metric', 'n', 'mean', '95 % low', '95 % high', 'max'],
      rows: data.scenarios.flatMap(({ scenario, metrics: values }) =>
        metrics
          .flatMap(({ delay, lastPod }): readonly ExceedanceMetric[] => [delay, lastPod])
          .map((metric) => {
            const { n, mean, ci95Low, ci95High, max } = values[metric];
            return [scenario.name, metric, n, mean, ci95Low, ci95High, max];
          }),
      ),
    },
    files: ['summary.csv'],
    notes: [leftOut],
  };
}
