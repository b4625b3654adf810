import { expect } from 'chai';
import { range } from 'd3-array';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { mser5, transientOf } from '../../../src/experiment/statistics/warm-up.js';
import { RandomStream } from '../../../src/sim/random.js';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

const stream = RandomStream.fromSeed('warm-up', 'noise');

/** A count in a bin of which `trials` arrivals fall into it with probability ½ each: mean trials / 2. */
const count = (series: number, bin: number, trials: number): number =>
  range(trials).filter((trial) => stream.uniform(series, bin, trial) < 0.5).length;

describe('MSER-5', () => {
  it('leaves out the batches that minimise the marginal standard error, as computed by hand', () => {
    // Batch means 9, 3, 1, 2, 1, 2, 1, 2. Σ (Z − Z̄)² / (k − d)²: 49.9 / 64 = 0.779, 3.43 / 49 = 0.070 and
    // 1.5 / 36 = 0.042 for d = 0, 1, 2, and 1.2 / 25 = 0.048 for d = 3.
    const series = [9, 3, 1, 2, 1, 2, 1, 2].flatMap((mean) => range(5).map(() => mean));
    expect(mser5(series)).to.equal(10);
  });

  it('leaves nothing out of a constant, and nothing of a series too short for it', () => {
    expect(mser5(new Array<number>(100).fill(4))).to.equal(0);
    expect(mser5([9, 1, 1, 1, 1, 1])).to.equal(0);
  });
});

describe('the start of a series', () => {
  it('is not called unsteady for chance', () => {
    const alarms = range(300).filter((series) => {
      const trials = [4, 40, 400][series % 3];
      return (
        transientOf(
          range(100).map((bin) => count(series, bin, trials)),
          1,
        ) !== null
      );
    });
    expect(alarms).to.deep.equal([]);
  });

  it('is called unsteady where it decays to a steady rest', () => {
    const decaying = range(100).map((bin) => count(1000, bin, 40) + 60 * Math.exp(-bin / 5));
    const transient = transientOf(decaying, 1);
    expect(transient?.steadyTail).to.equal(true);
    expect(transient?.length).to.be.within(5, 30);
  });

  it('is called unsteady to the end where there is a trend', () => {
    const growing = range(100).map((bin) => count(1001, bin, 40) + bin);
    expect(transientOf(growing, 1)).to.include({ steadyTail: false });
  });

  it('may differ by less than a tenth', () => {
    const nearly = range(100).map((bin) => (bin < 10 ? 1050 : 1000));
    expect(transientOf(nearly, 1)).to.equal(null);
  });
});

describe('the reads of a cluster', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const transient = async (text: string, replications = 3) => {
    const { scenarios } = await files.load(
      experimentWith(`duration: 30m
cluster: {nodes: 20, podsPerNode: 10}
objects: [{name: ca, kind: Secret, scope: cluster}]
apiServer: {capacity: 4}
${text}`),
    );
    const series = range(replications).map((index) => simulate(scenarios[0].input, index + 1).reads);
    const means = range(100).map(
      (bin) => series.reduce((sum, each) => sum + (each?.counts[bin] ?? NaN), 0) / replications,
    );
    return { series, found: transientOf(means, replications) };
  };
  const GET = 'kubelet: {configMapAndSecretChangeDetectionStrategy: Get}';

  it('are steady in a steady start, through updates, under every strategy', async () => {
    for (const strategy of ['Watch', 'Cache', 'Get']) {
      const kubelet = `kubelet: {configMapAndSecretChangeDetectionStrategy: ${strategy}}`;
      const { found } = await transient(`warmup: 1m\n${kubelet}\ntimeline: [{every: 5m, update: ca}]`);
      expect(found, strategy).to.equal(null);
    }
  });

  it('are not in a cold start whose warm-up is too short', async () => {
    // Of three replications, MSER takes the mean of too few to see how the tail stands.
    const { found } = await transient(`start: cold\nwarmup: 0s\n${GET}`, 9);
    expect(found?.steadyTail).to.equal(true);
    expect((await transient(`start: cold\nwarmup: 20m\n${GET}`)).found).to.equal(null);
  });

  it('are looked at until the timeline changes the cluster, if that is long enough', async () => {
    const restart = (at: string): string =>
      `warmup: 1m\n${GET}\ntimeline: [{at: ${at}, restartApiServer: {servers: all}}]`;
    const late = await transient(restart('20m'));
    expect(late.series[0]?.binS).to.equal(12);
    expect(late.found).to.equal(null);
    expect((await transient(restart('99s'))).series[0]).to.equal(null);
  });
});
