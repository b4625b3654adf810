import { integer, number, text } from '../columns.js';

/** What `compare` prints: one row per metric. */
export const COMPARISON_COLUMNS = [
  text('metric', 'a metric column of runs.csv'),
  text('unit', 'unit of the metric'),
  text('method', 'paired: replication by replication; welch: independent samples'),
  integer('n_a', 'replications', 'replications of A with a value'),
  integer('n_b', 'replications', 'replications of B with a value'),
  number('mean_a', '', 'mean of A, in the unit of the metric'),
  number('mean_b', '', 'mean of B, in the unit of the metric'),
  number('difference', '', 'mean of B less A, in the unit of the metric'),
  number('ci95_low', '', 'lower end of the 95 % interval of the difference'),
  number('ci95_high', '', 'upper end of the 95 % interval of the difference'),
  number('change_percent', '%', 'difference as a share of mean_a'),
] as const;
