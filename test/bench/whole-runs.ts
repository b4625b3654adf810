import { nodesOf, simulate } from '../../src/cluster/run/simulate.js';
import { type ObjectClass } from '../../src/cluster/model/model-input.js';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { change, inputOf, objectClass, type Scenario } from '../cluster/scenario.js';
import { crash } from '../cluster/timeline-actions.js';

const SECOND_MS = 1000;

/** The classes of the preset `own-5000`: four consumers per pod. */
const OWN: readonly ObjectClass[] = [
  objectClass('own-secret', { scope: 'pod', sizeBytes: 4096 }),
  objectClass('own-config', { kind: 'ConfigMap', scope: 'pod', sizeBytes: 4096 }),
  objectClass('ca-bundle', { sizeBytes: 4096 }),
  objectClass('kube-root-ca.crt', { kind: 'ConfigMap', scope: 'namespace', as: 'projected' }),
];

/** A run to be timed. */
export interface Run {
  readonly name: string;
  readonly scenario: Scenario;
  readonly eager?: boolean;
}

/** One measured run. */
export interface Measured {
  readonly name: string;
  readonly buildS: number;
  readonly simulateS: number;
  readonly events: number;
  readonly residentMiB: number;
}

/** The preset `own-5000` with another number of nodes: four consumers per pod, one simulated hour, one rotation. */
export const own = (nodes: number, more: Scenario): Scenario => ({
  nodes,
  podsPerNode: 30,
  namespaces: 100,
  replicas: 30,
  apiServers: 3,
  duration: 3600,
  classes: OWN,
  timeline: [change('update', 'ca-bundle', 60)],
  ...more,
});

/** Three API servers of 4 cores lose 150,000 watches at once. */
const storm = (release: string): Scenario => ({
  release,
  nodes: 5000,
  podsPerNode: 30,
  apiServers: 3,
  duration: 600,
  classes: [objectClass('own', { scope: 'pod' })],
  timeline: [crash(60)],
  apiServer: { capacity: 4 },
});

/** The runs that the benchmark times: one simulated hour with a rotation of the cluster-wide Secret, and storms. */
export const RUNS: readonly Run[] = [
  ...STRATEGY_NAMES.map((strategy) => ({ name: `own-5000 ${strategy} 1 h`, scenario: own(5000, { strategy }) })),
  { name: 'own-5000 Watch 24 h', scenario: own(5000, { duration: 86400 }) },
  { name: 'own-1000 Watch 1 h', scenario: own(1000, {}) },
  { name: 'storm of 150,000 watches 1.30, 10 min', scenario: storm('1.30') },
  { name: 'storm of 150,000 watches 1.20, 10 min', scenario: storm('1.20') },
  { name: 'own-1000 Watch 1 h, eager reference', scenario: own(1000, {}), eager: true },
];

/** Builds the cluster and simulates it, timing both. */
export function measure({ name, scenario, eager }: Run): Measured {
  const input = inputOf(scenario);
  const start = performance.now();
  const nodes = nodesOf(input);
  const built = performance.now();
  const { execution } = simulate(input, 1, { nodes, eager: eager ?? false });
  return {
    name,
    buildS: (built - start) / SECOND_MS,
    simulateS: (performance.now() - built) / SECOND_MS,
    events: execution.events,
    residentMiB: process.memoryUsage.rss() / 2 ** 20,
  };
}
