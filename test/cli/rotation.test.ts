import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { quantileR7 } from '../../src/experiment/statistics/statistics.js';
import { Workplace } from './command.js';

const EXPERIMENT = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: rotation}
spec:
  replications: 40
  warmup: 2m
  duration: 5m
  cluster: {nodes: 3, podsPerNode: 4, namespaces: 2}
  objects: [{name: db-password, kind: Secret, scope: cluster}]
  timeline: [{at: 30s, update: db-password}]
  pipeline:
    source: {refreshInterval: 15m}
    application: {reloadInterval: 10s, reloadDelay: 1s}
`;

describe('run with a pipeline', () => {
  let place: Workplace;
  const rows = async (name: string) =>
    parse<Record<string, string>>(await place.read(`results/rotation/${name}.csv`), { columns: true });

  beforeEach(async () => {
    place = await Workplace.make();
    await place.write('rotation.yaml', EXPERIMENT);
  });
  afterEach(() => place.remove());

  it('writes how long to keep an old credential, and says it', async () => {
    const { code, out } = await place.run(['run', 'rotation.yaml']);
    expect(code).to.equal(0);
    // 15 min at the source, 91.4 s at the kubelets, and 10 s and 1 s in the application.
    expect(out).to.match(
      /^Watch: keep the old credential valid for 1,003 s from its change at the source: then no application is left/m,
    );
    expect(out)
      .to.match(/ 90 % of rotations are over after [\d,]+ s \(95 % interval .*\)\.$/m)
      .and.to.contain('rotation.csv');
    const rotation = await rows('rotation');
    const updates = await rows('updates');
    for (const [stages, column] of [
      ['kubelet', 'time_to_100pct_s'],
      ['pipeline', 'pipeline_s'],
    ]) {
      const times = Float64Array.from(updates, (update) => Number(update[column])).sort();
      const told = rotation.filter((row) => row['stages'] === stages);
      expect(told.map((row) => row['share_of_rotations'])).to.deep.equal(['0.5', '0.9', '0.95', '0.99', '0.999']);
      for (const row of told) {
        const quantile = quantileR7(times, Number(row['share_of_rotations']));
        expect(Number(row['overlap_s'])).to.be.closeTo(quantile ?? NaN, 1e-6);
      }
    }
    const described = (await rows('columns')).filter(({ file }) => file === 'rotation.csv');
    expect(described.map(({ name }) => name)).to.deep.equal(Object.keys(rotation[0]));
  });

  it('gives the same bytes whole, and in shards that are merged', async () => {
    await place.call(['run', 'rotation.yaml', '--workers', '1']);
    for (const shard of ['1/2', '2/2']) {
      await place.call(['run', 'rotation.yaml', '--shard', shard, '--out', 'parts', '--workers', '1']);
    }
    const { out } = await place.call(['merge', 'parts', '--out', 'merged']);
    expect(out).to.contain('keep the old credential valid for');
    expect(await place.result('merged')).to.deep.equal(await place.result('results/rotation'));
  });

  it('writes no rotation.csv, and no pipeline_s, without one', async () => {
    await place.write('rotation.yaml', EXPERIMENT.slice(0, EXPERIMENT.indexOf('  pipeline:')));
    const { out } = await place.call(['run', 'rotation.yaml', '--set', 'replications=2']);
    expect(out).not.to.contain('credential');
    expect(await place.list('results/rotation')).not.to.include('rotation.csv');
    expect(await place.read('results/rotation/updates.csv')).not.to.contain('pipeline_s');
  });
});
