import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { advise } from '../../src/advise/advise.js';
import { writeNew } from '../../src/cli/init-command.js';
import { EXAMPLE_EXPERIMENT } from '../../src/experiment/language/example.js';
import type { Experiment } from '../../src/experiment/language/experiment.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { packRun } from '../../src/experiment/execution/job-protocol.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { jobsOf } from '../../src/experiment/execution/jobs.js';
import { runExperiment } from '../../src/experiment/execution/runner.js';
import { calibrate } from '../../src/import/calibrate/calibrate.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { mergeShards } from '../../src/run/merge-shards.js';
import { planExperiment } from '../../src/plan/plan.js';
import { writePlayground } from '../../src/playground/write-playground.js';
import { prepareTrace } from '../../src/report/trace/write-trace.js';
import { writeReport } from '../../src/report/write-report.js';
import { runShard } from '../../src/run/run-shard.js';
import { fillFolder, runToFolder, type WriteOptions } from '../../src/run/run-to-folder.js';
import { writeTables } from '../../src/validation/table-files.js';
import type { ValidationTable } from '../../src/validation/tables.js';
import { fakeExperiment, fakeRecord, FAKE_WORKER } from '../experiment/fakes.js';
import { experimentWith, TemporaryFiles } from '../experiment/temporary-files.js';
import { list, node, pod, secret } from '../import/kubernetes.js';

/** A command that writes, in a folder of its own. */
export interface Writing {
  readonly name: string;
  /** What the folder holds before. */
  readonly prepare?: (folder: string) => Promise<unknown>;
  readonly write: (folder: string) => Promise<unknown>;
  /** Writes again after a kill. Default: the same. */
  readonly again?: (folder: string) => Promise<unknown>;
  /** Files that are written together: both or none of them, old or new. */
  readonly together?: readonly string[];
  /** Files that are there together only if they are of one time. */
  readonly alike?: readonly string[];
}

const SMALL = experimentWith(
  'replications: 1\nwarmup: 1s\nduration: 1m\ncluster: {nodes: 2, podsPerNode: 1, namespaces: 1}\n' +
    'objects: [{name: a, kind: Secret, scope: cluster}]\ntimeline: [{at: 1s, update: a}]',
);
const ONE = { workers: 1, workerScript: FAKE_WORKER };
/** Fake runs of an experiment whose spec is a real one. */
const fakes = async (...args: Parameters<typeof fakeExperiment>): Promise<Experiment> => {
  realSpec ??= await readSmall();
  return { ...fakeExperiment(...args), spec: realSpec };
};
let realSpec: Experiment['spec'] | undefined;
const readSmall = async (): Promise<Experiment['spec']> => {
  const files = new TemporaryFiles();
  const { spec } = await files.load(SMALL);
  files.remove();
  return spec;
};
/** `run`, but for the thread that computes: what it answers is made here, which takes a fifth of the time. */
async function run(experiment: Experiment, folder: string, options: WriteOptions = {}): Promise<void> {
  await fillFolder(experiment, folder, options, async (parts) => {
    for (const { runId, scenario, replication } of jobsOf(experiment)) {
      if ((await parts.read(runId)) !== null) continue;
      await parts.write(runId, packRun(fakeRecord(scenario, replication), 0));
    }
    return runExperiment(experiment, { ...ONE, parts });
  });
}
const two = (): Promise<Experiment> => fakes(['compute'], 2);
const other = (): Promise<Experiment> => fakes(['compute'], 1, 'h0');
const dump = (name: string): string =>
  list(
    node('node-1'),
    pod('web', { volumes: [{ name: 'v', secret: { secretName: name } }] }),
    secret(name, { k: 'eA==' }),
  );

const small = async (folder: string): Promise<Awaited<ReturnType<typeof loadExperiment>>> => {
  await writeFile(join(folder, 'small.yaml'), SMALL);
  return loadExperiment([join(folder, 'small.yaml')]);
};
const importTo = async (folder: string, name: string): Promise<void> => {
  await writeFile(join(folder, 'dump.json'), dump(name));
  await importCluster({ clusterFiles: [join(folder, 'dump.json')], out: join(folder, 'x.yaml'), force: true });
};
const adviseTo = async (folder: string, name: string): Promise<void> => {
  await writeFile(join(folder, 'dump.json'), dump(name));
  const [script, rows] = [join(folder, 'patch.sh'), join(folder, 'rows.csv')];
  await advise({ dump: [join(folder, 'dump.json')], script, rows, unchangedForUs: 0, force: true });
};

const calibrateTo = async (folder: string, reads: number): Promise<void> => {
  const labels = 'code="200",group="",resource="secrets",verb="GET",version="v1"';
  const text = `# TYPE apiserver_request_total counter\napiserver_request_total{${labels}} ${reads}\nprocess_cpu_seconds_total 12.5\n`;
  await writeFile(join(folder, 'a.prom'), text);
  await calibrate({ scrapes: [join(folder, 'a.prom')], out: join(folder, 'c.yaml'), force: true });
};
const table = (name: string, cell: string): ValidationTable => ({
  name,
  title: name,
  columns: ['x'],
  rows: [[cell]],
  misses: 0,
});

/** A result that has more tables than the one to come. */
async function addTables(folder: string, names: readonly string[]): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly files: readonly object[] };
  for (const name of names) await writeFile(join(folder, name), 'old');
  const sha256 = createHash('sha256').update('old').digest('hex');
  const files = [...manifest.files, ...names.map((name) => ({ name, rows: 0, sha256 }))];
  await writeFile(path, JSON.stringify({ ...manifest, files }));
}

/** Every command that writes files. Others print what they find: compare, presets, releases, schema, completion. */
export const COMMANDS: readonly Writing[] = [
  { name: 'run', write: async (folder) => run(await two(), join(folder, 'r')) },
  {
    name: 'run --force over an older result',
    prepare: async (folder) => {
      await run(await other(), join(folder, 'r'));
      await addTables(join(folder, 'r'), ['last_pod.csv', 'samples-part2.csv']);
    },
    write: async (folder) => run(await two(), join(folder, 'r'), { force: true }),
  },
  {
    name: 'run --only',
    write: async (folder) => runToFolder(await two(), join(folder, 'r'), { ...ONE, only: 's001-r001' }),
    again: async (folder) => runToFolder(await two(), join(folder, 'r'), { ...ONE, only: 's001-r001', force: true }),
  },
  { name: 'run --shard', write: async (folder) => runShard(await two(), folder, { index: 1, count: 2 }, ONE) },
  {
    name: 'merge',
    prepare: async (folder) => {
      for (const index of [1, 2]) await runShard(await two(), join(folder, 'p'), { index, count: 2 }, ONE);
    },
    write: (folder) => mergeShards([join(folder, 'p')], { out: join(folder, 'r') }),
  },
  {
    name: 'report',
    prepare: async (folder) => {
      await runToFolder(await small(folder), join(folder, 'r'), { workers: 1 });
      await writeFile(join(folder, 'r', 'report.html'), 'old');
    },
    write: (folder) => writeReport(join(folder, 'r'), { runs: 0 }),
  },
  { name: 'import', write: (folder) => importTo(folder, 'tls'), together: ['x.topology.json.gz', 'x.yaml'] },
  {
    name: 'import --force',
    prepare: (folder) => importTo(folder, 'before'),
    write: (folder) => importTo(folder, 'tls'),
    together: ['x.topology.json.gz', 'x.yaml'],
  },
  {
    name: 'advise --force',
    prepare: (folder) => adviseTo(folder, 'before'),
    write: (folder) => adviseTo(folder, 'tls'),
    together: ['patch.sh', 'rows.csv'],
  },
  {
    name: 'run --trace',
    write: async (folder) => {
      const file = join(folder, 't.json.gz');
      const trace = await prepareTrace(await small(folder), { file, runId: 's001-r001', nodes: 1, force: true });
      await trace.write();
    },
  },
  {
    name: 'calibrate --force',
    prepare: (folder) => calibrateTo(folder, 5),
    write: (folder) => calibrateTo(folder, 7),
  },
  {
    name: 'plan',
    write: async (folder) => {
      await writeFile(join(folder, 'small.yaml'), SMALL);
      const options = { cost: 'due', delay: 'delay_p99_s', replications: 1, workers: 1, force: true } as const;
      const slos = ['delay_p99_s < 900'];
      const knobs = ['kubelet.syncFrequency=[60s]'];
      await planExperiment([join(folder, 'small.yaml')], { ...options, slos, knobs, out: join(folder, 'p.yaml') });
    },
  },
  {
    name: 'validate',
    prepare: (folder) => writeTables(folder, [table('a', 'old'), table('b', 'old')]),
    write: (folder) => writeTables(folder, [table('a', 'new'), table('b', 'new')]),
    alike: ['a.csv', 'b.csv'],
  },
  { name: 'playground', write: (folder) => writePlayground(join(folder, 'p.html')) },
  {
    name: 'init',
    write: (folder) => writeNew(join(folder, 'e.yaml'), EXAMPLE_EXPERIMENT),
    again: (folder) =>
      writeNew(join(folder, 'e.yaml'), EXAMPLE_EXPERIMENT).catch((error: unknown) => {
        // It was there, and whole, as is shown below.
        if (!(error instanceof InputError)) throw error;
      }),
  },
];
