import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/*
 * Writes what some runs under Cache and Get came to as JSON, as `watch-records.ts` does for runs under Watch: objects of one
 * reader and of several, clocks with and without a ticker of seconds, more kinds of reads than there is room for, more syncs
 * of a node than are listed, limiters that bind, and bins that are no whole seconds.
 */
const S = 1e6;
const classes = [
  objectClass('own', { scope: 'pod', count: 2 }),
  objectClass('shared'),
  objectClass('config', { kind: 'ConfigMap', scope: 'namespace' }),
];
const timeline = [
  change('update', 'own', 30, { ratePerS: 2, order: 'random' }),
  change('markImmutable', 'config', 300),
  change('update', 'shared', 400, { everyUs: 700 * S }),
];
const plain = { nodes: 40, podsPerNode: 5, namespaces: 3, apiServers: 3, ttl: 300, classes, timeline };

const records = (['Cache', 'Get'] as const)
  .flatMap((strategy) => [
    inputOf({ ...plain, strategy, duration: 3600 }),
    inputOf({ ...plain, strategy, duration: 3600, ttl: 61, kubelet: { syncPodDurationUs: 250_000 } }),
    inputOf({ ...plain, strategy, duration: 1800, kubelet: { syncTickerPeriodUs: 0 } }),
    inputOf({ ...plain, strategy, duration: 1800, kubelet: { reconcilerLoopSleepPeriodUs: 2.5 * S } }),
    inputOf({ ...plain, strategy, duration: 1800, kubelet: { kubeAPIQPS: 1, kubeAPIBurst: 12 } }),
    inputOf({ ...plain, strategy, nodes: 2, podsPerNode: 60, duration: 20_000, timeline: [] }),
    inputOf({ ...plain, strategy, duration: 10_000 }),
    { ...inputOf({ ...plain, strategy }), loadBinUs: 1.5 * S },
  ])
  .map((input) => ({ ...simulate(input, 1), execution: null }));

process.stdout.write(JSON.stringify(records));
