/** The metrics of runs with operators, after the others: columns of `runs.csv` where there are any. */
export const OPERATOR_METRICS = [
  'source_changes',
  'source_delay_mean_s',
  'source_delay_max_s',
  'source_to_application_max_s',
  'source_calls_per_s',
  'source_calls_max_per_s',
  'source_calls_rejected_429',
  'source_calls_failed',
  'operator_requests_per_s',
  'operator_requests_max_per_s',
  'operator_events_per_s',
  'operator_rollouts',
  'operator_pods_replaced',
  'operator_registry_checks',
] as const satisfies readonly OperatorMetric[];
/** A metric of the operators that an experiment has (`operators`). */
export type OperatorMetric = `source_${string}` | `operator_${string}`;
