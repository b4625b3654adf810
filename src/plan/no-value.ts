import type { Metric, MetricName } from '../cluster/model/run-record.js';
import { InputError } from '../experiment/language/values/input-error.js';
import type { Slo } from '../experiment/language/values/slo.js';
import type { Candidate, Measured } from './candidate.js';

/** What gives metrics their values: the first that fits the name. */
const GIVEN_BY: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^watch_recovery/, 'a restart of API servers (restartApiServer)'],
  [/^pod_start/, 'pods that start'],
  [/^apiserver_utilization/, 'a limited apiServer.capacity'],
  [/^write_/, 'a write'],
];
const UPDATE = 'an update that pods can see';

/**
 * Throws an InputError for SLOs of a metric that is empty in all runs of all settings although nothing is pending: no
 * setting could meet them, and it is not the setting that misses them.
 */
export function refuseWithoutValue(slos: readonly Slo[], candidates: readonly Candidate[]): void {
  const runs = candidates.flatMap((candidate) => candidate.runs);
  const problems = slos
    .filter(({ metric }) => runs.length > 0 && runs.every((run) => isEmpty(run, metric)))
    .map(
      ({ text, metric }) =>
        `${text}: nothing here gives ${metric} a value: the experiment needs ${givenBy(metric)}, or this SLO left out`,
    );
  if (problems.length > 0) throw new InputError(problems);
}

/** An empty metric whose pods or watches are still awaited is a miss, and no lack. */
function isEmpty(run: Measured, metric: Metric): boolean {
  const awaited: MetricName = metric.startsWith('watch_recovery') ? 'watches_lost' : 'pending_at_end';
  return (run[metric] ?? null) === null && (run[awaited] ?? 0) === 0;
}

function givenBy(metric: Metric): string {
  return GIVEN_BY.find(([pattern]) => pattern.test(metric))?.[1] ?? UPDATE;
}
