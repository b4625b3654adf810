import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { experimentOf, loadExperiment } from '../../../src/experiment/language/load-experiment.js';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { TemporaryFiles } from '../temporary-files.js';

const EXPERIMENTS = fileURLToPath(new URL('../../../../experiments/', import.meta.url));

/** The experiments that this repository comes with, but those of an imported cluster: their paths count from the file. */
const COMMITTED = readdirSync(EXPERIMENTS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !/kubelet|imported/.test(name))
  .map((name) => EXPERIMENTS + name)
  .filter((path) => {
    const text = readFileSync(path, 'utf8');
    return /^kind: Experiment$/m.test(text) && !text.includes('topology:');
  });

function document(spec: object): object {
  return { apiVersion: 'secretsim/v1', kind: 'Experiment', metadata: { name: 'test' }, spec };
}

async function problemsOf(experiment: object, set: readonly string[] = []): Promise<readonly string[]> {
  try {
    await experimentOf(experiment, { set });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
  throw new Error('the experiment was accepted');
}

describe('an experiment of a plain object', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());

  it('is the experiment of its file', async () => {
    expect(COMMITTED).to.have.length.above(20);
    for (const path of COMMITTED) {
      const [read, built] = [
        await loadExperiment([path]),
        await experimentOf(parse(readFileSync(path, 'utf8')) as object),
      ];
      expect(built, path).to.deep.equal({ ...read, file: 'experiment' });
    }
  });

  it('is refused for the reasons of its file, which name fields without lines', async () => {
    const wrong = [
      { cluster: { nodes: -1, podPerNode: 3 }, kubelet: { syncFrequency: '1 minute' } },
      { preset: 'sig-500' },
      { objects: [{ name: 'a', kind: 'Secrets', scope: 'cluster' }], timeline: [{ at: '1m', update: 'b' }] },
      { cluster: { kubernetesVersion: '1.30', kubeletVersion: '1.31' } },
      { cluster: { topology: 'no-such.json.gz' } },
      { factors: { 'cluster.nodes': [1, 'many'] } },
      { seed: null },
    ];
    for (const spec of wrong) {
      const text = JSON.stringify(document(spec));
      const inFile = (await files.problems(text)).map((each) =>
        each.replace(/^experiment\.yaml(:\d+:\d+)?/, 'experiment'),
      );
      expect(await problemsOf(document(spec))).to.deep.equal(inFile);
    }
  });

  it('takes what is laid over it', async () => {
    const { replications, seed, scenarios } = await experimentOf(document({ cluster: { nodes: 10 } }), {
      ...{ replications: 3, seed: 'another', set: ['cluster.nodes=20'] },
    });
    expect({ replications, seed }).to.deep.equal({ replications: 3, seed: 'another' });
    expect(scenarios[0].input.cluster).to.include({ nodes: 20 });
    expect(await problemsOf(document({}), ['cluster.node=1'])).to.match(/^--set .*did you mean nodes/);
  });

  it('holds only what a file could hold', async () => {
    const circle: { spec?: object } = {};
    circle.spec = circle;
    const halves = Array.from({ length: 40 }).reduce<object>((half) => ({ a: half, b: half }), {});
    const cases: readonly (readonly [object, RegExp])[] = [
      [document({ seed: () => 'secret' }), /^experiment: spec\.seed: only text, numbers, /],
      [document({ seed: Symbol('secret') }), /^experiment: spec\.seed: only /],
      [document({ seed: 7n }), /^experiment: spec\.seed: only /],
      [document({ duration: new Date(0) }), /^experiment: spec\.duration: only /],
      [document({ factors: new Map([['seed', ['secret']]]) }), /^experiment: spec\.factors: only /],
      [document({ timeline: [undefined] }), /^experiment: spec\.timeline\.0: only /],
      [document({ seed: 'secret\ud800' }), /^experiment: spec\.seed: half of a character/],
      [document({ 'secret\ud800': 1 }), /^experiment: spec: a field name holds half of a character/],
      [document({ secret: { secret: () => 1 } }), /^experiment: spec\.….…: only /],
      [document({ replications: NaN }), /^experiment: spec\.replications: /],
      [[], /^experiment: .*expected the fields apiVersion, kind, metadata and spec$/],
      [circle, /^experiment: is nested too deeply$/],
      [document(halves), /^experiment: has more than 200000 parts$/],
    ];
    for (const [experiment, message] of cases) {
      const problems = await problemsOf(experiment);
      expect(problems.join('\n')).to.match(message).and.not.include('secret:');
      expect(problems).to.have.length(1);
    }
  });

  it('leaves undefined fields out, as JSON does', async () => {
    const { scenarios } = await experimentOf(document({ seed: undefined, cluster: { nodes: 5 } }));
    expect(scenarios).to.have.length(1);
  });
});
