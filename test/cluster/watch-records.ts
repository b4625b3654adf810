import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/*
 * Writes what some runs under Watch came to as JSON: `without-web-assembly.test.ts` has it written by hosts with and
 * without WebAssembly. Runs of all lengths against minWatchTimeout, releases whose bookmarks differ, watches that begin and
 * end on the way, bins that are no whole seconds, and gaps between watches that the kernel does not take.
 */
const S = 1e6;
const classes = [
  objectClass('own', { scope: 'pod', immutableShare: 0.5 }),
  objectClass('shared', { as: 'projected' }),
  objectClass('config', { kind: 'ConfigMap', scope: 'namespace', count: 3 }),
];
const timeline = [
  change('update', 'own', 30, { ratePerS: 2, order: 'random' }),
  change('markImmutable', 'config', 300),
  change('update', 'shared', 900, { everyUs: 700 * S }),
];
const plain = { nodes: 70, podsPerNode: 3, namespaces: 4, apiServers: 3, classes, timeline };

const records = [
  ...['1.20', '1.28', '1.35'].flatMap((release) =>
    [600, 5400, 20_000].map((duration) => simulate(inputOf({ ...plain, release, duration }), 1)),
  ),
  simulate(inputOf({ ...plain, start: 'cold', duration: 7200 }), 1),
  simulate(inputOf({ ...plain, behaviours: { minWatchTimeout: 61 }, duration: 3601 }), 2),
  simulate({ ...inputOf(plain), loadBinUs: 1.5 * S }, 1),
  simulate({ ...inputOf(plain), durationUs: 1234.5 * S }, 1),
  ...[0, 1.25, 999_999, 2.5 * S].map((p50Us) => {
    const input = inputOf({ ...plain, duration: 5000 });
    return simulate({ ...input, network: { ...input.network, roundTrip: { p50Us, p99Us: p50Us } } }, 1);
  }),
].map((record) => ({ ...record, execution: null }));

process.stdout.write(JSON.stringify(records));
