import { expect } from 'chai';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment } from '../../src/experiment/language/experiment.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { identityOf } from '../../src/experiment/execution/parts-header.js';
import { RunParts } from '../../src/experiment/execution/parts.js';
import { holdsResult } from '../../src/run/held-result.js';
import { TOOL } from '../../src/tool.js';
import { Workplace } from '../cli/command.js';
import { experimentWith } from '../experiment/temporary-files.js';
import { runInProcess } from './in-process.js';
import { BREAKS, givesAway, type Planted, plantedIn, SECRET } from './planting.js';

const EXPERIMENT = experimentWith(
  'replications: 1\nwarmup: 1s\nduration: 1m\ncluster: {nodes: 1, podsPerNode: 1, namespaces: 1}\n' +
    'objects: [{name: a, kind: Secret, scope: cluster}]\ntimeline: [{at: 1s, update: a}]',
);
const MEASURED = ['delay_s,node', ...Array.from({ length: 6 }, (_, index) => `${index}.5,n${index % 2}`), ''].join(
  '\n',
);

/** A prime, so that all seeds and kinds of places have their turn; all of them with EVERY_SEED=1, by hand. */
const NTH = process.env['EVERY_SEED'] === '1' ? 1 : 23;

function everyNth(planted: Iterable<Planted>): readonly Planted[] {
  return [...planted].filter((_, index) => index % NTH === 0);
}

/** Breaks, and another file where this one should be. */
const WAYS: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['another file', () => `password=${SECRET}\n`],
  ['another document', () => `{"kind": "Secret", "data": {"${SECRET}": "${SECRET}"}}`],
  ...BREAKS,
];

describe('a secret in what this program has written', () => {
  let place: Workplace;
  let experiment: string;
  let other: Experiment;
  before(async () => {
    place = await Workplace.make();
    experiment = join(place.path, 'experiment.yaml');
    await writeFile(experiment, EXPERIMENT);
    other = await loadExperiment([experiment], { seed: 'b' });
    await runInProcess(['run', experiment, '--out', join(place.path, 'whole'), '--quiet']);
    await runInProcess(['run', experiment, '--out', join(place.path, 'parts'), '--shard', '1/1', '--quiet']);
  });
  after(() => place.remove());

  /** Nothing is told on standard error; on standard output and in files only of what is accepted as a result. */
  async function expectSilence(where: string, args: readonly string[]): Promise<void> {
    const { code, out, err } = await runInProcess(args);
    const told = `${args[0]}, ${where}: ${err.slice(0, 400)}`;
    expect(givesAway(err), told).to.equal(false);
    expect(err, told).not.to.match(/internal error|\n {4}at /);
    if (code !== 0 && code !== 3) expect(out, told).to.equal('');
  }

  /** The same of what `run` does before it computes. */
  async function expectQuiet(where: string, work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => {
      expect(error, where).to.be.instanceOf(InputError);
      expect(givesAway((error as InputError).message), where).to.equal(false);
    });
  }

  async function readResult(where: string, folder: string): Promise<void> {
    await expectSilence(where, ['compare', folder, folder]);
    if (where.startsWith('as it is')) await expectSilence(where, ['report', folder]);
    await expectSilence(where, ['merge', folder]);
    await expectQuiet(where, () => holdsResult(folder, other));
  }

  it('is not repeated of a manifest, whatever it stands in the place of', async () => {
    const folder = join(place.path, 'r');
    await cp(join(place.path, 'whole'), folder, { recursive: true });
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly files: readonly object[] };
    // The lists of files and columns are the longest, and each of their items is read like the others.
    for (const { where, document } of everyNth(plantedIn({ ...manifest, files: manifest.files.slice(0, 2) }))) {
      await writeFile(path, JSON.stringify(document));
      await expectSilence(where, ['compare', folder, folder]);
      await expectSilence(where, ['report', folder]);
      await expectQuiet(where, () => holdsResult(folder, other));
    }
    await rm(folder, { recursive: true });
  }).timeout(120_000);

  it('is not repeated of a result that is broken, or holds other files', async () => {
    const folder = join(place.path, 'r');
    for (const name of ['manifest.json', 'runs.csv', 'load.csv', 'delays.csv']) {
      await cp(join(place.path, 'whole'), folder, { recursive: true });
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      // Where there is a name or a cell: in a row, and in the header.
      const texts = [
        lines.with(1, lines[1].replace(/[^,"]+/, SECRET)),
        lines.with(0, lines[0].replace(/\w+|\{/, SECRET)),
      ];
      for (const text of texts.map((each) => each.join('\n'))) {
        for (const [where, broken] of WAYS.slice(0, 8)) {
          await writeFile(join(folder, name), broken(text));
          await readResult(`${where} of ${name}`, folder);
          await cp(join(place.path, 'whole'), folder, { recursive: true });
        }
      }
      await rm(folder, { recursive: true });
    }
  }).timeout(120_000);

  it('is not repeated of the runs of a shard', async () => {
    const folder = join(place.path, 's');
    const shard = 'shard-1-of-1';
    const header = JSON.parse(await readFile(join(place.path, 'parts', shard, 'experiment.json'), 'utf8')) as unknown;
    const identity = identityOf(other, TOOL.version);
    const read = async (where: string): Promise<void> => {
      await expectSilence(where, ['merge', folder, '--out', join(place.path, 'merged')]);
      await expectQuiet(where, async () => (await RunParts.open(join(folder, shard), identity)).close());
      await rm(join(place.path, 'merged'), { recursive: true, force: true });
    };
    for (const { where, document } of everyNth(plantedIn(header))) {
      await cp(join(place.path, 'parts'), folder, { recursive: true });
      await writeFile(join(folder, shard, 'experiment.json'), JSON.stringify(document));
      await read(where);
      await rm(folder, { recursive: true });
    }
    for (const name of await readdir(join(place.path, 'parts', shard))) {
      for (const [where, broken] of WAYS.slice(0, 6)) {
        await cp(join(place.path, 'parts'), folder, { recursive: true });
        await writeFile(join(folder, shard, name), broken(`{"experiment": "${SECRET}", "version": "1"}`));
        await read(`${where} of ${name}`);
        await rm(folder, { recursive: true });
      }
    }
  }).timeout(120_000);

  it('is not repeated of measured delays, nor of a file in the place of a plan', async () => {
    const path = join(place.path, 'measured.csv');
    // Nothing is computed where the experiment is missing, and that is seen after the delays.
    const read = (where: string, ...by: readonly string[]): Promise<void> =>
      expectSilence(where, ['validate', '--measured', path, '--experiment', join(place.path, 'none'), ...by]);
    for (const [where, broken] of WAYS) {
      await writeFile(path, broken(MEASURED.replace('1.5', SECRET)));
      await read(`${where}, a delay`);
      await writeFile(path, broken(MEASURED.replace('delay_s', SECRET)));
      await read(`${where}, the header`, '--by', SECRET);
    }
    for (const [where, broken] of WAYS.slice(0, 6)) {
      await writeFile(path, broken(`apiVersion: secretsim/v1\nspec: ${SECRET}\n`));
      await expectSilence(where, ['plan', path, '--slo', 'delay_p99_s < 1']);
      await expectSilence(where, ['calibrate', path, path, '-f', join(place.path, 'c.yaml')]);
    }
  }).timeout(120_000);
});
