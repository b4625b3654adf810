import { expect } from 'chai';
import { extent, range } from 'd3-array';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

const STRATEGY = 'kubelet.configMapAndSecretChangeDetectionStrategy';
const FACTORS = `factors:
  ${STRATEGY}: [Watch, Get]
  kubelet.syncFrequency: [30s, 1m, 2m]
  cluster.nodes & cluster.namespaces: [10, 100]
`;
const RANGES = `factors:
  ${STRATEGY}: [Watch, Get]
  kubelet.syncFrequency: {from: 10s, to: 2m}
  cluster.nodes: {from: 10, to: 10000, scale: log}
`;

describe('designs', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const load = (text: string) => files.load(experimentWith(text));
  const message = async (text: string): Promise<string> => {
    const found = await files.problems(experimentWith(text));
    expect(found, found.join('\n')).to.have.length(1);
    return found[0];
  };

  describe('with conditions', () => {
    const names = async (...where: readonly string[]): Promise<string[]> => {
      const { scenarios } = await load(`${FACTORS}where: ${JSON.stringify(where)}`);
      expect(scenarios.map(({ index }) => index)).to.deep.equal(range(scenarios.length));
      return scenarios.map(({ name }) => name);
    };

    it('keep the scenarios that meet all of them', async () => {
      expect(await names('strategy == Watch', 'nodes > 10')).to.deep.equal([
        'strategy=Watch syncFrequency=30s nodes=100',
        'strategy=Watch syncFrequency=1m nodes=100',
        'strategy=Watch syncFrequency=2m nodes=100',
      ]);
    });

    it('compare durations as such, in whatever unit', async () => {
      expect(await names('kubelet.syncFrequency < 60s')).to.have.length(4);
      expect(await names('kubelet.syncFrequency <= 60s')).to.have.length(8);
      expect(await names('syncFrequency == 60s', 'cluster.namespaces != 10')).to.have.length(2);
    });

    it('hold where one of their sides does', async () => {
      expect(await names('syncFrequency >= 2m or strategy == "Get"')).to.have.length(8);
    });

    it('say what is wrong with them', async () => {
      const where = (text: string): Promise<string> => message(`${FACTORS}where: [${JSON.stringify(text)}]`);
      expect(await where('strategy = Watch')).to.include('spec.where.0: unknown operator; did you mean ==?');
      expect(await where('strategy == Wach')).to.include('Strategy never has this value; did you mean Watch?');
      expect(await where('stratgy == Watch')).to.include('there is no such factor; did you mean strategy?');
      expect(await where('strategy < Watch')).to.include('has no order: compare it by == or !=');
      expect(await where('syncFrequency < 60')).to.include('the unit is missing');
      expect(await where('nodes < many')).to.include('is compared with: is not a number');
      expect(await where('nodes')).to.include('a condition compares a factor');
      expect(await where('nodes < 20 and strategy == Get')).to.include('all conditions of the list have to hold');
      expect(await where('nodes > 100')).to.include('no scenario is left');
    });
  });

  describe('that sample', () => {
    const shares = (points: readonly { readonly factors: Readonly<Record<string, unknown>> }[]): number[] =>
      points.map(({ factors }) => Math.log(Number(factors['cluster.nodes']) / 10) / Math.log(1000));

    for (const kind of ['lhs', 'sobol']) {
      it(`spread their points evenly over every range: ${kind}`, async () => {
        const { scenarios } = await load(`${RANGES}design: {kind: ${kind}, points: 32}`);
        expect(scenarios).to.have.length(32);
        // One in each of 32 strata; the rounding to whole nodes and milliseconds moves none of the larger ones.
        const strata = shares(scenarios).map((share) => Math.floor(share * 32));
        expect(new Set(strata.filter((stratum) => stratum >= 16)).size).to.equal(16);
        const counts = scenarios.filter(({ factors }) => factors[STRATEGY] === 'Watch');
        expect(counts).to.have.length(16);
        const [least = 0, most = 0] = extent(scenarios, ({ input }) => input.kubelet.syncFrequencyUs / 1e6);
        expect(least).to.be.within(10, 10 + 110 / 32);
        expect(most).to.be.within(120 - 110 / 32, 120);
      });

      it(`are the same for the same seed, and others for another: ${kind}`, async () => {
        const points = async (seed: string) =>
          (await load(`seed: ${seed}\n${RANGES}design: {kind: ${kind}}`)).scenarios.map(({ name }) => name);
        const [first, again, other] = [await points('a'), await points('a'), await points('b')];
        expect(first).to.have.length(64);
        expect(again).to.deep.equal(first);
        expect(other).to.not.deep.equal(first);
      });
    }

    it('leave the other factors of a Latin hypercube alone when one is added', async () => {
      const two = await load(`${RANGES}design: {kind: lhs, points: 16}`);
      const three = await load(`${RANGES}  cluster.apiServers: {from: 1, to: 5}\ndesign: {kind: lhs, points: 16}`);
      expect(shares(three.scenarios)).to.deep.equal(shares(two.scenarios));
    });

    it('have no scenario twice, and obey conditions', async () => {
      const { scenarios } = await load(`${FACTORS}design: {kind: sobol, points: 64}\nwhere: ["nodes == 10"]`);
      expect(scenarios.map(({ name }) => name)).to.have.members([
        'strategy=Watch syncFrequency=30s nodes=10',
        'strategy=Watch syncFrequency=1m nodes=10',
        'strategy=Watch syncFrequency=2m nodes=10',
        'strategy=Get syncFrequency=30s nodes=10',
        'strategy=Get syncFrequency=1m nodes=10',
        'strategy=Get syncFrequency=2m nodes=10',
      ]);
    });

    it('take only the steps of a range that has some', async () => {
      const { scenarios } = await load(
        'factors:\n  cluster.nodes: {from: 10, to: 30, steps: 3}\ndesign: {kind: lhs, points: 50}',
      );
      expect(scenarios.map(({ factors }) => factors['cluster.nodes'])).to.have.members([10, 20, 30]);
    });

    it('say what is wrong with them', async () => {
      expect(await message('design: {kind: lhs}')).to.include('a sample needs factors');
      expect(await message(`${FACTORS}design: {kind: factorial, points: 3}`)).to.include('leave points out');
      expect(await message(`${FACTORS}design: {kind: lsh}`)).to.include('lhs');
      expect(await message('factors: {cluster.nodes: {from: 1, to: 2}}')).to.include('design that samples it');
    });
  });
});
