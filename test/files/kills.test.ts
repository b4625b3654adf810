import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advise } from '../../src/advise/advise.js';
import { EXAMPLE_EXPERIMENT } from '../../src/experiment/language/example.js';
import type { Experiment } from '../../src/experiment/language/experiment.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { type Operation, watchOperations, writeNewFile } from '../../src/files/operations.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { mergeShards } from '../../src/run/merge-shards.js';
import { writePlayground } from '../../src/playground/write-playground.js';
import { refuseExisting } from '../../src/report/output-files.js';
import { prepareTrace } from '../../src/report/trace/write-trace.js';
import { writeReport } from '../../src/report/write-report.js';
import { runShard } from '../../src/run/run-shard.js';
import { runToFolder } from '../../src/run/run-to-folder.js';
import { fakeExperiment, FAKE_WORKER } from '../experiment/fakes.js';
import { experimentWith, TemporaryFiles } from '../experiment/temporary-files.js';
import { list, node, pod, secret } from '../import/kubernetes.js';

/** No process has this number: it is above the largest that Linux gives out. */
const DEAD_PROCESS = 2 ** 22 + 1;

class Killed extends Error {}

/** Every operation from number `k` on fails, and what would clean up with it: as if the process had ended there. */
function killAt(k: number): () => number {
  let count = 0;
  watchOperations(() => {
    if (++count >= k) throw new Killed();
  });
  return () => count;
}

/** Operation number `k` alone fails, as on a disk with an error. */
function failAt(k: number): void {
  let count = 0;
  watchOperations((operation: Operation) => {
    if (++count === k && operation !== 'remove')
      throw Object.assign(new Error(operation), { code: 'EIO', syscall: operation });
  });
}

/** A command that writes, in a folder of its own. */
interface Writing {
  readonly name: string;
  /** What the folder holds before. */
  readonly prepare?: (folder: string) => Promise<unknown>;
  readonly write: (folder: string) => Promise<unknown>;
  /** Writes again after a kill. Default: the same. */
  readonly again?: (folder: string) => Promise<unknown>;
  /** Files that are written together: both or none of them, old or new. */
  readonly together?: readonly string[];
}

const SMALL = experimentWith(
  'replications: 1\nwarmup: 1s\nduration: 1m\ncluster: {nodes: 2, podsPerNode: 1, namespaces: 1}\n' +
    'objects: [{name: a, kind: Secret, scope: cluster}]\ntimeline: [{at: 1s, update: a}]',
);
const ONE = { workers: 1, workerScript: FAKE_WORKER };
/** Fake runs of an experiment whose spec is a real one. */
const fakes = async (...args: Parameters<typeof fakeExperiment>): Promise<Experiment> => {
  const files = new TemporaryFiles();
  const { spec } = await files.load(SMALL);
  files.remove();
  return { ...fakeExperiment(...args), spec };
};
const three = (): Promise<Experiment> => fakes(['compute'], 2);
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

/** A result that has more tables than the one to come. */
async function addTables(folder: string, names: readonly string[]): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly files: readonly object[] };
  for (const name of names) await writeFile(join(folder, name), 'old');
  const sha256 = createHash('sha256').update('old').digest('hex');
  const files = [...manifest.files, ...names.map((name) => ({ name, rows: 0, sha256 }))];
  await writeFile(path, JSON.stringify({ ...manifest, files }));
}

const COMMANDS: readonly Writing[] = [
  { name: 'run', write: async (folder) => runToFolder(await three(), join(folder, 'r'), ONE) },
  {
    name: 'run --force over an older result',
    prepare: async (folder) => {
      await runToFolder(await other(), join(folder, 'r'), ONE);
      await addTables(join(folder, 'r'), ['last_pod.csv', 'samples-part2.csv']);
    },
    write: async (folder) => runToFolder(await three(), join(folder, 'r'), { ...ONE, force: true }),
  },
  {
    name: 'run --only',
    write: async (folder) => runToFolder(await three(), join(folder, 'r'), { ...ONE, only: 's001-r001' }),
    again: async (folder) => runToFolder(await three(), join(folder, 'r'), { ...ONE, only: 's001-r001', force: true }),
  },
  { name: 'run --shard', write: async (folder) => runShard(await three(), folder, { index: 1, count: 2 }, ONE) },
  {
    name: 'merge',
    prepare: async (folder) => {
      for (const index of [1, 2]) await runShard(await three(), join(folder, 'p'), { index, count: 2 }, ONE);
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
  { name: 'playground', write: (folder) => writePlayground(join(folder, 'p.html')) },
  {
    name: 'init',
    write: (folder) => writeNewFile(join(folder, 'e.yaml'), [Buffer.from(EXAMPLE_EXPERIMENT)]),
    again: async (folder) => {
      await rm(join(folder, 'e.yaml'), { force: true });
      await writeNewFile(join(folder, 'e.yaml'), [Buffer.from(EXAMPLE_EXPERIMENT)]);
    },
  },
];

/** Every file below a folder with what it holds; a manifest without what differs from time to time. */
async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of names.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const text = entry.name === 'manifest.json' ? withoutExecution(bytes) : bytes.toString('latin1');
    // Parts hold how long their run took.
    found.set(path.slice(folder.length), entry.name.endsWith('.bin') ? '' : text);
  }
  return found;
}

function withoutExecution(bytes: Buffer): string {
  const manifest = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...manifest, execution: null });
}

/** A manifest vouches for every table beside it, and for no other. */
async function expectVouched(folder: string, where: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (!names.includes('manifest.json')) return;
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
  };
  for (const { name, sha256 } of manifest.files) {
    const bytes = await readFile(join(folder, name));
    expect(createHash('sha256').update(bytes).digest('hex'), `${where}: ${name}`).to.equal(sha256);
  }
  const tables = names.filter((name) => name.endsWith('.csv'));
  expect(tables, where).to.have.members(manifest.files.map(({ name }) => name));
}

/** A killed process is gone: what its lock says is true of no process. */
async function bury(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/(^|\/)lock$/.test(name)) continue;
    const path = join(folder, name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(`"pid":${process.pid}`, `"pid":${DEAD_PROCESS}`));
  }
}

describe('a kill at every file operation', () => {
  let place: string;
  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'secretsim-kills-'));
  });
  afterEach(() => watchOperations(null));
  after(() => rm(place, { recursive: true }));

  for (const [index, { name, prepare, write, again = write, together = [] }] of COMMANDS.entries()) {
    it(`of ${name} leaves nothing that passes for more than it is, and the next time heals it`, async () => {
      const [start, whole] = [join(place, `${index}-start`), join(place, `${index}-whole`)];
      await mkdir(start);
      await prepare?.(start);
      await cp(start, whole, { recursive: true });
      const counted = killAt(Infinity);
      await write(whole);
      const operations = counted();
      watchOperations(null);
      expect(operations).to.be.above(2);
      const [before, after] = [await contents(start), await contents(whole)];
      for (let k = 1; k <= operations; k++) {
        const folder = join(place, `${index}-${k}`);
        await cp(start, folder, { recursive: true });
        killAt(k);
        await write(folder).catch(() => undefined);
        watchOperations(null);
        await bury(folder);
        await expectVouched(join(folder, 'r'), `${name}, killed at ${k}`);
        if (together.length > 0) {
          await refuseExisting(
            together.map((each) => join(folder, each)),
            true,
          );
          const left = await contents(folder);
          const states = [before, after].map((state) =>
            together.every((each) => left.get(`/${each}`) === state.get(`/${each}`)),
          );
          expect(states, `${name}, killed at ${k}`).to.include(true);
        }
        await again(folder);
        const healed = await contents(folder);
        const wrong = [...new Set([...healed.keys(), ...after.keys()])].filter(
          (each) => healed.get(each) !== after.get(each),
        );
        expect(wrong, `${name}, again after ${k}`).to.deep.equal([]);
        await rm(folder, { recursive: true });
      }
    }).timeout(120_000);

    it(`of ${name}: an error of the disk there leaves what was before, and no other file`, async () => {
      const [start, whole] = [join(place, `${index}-start`), join(place, `${index}-counted`)];
      await cp(start, whole, { recursive: true });
      const counted = killAt(Infinity);
      await write(whole);
      const operations = counted();
      for (let k = 1; k <= operations; k++) {
        const folder = join(place, `${index}-error-${k}`);
        await cp(start, folder, { recursive: true });
        failAt(k);
        const failed = await write(folder).then(
          () => false,
          () => true,
        );
        watchOperations(null);
        const names = [...(await contents(folder)).keys()].filter((each) => /\.(tmp|ready|old)$/.test(each));
        if (failed) expect(names, `${name}, error at ${k}`).to.deep.equal([]);
        await expectVouched(join(folder, 'r'), `${name}, error at ${k}`);
        await rm(folder, { recursive: true });
      }
    }).timeout(120_000);
  }
});
