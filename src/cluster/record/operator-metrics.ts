import { max, mean } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import type { OperatorMetric } from '../model/operator-metrics.js';
import type { UpdateRecord } from '../model/run-record.js';
import type { RunCore } from './run-core.js';

/** The metrics of operators; none where there are none. */
export function operatorMetrics(
  { input, etcd, writes, operatorLoad: load }: RunCore,
  updates: readonly UpdateRecord[],
  podsReplaced: number,
): Record<OperatorMetric, number | null> {
  if (input.operators === undefined) return {};
  const seconds = input.durationUs / SECOND_US;
  const delays: number[] = [];
  for (let update = 0; update < etcd.updates; update++) {
    const revision = etcd.updateRevision[update];
    const changedAt = writes.changedAt.get(etcd.write[revision]);
    if (changedAt !== undefined) delays.push((etcd.committedAt[revision] - changedAt) / SECOND_US);
  }
  const rotations = updates.filter(({ reached, pending }) => reached + pending > 0);
  const through = rotations.map(({ pipelineS }) => pipelineS ?? null);
  const complete = through.filter((each) => each !== null);
  // A change that nobody has brought is none of the updates.
  const brought = delays.length === writes.changedAt.size || through.length === 0;
  return {
    source_changes: writes.changedAt.size,
    source_delay_mean_s: mean(delays) ?? null,
    source_delay_max_s: max(delays) ?? null,
    source_to_application_max_s: brought && complete.length === through.length ? (max(complete) ?? null) : null,
    source_calls_per_s: load.storeCalls.total / seconds,
    source_calls_max_per_s: load.storeCalls.max,
    source_calls_rejected_429: load.storeRejected.total,
    source_calls_failed: load.storeFailed.total,
    operator_requests_per_s: load.requests.total / seconds,
    operator_requests_max_per_s: load.requests.max,
    operator_events_per_s: load.events.total / seconds,
    operator_rollouts: load.rollouts.total,
    operator_pods_replaced: podsReplaced,
    operator_registry_checks: load.registryChecks.total,
  };
}
