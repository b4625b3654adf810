import type { Metric } from '../../../cluster/model/run-record.js';
import { effectSentences, type ToldEffect } from '../../effect-lines.js';
import type { ResultData } from '../../read/result-data.js';
import { numberIn, type ResultRow } from '../../read/result-row.js';
import type { Figure } from '../figure.js';
import { html, type Html } from '../html.js';
import { drawPlot, hoverText, Plot } from '../plot.js';
import type { Scenes } from '../scenes.js';

/** The metrics that are drawn, if factors change them; all are in the table. */
const DRAWN: readonly { readonly metric: Metric; readonly label: string }[] = [
  { metric: 'last_pod_max_s', label: 'Last pod' },
  { metric: 'delay_p99_s', label: 'Delay, p99' },
  { metric: 'apiserver_cpu_cores', label: 'CPU of the API servers' },
];
const BAR_HEIGHT = 28;
const PERCENT = 100;

/** What each factor explains of the differences between the scenarios; null where there is one factor, or none. */
export function effects({ data }: Scenes<ResultData>): Figure | null {
  if (data.effects.length === 0) return null;
  const told = data.effects.map(effectIn);
  const panels = DRAWN.map((each) => ({
    ...each,
    own: told.filter(({ metric, variance_share: share }) => metric === each.metric && share !== null),
  })).filter(({ own }) => own.length > 0);
  return {
    id: 'effects',
    title: 'Which setting matters',
    lead:
      'Share of the variance between the scenarios that each factor explains alone; whiskers: 95 % interval. What all ' +
      'factors leave to 100 % is their interplay.',
    pictures: panels.map(
      ({ label, own }) =>
        html`<h3>${label}</h3>
          ${picture(label, own)}`,
    ),
    table: {
      columns: [...TEXTS, ...NUMBERS, 'confounded_with'],
      rows: data.effects.map((row) => [
        ...TEXTS.map((column) => row[column]),
        ...NUMBERS.map((column) => numberIn(row, column)),
        row['confounded_with'],
      ]),
    },
    files: ['effects.csv'],
    notes: effectSentences(told),
  };
}

const TEXTS = ['metric', 'unit', 'factor', 'lowest_at', 'highest_at'] as const;
const NUMBERS = [
  'levels',
  'lowest_mean',
  'highest_mean',
  'range',
  'variance_share',
  'ci95_low',
  'ci95_high',
  'rank_correlation',
] as const;

function effectIn(row: ResultRow): ToldEffect {
  return {
    // effects.csv has no other.
    metric: row['metric'] as Metric,
    factor: row['factor'],
    variance_share: numberIn(row, 'variance_share'),
    ci95_low: numberIn(row, 'ci95_low'),
    ci95_high: numberIn(row, 'ci95_high'),
    confounded_with: row['confounded_with'] ?? '',
  };
}

function picture(label: string, own: readonly ToldEffect[]): Html {
  const bars = own.map(({ factor, variance_share: share, ci95_low: low, ci95_high: high }) => ({
    factor: String(factor),
    value: (share ?? 0) * PERCENT,
    low: typeof low === 'number' ? low * PERCENT : null,
    high: typeof high === 'number' ? high * PERCENT : null,
  }));
  const title = ({ factor, ...numbers }: (typeof bars)[number]): string =>
    hoverText(factor, [{ name: '', unit: '%', ...numbers }]);
  return drawPlot(
    {
      height: bars.length * BAR_HEIGHT + 60,
      marginBottom: 42,
      x: { label: 'percent of the variance', domain: [0, PERCENT], grid: true, clamp: true },
      y: { label: null, domain: bars.map(({ factor }) => factor), padding: 0.25 },
      marks: [
        Plot.barX(bars, { x: 'value', y: 'factor', fill: 'var(--series-6)', title }),
        Plot.ruleY(
          bars.filter(({ low, high }) => low !== null && high !== null),
          { y: 'factor', x1: 'low', x2: 'high', stroke: 'var(--ink)', strokeWidth: 2 },
        ),
        Plot.ruleX([0]),
      ],
    },
    `${label}: ${bars.map(({ factor, value }) => `${factor} ${value.toFixed(0)} %`).join(', ')}.`,
  );
}
