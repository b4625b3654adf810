import { expect } from 'chai';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { experimentWith, TemporaryFiles } from './temporary-files.js';

/** Each would take minutes if its cost grew with the square of its size. */
describe('an input of many parts', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const first = async (spec: string): Promise<string> => (await files.problems(experimentWith(spec)))[0];
  const many = (count: number, part: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => part(index)).join(', ');

  it('has a bounded number of problems shown, each of a bounded length', () => {
    const { message, problems } = new InputError(Array.from({ length: 50_000 }, () => 'x'.repeat(5_000)));
    expect(problems).to.have.length(50_000);
    expect(message.split('\n')).to.have.length(51);
    expect(message.length).to.be.below(110_000);
    expect(message).to.match(/and 49,950 more problems$/);
  });

  it('is read once: aliases, fields of one name, objects of one name', async () => {
    expect(await first(`seed: &a b\nobjects: [${many(60_000, () => '*a')}]`)).to.include('found text');
    expect(await first(many(60_000, (index) => `f${index}: 1`).replaceAll(', ', '\n'))).to.include('unknown field');
    const object = '{name: a, kind: Secret, scope: pod}';
    const doubles = await files.problems(experimentWith(`objects: [${many(2_000, () => object)}]`));
    expect(doubles.filter((each) => each.includes('a class of this name is defined above'))).to.have.length(1_999);
  }).timeout(20_000);

  it('has conditions that are read in the time of their length', async () => {
    const where = (text: string): Promise<string> =>
      first(`factors: {cluster.nodes: [1, 2]}\nwhere: [${JSON.stringify(text)}]`);
    const blanks = ' '.repeat(9_000);
    expect(await where(`cluster.nodes${blanks}`)).to.include('a condition compares a factor');
    expect(await where(`a${blanks}=${blanks.slice(100)}`)).to.include('at most 10000 characters');
    expect(await where(`${'<'.repeat(9_000)}x`)).to.include('a condition compares a factor');
    expect(await where('a or '.repeat(1_999))).to.include('has more than 1000 comparisons');
  });

  it('has no more factors, scenarios and runs than fit into memory', async () => {
    expect(await first(`factors: {${many(101, (index) => `timeline.${index}.at: [1s]`)}}`)).to.include('101 factors');
    const range = 'factors: {etcd.watch: {from: 1ms, to: 100ms}}\ndesign: {kind: lhs, points: 10000}';
    expect(await first(`${range}\nreplications: 10000`)).to.include('10000 scenarios of 10000 replications');
    const timeline = `timeline: [${many(1_000, () => '{at: 1s, annotatePods: {}}')}]`;
    expect(await first(`${range}\nreplications: 1\n${timeline}`)).to.include('do not fit into memory');
  });

  it('that is told by its hash is the file it was made with', async () => {
    const topology = { apiVersion: 'secretsim/v1', kind: 'Topology', nodes: [{ name: 'n' }], objects: [] };
    files.write('t.json', JSON.stringify({ ...topology, pods: [{ namespace: 'a', name: 'p', node: 0, uses: [] }] }));
    const cluster = (hash: string): string => `cluster: {topology: t.json, topologyHash: "sha256:${hash}"}`;
    expect(await first(cluster('0'.repeat(64)))).to.include('spec.cluster.topologyHash: the topology file is another');
    expect(await first(cluster('x'))).to.include('64 hexadecimal digits');
  });
});
