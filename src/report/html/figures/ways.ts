import type { OperatorMetric } from '../../../cluster/model/operator-metrics.js';
import type { MetricName } from '../../../cluster/model/run-record.js';
import { compact } from '../../compact-numbers.js';
import { type Figure, tableOf } from '../figure.js';
import { html } from '../html.js';
import type { Scenes } from '../scenes.js';

/** What a planner pays for a way, and what he gets. */
const COLUMNS: readonly { readonly label: string; readonly metric: MetricName | OperatorMetric }[] = [
  { label: 'last application, s', metric: 'source_to_application_max_s' },
  { label: 'brought after, s', metric: 'source_delay_max_s' },
  { label: 'half of the pods, s', metric: 'delay_p50_s' },
  { label: 'still old', metric: 'pending_at_end' },
  { label: 'never', metric: 'never_projected' },
  { label: 'calls/s', metric: 'source_calls_per_s' },
  { label: 'busiest second', metric: 'source_calls_max_per_s' },
  { label: '429', metric: 'source_calls_rejected_429' },
  { label: 'operators, requests/s', metric: 'operator_requests_per_s' },
  { label: 'watches open', metric: 'watches_open_mean' },
  { label: 'CPU, cores', metric: 'apiserver_cpu_cores' },
  { label: 'pods replaced', metric: 'operator_pods_replaced' },
];

/** Ways to a new credential side by side: the scenarios of an experiment with operators; null where there are none. */
export function ways({ data, labelOf }: Scenes): Figure | null {
  const metric = 'source_changes' satisfies OperatorMetric;
  const compared = data.scenarios.filter(({ metrics }) => metric in metrics);
  if (compared.length < 2) return null;
  const means = compared.map(({ metrics }) => COLUMNS.map((column) => metrics[column.metric].mean));
  const columns = ['way', ...COLUMNS.map(({ label }) => label)];
  const shown = means.map((row, index) => [labelOf(compared[index]), ...row.map((value) => compact(value))]);
  return {
    id: 'ways',
    title: 'Ways to a new credential',
    lead:
      'From a change at the store outside of the cluster until the last application works with it: so long the old ' +
      'credential has to stay valid. Then what the way costs: calls to the store, requests of operators, watches and CPU ' +
      'of the API servers, and pods that are replaced. Means over the replications; a dash: somebody waits for it yet.',
    pictures: [html`<div class="scroll">${tableOf({ columns, rows: shown })}</div>`],
    table: {
      columns: ['way', ...COLUMNS.map((column) => column.metric)],
      rows: means.map((row, index) => [labelOf(compared[index]), ...row]),
    },
    files: ['summary.csv', 'runs.csv'],
  };
}
