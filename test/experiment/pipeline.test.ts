import { expect } from 'chai';
import { TemporaryFiles, experimentWith } from './temporary-files.js';

const BASE = 'cluster: {nodes: 2}\ntimeline: [{at: 1m, update: a}]\nobjects: [{name: a, kind: Secret, scope: cluster}]';

describe('spec.pipeline', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());

  const load = (spec: string) => files.load(experimentWith(`${BASE}\n${spec}`));
  const problems = (spec: string) => files.problems(experimentWith(`${BASE}\n${spec}`));
  const rotationOf = async (spec: string) => (await load(spec)).scenarios.map(({ input }) => input.rotation);

  it('is absent, and no rotations are kept, where it is not asked for', async () => {
    const [rotation] = await rotationOf('');
    expect(rotation).to.equal(undefined);
    expect((await load('output: {rotation: false}')).hash).to.equal((await load('')).hash);
  });

  it('gives the delays of its stages, 0 where there is none', async () => {
    const spec = 'pipeline: {source: {refreshInterval: 1h}, application: {reloadInterval: 10s, reloadDelay: 500ms}}';
    expect(await rotationOf(spec)).to.deep.equal([
      { pipeline: { refreshIntervalUs: 3.6e9, reloadIntervalUs: 1e7, reloadDelayUs: 5e5 } },
    ]);
    expect(await rotationOf('pipeline: {source: {refreshInterval: 1h}}')).to.deep.equal([
      { pipeline: { refreshIntervalUs: 3.6e9, reloadIntervalUs: 0, reloadDelayUs: 0 } },
    ]);
  });

  it('is not needed to ask for the kubelets alone', async () => {
    expect(await rotationOf('output: {rotation: true}')).to.deep.equal([{ pipeline: null }]);
  });

  it('can be a factor', async () => {
    const rotations = await rotationOf('factors: {pipeline.source.refreshInterval: [0s, 1m]}');
    expect(rotations.map((rotation) => rotation?.pipeline?.refreshIntervalUs)).to.deep.equal([0, 6e7]);
  });

  it('determines the results', async () => {
    const specs = ['', 'output: {rotation: true}', 'pipeline: {source: {refreshInterval: 1h}}'];
    const hashes = new Set<string>();
    for (const spec of specs) hashes.add((await load(spec)).hash);
    expect(hashes.size).to.equal(3);
  });

  it('has to have a stage, and an application a delay', async () => {
    expect(await problems('pipeline: {}')).to.deep.equal([
      'experiment.yaml:8:13: spec.pipeline: has no stage: give source: {refreshInterval: 1h}, or application: {reloadInterval: 10s}, or both',
    ]);
    expect(await problems('pipeline: {application: {}}')).to.have.length(1);
    expect((await problems('pipeline: {application: {}}'))[0]).to.contain('spec.pipeline.application: has no delay');
    expect((await problems('pipeline: {source: {}}'))[0]).to.contain('spec.pipeline.source');
  });

  it('refuses what is no duration, and names that it does not know', async () => {
    expect((await problems('pipeline: {source: {refreshInterval: 60}}'))[0]).to.contain('a duration');
    expect((await problems('pipeline: {source: {refreshInterval: -1h}}'))[0]).to.contain('cannot be negative');
    expect((await problems('pipeline: {source: {interval: 1h}}'))[0]).to.contain('refreshInterval');
    expect((await problems('pipeline: {app: {reloadDelay: 1s}}')).join('\n')).to.contain('application');
  });

  it('is not switched off by the output', async () => {
    const [problem] = await problems('pipeline: {source: {refreshInterval: 1h}}\noutput: {rotation: false}');
    expect(problem).to.contain('spec.output.rotation: rotation.csv is what spec.pipeline is for');
  });

  it('asks for rotations of the whole experiment: output.rotation is no factor', async () => {
    const [problem] = await problems('factors: {output.rotation: [true, false]}');
    expect(problem).to.contain('output.rotation is one for the whole experiment');
  });
});
