import type { Experiment } from '../experiment/language/experiment.js';
import { metricsOf } from '../experiment/language/values/metrics.js';
import type { RunOutcome } from '../experiment/execution/runner.js';
import { csvLines } from '../report/csv.js';
import { metricUnit } from '../report/metric-columns.js';
import { summarizeScenarios } from '../report/scenario-summary.js';
import { runsTable } from '../report/tables/runs.js';
import { formatRows } from './format-rows.js';
import type { OutputFormat } from './options.js';

/** What `run --only` prints: the metrics of the run; as CSV its row of runs.csv. Empty if it failed. */
export function formatSingleRun(
  experiment: Experiment,
  outcome: RunOutcome,
  { output, excel }: { readonly output: OutputFormat; readonly excel?: boolean | undefined },
): string {
  if (outcome.runs.length === 0) return '';
  const { runId, scenario, seed, replication, record } = outcome.runs[0];
  switch (output) {
    case 'csv': {
      const { columns, rows } = runsTable(experiment, summarizeScenarios(experiment, outcome));
      return csvLines([columns.map(({ name }) => name), ...rows], { excel: excel === true });
    }
    case 'json': {
      const { name, factors } = experiment.scenarios[scenario];
      const { metrics, fingerprint } = record;
      const run = { run_id: runId, scenario: name, factors, replication, seed, fingerprint, metrics };
      return `${JSON.stringify(run, null, 2)}\n`;
    }
    case 'table': {
      const rows = metricsOf(experiment.spec).map((metric) => [
        metric,
        record.metrics[metric] ?? '',
        metricUnit(metric),
      ]);
      const columns = [{ name: 'metric' }, { name: 'value', alignment: 'right' }, { name: 'unit' }] as const;
      const head = `${runId}: ${experiment.scenarios[scenario].name}, seed ${seed}, fingerprint ${record.fingerprint}`;
      return `${head}\n\n${formatRows('table', columns, rows)}`;
    }
  }
}
