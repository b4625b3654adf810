import type { OPERATOR_METRICS, OperatorMetric } from '../cluster/model/operator-metrics.js';
import type { Column } from './columns.js';

const s = 's';
const DICTIONARY: Readonly<
  Record<(typeof OPERATOR_METRICS)[number], readonly [type: 'integer' | 'number', unit: string, meaning: string]>
> = {
  source_changes: ['integer', 'changes', 'objects that changed at the store outside of the cluster (rotateAtSource)'],
  source_delay_mean_s: [
    'number',
    s,
    'from the change at the store until the object was committed that brings it, mean (not part of the delay); what is ' +
      'mounted from the store itself: 0',
  ],
  source_delay_max_s: ['number', s, 'the same, longest'],
  source_to_application_max_s: [
    'number',
    s,
    'from a change at the store until the last application works with it, longest: so long the old credential has to ' +
      'stay valid (empty if one is pending)',
  ],
  source_calls_per_s: ['number', 'calls/s', 'calls to the store, whatever it answered, mean over the measured time'],
  source_calls_max_per_s: ['integer', 'calls/s', 'calls to the store in the busiest whole second'],
  source_calls_rejected_429: ['integer', 'calls', 'calls that the store answered 429 (operators.store.rateLimit)'],
  source_calls_failed: ['integer', 'calls', 'calls that the store did not answer (sourceOutage)'],
  operator_requests_per_s: [
    'number',
    'requests/s',
    'requests of operators at the API servers, for whatever resource, mean over the measured time; LISTs and WATCHes of ' +
      'their informers are counted with those of clusterWatchers',
  ],
  operator_requests_max_per_s: ['integer', 'requests/s', 'the same, in the busiest whole second'],
  operator_events_per_s: [
    'number',
    'events/s',
    'events of Secrets and ConfigMaps sent to informers of operators, mean',
  ],
  operator_rollouts: ['integer', 'rollouts', 'Deployments that Reloader has rolled out'],
  operator_pods_replaced: ['integer', 'pods', 'pods of these rollouts that have started'],
  operator_registry_checks: [
    'integer',
    'checks',
    'images that kubelets checked at the registry although they were there (operators.pulledImages)',
  ],
};

/** The column of a metric of operators. Throws a RangeError for another name. */
export function operatorColumn(name: OperatorMetric): Column {
  const found = Object.entries(DICTIONARY).find(([metric]) => metric === name);
  if (found === undefined) throw new RangeError(`${name} is no metric of operators`);
  const [type, unit, meaning] = found[1];
  return { name, type, unit, meaning };
}
