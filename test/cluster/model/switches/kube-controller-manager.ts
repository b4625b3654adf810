import { change, objectClass } from '../../scenario.js';
import { measured } from './observed.js';
import type { Probe } from './probe.js';

/** Seconds between two syncs of a pod, at most: 1.5 × syncFrequency, and the ticker. */
const LONGEST_INTERVAL_S = 90 + 1;

/** The TTL controller is asked through the kubelets that go by its annotation. */
export const KUBE_CONTROLLER_MANAGER_PROBES: readonly Probe[] = [
  {
    of: 'ttlBoundaries',
    measures: 'the last pod of 12,000 nodes under Cache, s',
    scenario: {
      strategy: 'Cache',
      behaviours: { cacheInvalidation: 'firstReference' },
      nodes: 12_000,
      duration: 20,
      classes: [objectClass('shared')],
      timeline: [change('update', 'shared', 10)],
    },
    read: (scenario) => measured(scenario, 'last_pod_max_s'),
    laws: {
      six: { says: '600 to 691, a TTL of 600 and a sync', from: 600, to: 600 + LONGEST_INTERVAL_S },
      five: { says: '300 to 391, a TTL of 300 and a sync', from: 300, to: 300 + LONGEST_INTERVAL_S },
    },
  },
];
