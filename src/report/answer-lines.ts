import type { OperatorMetric } from '../cluster/model/operator-metrics.js';
import type { Metric, MetricName } from '../cluster/model/run-record.js';
import { type AnsweredScenario, hasSeveralUpdates } from './answer-sentences.js';

/** A metric as people are shown it. */
export interface Line<M extends Metric = MetricName> {
  readonly label: string;
  readonly metric: M;
  /** What the metric is divided by for people. */
  readonly scale?: number;
}

/** Lines that belong together. */
export interface Section<M extends Metric = MetricName> {
  readonly title: string;
  readonly lines: readonly Line<M>[];
}

export const DELAY: Section = {
  title: 'delay from commit to new files, s',
  lines: [
    { label: 'p50', metric: 'delay_p50_s' },
    { label: 'p99', metric: 'delay_p99_s' },
    { label: 'last pod', metric: 'last_pod_max_s' },
  ],
};
export const STAGES: Section = {
  title: 'its stages, mean, s',
  lines: [
    { label: 'cache delay', metric: 'cache_delay_mean_s' },
    { label: 'sync wait', metric: 'sync_wait_mean_s' },
    { label: 'refresh', metric: 'refresh_mean_s' },
  ],
};
export const LOAD: Section = {
  title: 'load of the API servers',
  lines: [
    { label: 'GET/s', metric: 'get_per_s' },
    { label: 'LIST/s', metric: 'list_per_s' },
    { label: 'WATCH/s', metric: 'watch_per_s' },
    { label: 'watches open', metric: 'watches_open_mean' },
    { label: 'CPU, cores', metric: 'apiserver_cpu_cores' },
    { label: 'memory, MiB', metric: 'apiserver_memory_bytes', scale: 1024 * 1024 },
  ],
};

/** Shown where API servers can be too busy, or stop. */
const PRESSURE: Section = {
  title: 'API servers under pressure',
  lines: [
    { label: 'watches lost', metric: 'watches_lost' },
    { label: 'half back, s', metric: 'watch_recovery_p50_s' },
    { label: 'all back, s', metric: 'watch_recovery_max_s' },
    { label: 'busiest second, requests', metric: 'requests_max_per_s' },
    { label: 'of one server, cores', metric: 'apiserver_cpu_max_per_server_cores' },
    { label: 'memory of one, MiB', metric: 'apiserver_memory_max_per_server_bytes', scale: 1024 * 1024 },
    { label: 'busiest bin, % of cores', metric: 'apiserver_utilization_max', scale: 0.01 },
    { label: 'queued, most', metric: 'queued_max' },
    { label: 'killed, out of memory', metric: 'apiserver_oom_kills' },
    { label: 'refused', metric: 'requests_refused' },
    { label: 'rejected (429)', metric: 'rejected_429' },
    { label: 'mount failures', metric: 'mount_failures' },
    { label: 'pod start, mean s', metric: 'pod_start_mean_s' },
    { label: 'slowest, s', metric: 'pod_start_max_s' },
    { label: 'write, mean s', metric: 'write_mean_s' },
    { label: 'KMS calls', metric: 'kms_calls' },
  ],
};

/** What a way to a new credential gives, and what it costs, where operators bring it. */
const OPERATORS: Section<OperatorMetric> = {
  title: 'from a change at the store to the last application, and what operators cost',
  lines: [
    { label: 'last application, s', metric: 'source_to_application_max_s' },
    { label: 'store calls/s', metric: 'source_calls_per_s' },
    { label: 'busiest second', metric: 'source_calls_max_per_s' },
    { label: 'of these 429', metric: 'source_calls_rejected_429' },
    { label: 'unanswered', metric: 'source_calls_failed' },
    { label: 'API requests/s', metric: 'operator_requests_per_s' },
    { label: 'in the busiest second', metric: 'operator_requests_max_per_s' },
    { label: 'pods replaced', metric: 'operator_pods_replaced' },
  ],
};

/** What operators give and cost; nothing where an experiment has none. */
export function operatorCosts(scenarios: readonly AnsweredScenario[]): readonly Section<OperatorMetric>[] {
  const marker = 'source_changes' satisfies OperatorMetric;
  return scenarios.every(({ metrics }) => marker in metrics) ? [OPERATORS] : [];
}

/** What says how hard API servers are pressed: only what is not zero, and nothing where none can be. */
export function pressure(scenarios: readonly AnsweredScenario[]): readonly Section[] {
  const any = (metric: MetricName): boolean => scenarios.some(({ metrics }) => (metrics[metric].max ?? 0) > 0);
  if (!any('watches_lost') && !any('apiserver_utilization_max')) return [];
  return [{ ...PRESSURE, lines: PRESSURE.lines.filter(({ metric }) => any(metric)) }];
}

/** The lines of a section that have a value in some scenario; all of them when none has. */
export function knownLines<M extends Metric>(
  { lines }: Section<M>,
  scenarios: readonly AnsweredScenario[],
): readonly Line<M>[] {
  const known = lines.filter(({ metric }) => scenarios.some(({ metrics }) => metrics[metric].n > 0));
  if (known.length === 0) return lines;
  const worst = scenarios.some(hasSeveralUpdates);
  return known.map((line) =>
    worst && line.metric === 'last_pod_max_s' ? { ...line, label: 'last, worst update' } : line,
  );
}
