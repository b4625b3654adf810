import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDump } from './dump.js';

/** A whole command that is measured. */
export interface CommandPart {
  readonly name: string;
  readonly args: readonly string[];
  /** Writes what the command reads to the folder where it is run. */
  readonly prepare?: (folder: string) => void;
  /** True where it takes so long that three repetitions have to do. */
  readonly long: boolean;
  /** What it makes in a second is told, too. */
  readonly makes?: { readonly count: number; readonly what: string };
}

const MINUTE_S = 60;
const UPDATE_COUNT = 34;
const DUMP_BYTES = 200e6;
const ROTATION = { at: '1m', update: 'ca-bundle' };

/** A part that runs an experiment. */
function run(
  name: string,
  spec: object,
  { options = [], ...more }: Partial<CommandPart> & { options?: string[] },
): CommandPart {
  const file = `${name.replace(/\W+/g, '-')}.json`;
  const metadata = { name: 'bench', question: 'How long does it take?' };
  const experiment = { apiVersion: 'secretsim/v1', kind: 'Experiment', metadata, spec };
  return {
    name,
    args: ['run', file, '--out', 'out', '--force', '--quiet', ...options],
    prepare: (folder) => {
      writeFileSync(join(folder, file), JSON.stringify(experiment));
    },
    long: false,
    ...more,
  };
}

/** The preset `own-5000` with another number of nodes, a strategy, and a rotation of the Secret that all pods mount. */
export function ownCluster(
  name: string,
  nodes: number,
  strategy: string,
  more: Partial<CommandPart> & { duration?: string } = {},
): CommandPart {
  const { duration = '1h', ...part } = more;
  const kubelet = { configMapAndSecretChangeDetectionStrategy: strategy };
  return run(
    name,
    { preset: 'own-5000', cluster: { nodes }, kubelet, replications: 1, duration, timeline: [ROTATION] },
    part,
  );
}

/** Updates of a Secret that all pods mount, as far apart as each takes. */
const UPDATES = Array.from({ length: UPDATE_COUNT }, (_, i) => ({ at: `${MINUTE_S + 100 * i}s`, update: 'ca-bundle' }));

/** Ten values of one field, twenty of another. */
const SWEEP = {
  'kubelet.syncFrequency': Array.from({ length: 10 }, (_, i) => `${10 * (i + 1)}s`),
  'cluster.podsPerNode': Array.from({ length: 20 }, (_, i) => 5 + i),
};

/** All of them. */
export const PARTS: readonly CommandPart[] = [
  { name: 'start-up: --version', args: ['--version'], long: false },
  run('start-up: a run of 3 nodes', { preset: 'kind-3', replications: 1, duration: '10m' }, {}),
  ownCluster('own-5000 Watch 1 h', 5000, 'Watch'),
  ownCluster('own-5000 Cache 1 h', 5000, 'Cache'),
  ownCluster('own-5000 Get 1 h', 5000, 'Get'),
  ownCluster('own-5000 Watch 24 h', 5000, 'Watch', { duration: '24h' }),
  ownCluster('100,000 nodes Watch 1 h', 100_000, 'Watch', { long: true }),
  ownCluster('100,000 nodes Cache 1 h', 100_000, 'Cache', { long: true }),
  ownCluster('100,000 nodes Get 1 h', 100_000, 'Get', { long: true }),
  ownCluster('1,000,000 nodes Watch 1 h', 1_000_000, 'Watch', { long: true }),
  run(
    '1,000 replications of 1,000 nodes, 10 min',
    { preset: 'own-5000', cluster: { nodes: 1000 }, replications: 1000, duration: '10m', timeline: [ROTATION] },
    { long: true },
  ),
  run(
    'sweep of 200 scenarios of 100 nodes, 10 min',
    {
      preset: 'own-5000',
      cluster: { nodes: 100 },
      replications: 1,
      duration: '10m',
      timeline: [ROTATION],
      factors: SWEEP,
    },
    {},
  ),
  run(
    'a million pods, 20 updates of 1,000 pods, 1 h',
    {
      cluster: { nodes: 33_334, podsPerNode: 30, namespaces: 100, deploymentReplicas: 1000 },
      objects: [{ name: 'config', kind: 'ConfigMap', scope: 'deployment' }],
      replications: 1,
      duration: '1h',
      timeline: [{ at: '1m', update: 'config', rate: '20/h' }],
    },
    { long: true },
  ),
  run(
    'storm of 150,000 watches, 10 min',
    {
      cluster: { nodes: 5000, podsPerNode: 30 },
      objects: [{ name: 'own', kind: 'Secret', scope: 'pod' }],
      apiServer: { capacity: 4 },
      replications: 1,
      duration: '10m',
      timeline: [{ at: '1m', restartApiServer: { servers: 1, mode: 'crash' } }],
    },
    { long: true },
  ),
  run(
    'samples of 34 updates of 150,000 pods',
    { preset: 'own-5000', replications: 1, duration: '1h', timeline: UPDATES },
    { options: ['--samples', 'all'], long: true, makes: { count: UPDATE_COUNT * 150_000, what: 'rows' } },
  ),
  {
    name: 'import of a dump of 200 MB',
    args: ['import', '--cluster', 'dump.json', '--file', 'cluster.yaml', '--force'],
    prepare: (folder) => {
      const file = openSync(join(folder, 'dump.json'), 'w');
      writeDump(file, DUMP_BYTES);
      closeSync(file);
    },
    long: true,
    makes: { count: DUMP_BYTES, what: 'bytes' },
  },
];
