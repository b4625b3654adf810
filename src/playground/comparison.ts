import type { ReadExperiment } from '../experiment/language/experiment.js';
import { comparisonCsv } from '../report/compare/comparison-data.js';
import { comparisonRows } from '../report/compare/comparison-rows.js';
import type { ScenarioSummary } from '../report/scenario-summary.js';
import type { PlaygroundFile } from './table-rows.js';

/**
 * What `secretsim compare` prints of a pinned setting and the one that is shown, as a file; none where nothing is pinned,
 * or where two releases stand beside it.
 */
export function comparisonFile(
  { spec }: ReadExperiment,
  scenarios: readonly ScenarioSummary[],
): readonly PlaygroundFile[] {
  if (spec.baseline === undefined || scenarios.length !== 2) return [];
  const [a, b] = scenarios.map(({ runs }) =>
    runs.map(({ replication, record }) => ({ replication, metrics: record.metrics })),
  );
  return [{ name: 'comparison.csv', text: comparisonCsv({ rows: comparisonRows(a, b, true) }) }];
}
