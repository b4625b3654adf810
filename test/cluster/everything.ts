import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { change, objectClass, type Scenario } from './scenario.js';

/** A run's whole result as text; how it was computed is left out. */
export const textOf = (record: RunRecord): string =>
  JSON.stringify({ ...record, execution: null }, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );

/** A cluster with every mode of consumption and every action of the timeline. */
export const everything: Scenario = {
  nodes: 12,
  podsPerNode: 5,
  duration: 1500,
  samples: 'all',
  classes: [
    objectClass('own', { scope: 'pod', immutableShare: 0.3 }),
    objectClass('config', { kind: 'ConfigMap', scope: 'deployment', as: 'projected', count: 2 }),
    objectClass('shared'),
    objectClass('pull', { scope: 'namespace', as: 'imagePullSecret', podFraction: 0.5 }),
    objectClass('environment', { scope: 'namespace', as: 'env' }),
    objectClass('optional', { scope: 'node', optional: true }),
    objectClass('file', { scope: 'node', as: 'subPath' }),
  ],
  timeline: [
    change('update', 'shared', 30, { everyUs: 97e6, jitterUs: 5e6 }),
    change('update', 'own', 10, { ratePerS: 5, order: 'random' }),
    change('update', 'config', 200),
    change('delete', 'optional', 300),
    change('recreate', 'optional', 500),
    change('delete', 'config', 600),
    change('recreate', 'config', 640),
    change('recreate', 'own', 900),
    change('markImmutable', 'shared', 1000),
    { action: 'annotatePods', fraction: 0.5, firstUs: 100e6, everyUs: 333e6, untilUs: Infinity, jitterUs: 0 },
    change('update', 'pull', 400),
    change('markImmutable', 'pull', 700),
    change('update', 'file', 50),
    change('update', 'environment', 60),
  ],
};
