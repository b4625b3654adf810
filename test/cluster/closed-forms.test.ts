import { deviation, mean, quantile } from 'd3-array';
import { expect } from 'chai';
import { simulate } from '../../src/cluster/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';

/** Many updates of every node's own Secret at spread-out times: delays of pods that are all independent. */
const ownSecret = (period: number): Pick<Scenario, 'classes' | 'timeline'> => ({
  classes: [objectClass('own', { scope: 'pod' })],
  timeline: [change('update', 'own', 0, { everyUs: period * 1e6, jitterUs: period * 0.9e6 })],
});

/** Metrics of one long run. */
const metricsOf = (scenario: Scenario) => simulate(inputOf(scenario), 1).metrics;

/** Delays of one long run in seconds, in the order of update and pod. */
const delaysOf = (scenario: Scenario): number[] => {
  const { samples } = simulate(inputOf({ ...scenario, samples: 'all' }), 1);
  if (samples === null) throw new Error('no samples');
  return Array.from(samples.projectedAtUs, (at, i) => (at - samples.writtenAtUs[i]) / 1e6);
};

/** Half-width of a 99.9 % interval of a mean of n independent values. */
const halfWidth = (deviation: number, n: number): number => (3.29 * deviation) / Math.sqrt(n);

describe('closed forms of the delay', () => {
  describe('Watch, syncFrequency 60 s, without ticker and volume loops: the residual life of U[60, 90) s', () => {
    const delays = delaysOf({ ...ownSecret(400), pure: true, nodes: 4000, duration: 4000 });
    const n = delays.length;

    it('has a mean of 38.0 s', () => {
      expect(n).to.equal(40000);
      // Updates of one pod are at least 40 s apart and so nearly independent; 22.8 s is the law's deviation.
      expect(mean(delays)).to.be.closeTo(38, halfWidth(22.8, n));
      expect(deviation(delays)).to.be.closeTo(22.8, 0.5);
    });

    // Density of the law at its quantiles: 1/75 up to 60 s, then (90 − x)/2250.
    const levels = [
      [0.5, 37.5, 1 / 75],
      [0.9, 68.787, 0.009428],
      [0.95, 75, 1 / 150],
      [0.99, 83.292, 0.002981],
    ] as const;
    for (const [level, value, density] of levels) {
      it(`has ${value} s as its ${level} quantile`, () => {
        const error = halfWidth(Math.sqrt(level * (1 - level)) / density, n);
        expect(quantile(delays, level)).to.be.closeTo(value, error);
      });
    }

    it('exceeds 60 s in 20 % of the cases and never 90 s', () => {
      const share = delays.filter((delay) => delay > 60).length / n;
      expect(share).to.be.closeTo(0.2, halfWidth(0.4, n));
      expect(Math.max(...delays)).to.be.below(90);
    });
  });

  it('stays within 90 + 1 + 0.2 s and latency where ticker and volume loops are on', () => {
    const { delay_max_s, delay_mean_s, projections } = metricsOf({ ...ownSecret(400), nodes: 2000, duration: 4000 });
    expect(delay_max_s).to.be.above(89.5).and.below(91.25);
    // On the lattice of ticks the intervals are 61 … 90 s (or 91, by the sync's own 5 ms); the loops add 0.1 s.
    expect(delay_mean_s).to.be.closeTo(38.25, halfWidth(22.8, projections ?? 0));
  });

  const lastPods = [
    [3, 59.5],
    [10, 72.6],
    [100, 84.4],
    [1000, 88.2],
  ] as const;
  for (const [pods, median] of lastPods) {
    it(`the last of ${pods} pods on nodes of their own is reached after a median of ${median} s`, () => {
      const runs = 201;
      const last = Array.from({ length: runs }, (_, r) => {
        const input = inputOf({ pure: true, nodes: pods, duration: 100, timeline: [change('update', 'shared', 1)] });
        return simulate(input, r + 1).metrics.last_pod_max_s ?? NaN;
      });
      // Order statistics: the median of the law lies between these ranks with probability 99.9 %.
      const spread = Math.ceil((3.29 * Math.sqrt(runs)) / 2);
      last.sort((a, b) => a - b);
      expect(last[(runs - 1) / 2 - spread]).to.be.below(median);
      expect(last[(runs - 1) / 2 + spread]).to.be.above(median);
    });
  }

  describe('Cache', () => {
    const ttl300 = { strategy: 'Cache', release: '1.30', ttl: 300, duration: 6000, nodes: 3000 } as const;

    it('with TTL 300 s and one reader has a mean of 170 s, a p99 of 359 s and a GET per 337.5 s', () => {
      const m = metricsOf({ ...ttl300, ...ownSecret(1000), pure: true });
      expect(m.delay_mean_s).to.be.closeTo(170, halfWidth(98.5, m.projections ?? 0));
      expect(m.delay_p99_s).to.be.closeTo(359, 1.5);
      expect(m.delay_max_s).to.be.below(390);
      expect(3000 / (m.get_per_s ?? 0)).to.be.closeTo(337.5, 0.5);
    });

    it('makes a GET per 335.6 s where the ticker is on', () => {
      const m = metricsOf({ ...ttl300, ...ownSecret(1000), pure: true, kubelet: { syncTickerPeriodUs: 1e6 } });
      expect(3000 / (m.get_per_s ?? 0)).to.be.closeTo(335.6, 0.5);
      expect(m.delay_mean_s).to.be.closeTo(168.8, halfWidth(98.5, m.projections ?? 0));
    });

    it('with TTL 60 s and one reader gives the delays of Watch, and a GET per sync', () => {
      const common = { ...ownSecret(400), release: '1.30', ttl: 60, nodes: 1000, duration: 4000 };
      const cache = metricsOf({ ...common, strategy: 'Cache' });
      const watch = metricsOf({ ...common, strategy: 'Watch' });
      // The same sync clocks under common random numbers: only milliseconds of latency differ.
      expect(cache.delay_mean_s).to.be.closeTo(watch.delay_mean_s ?? 0, 0.05);
      expect(cache.delay_p99_s).to.be.closeTo(watch.delay_p99_s ?? 0, 0.05);
      expect(1000 / (cache.get_per_s ?? 0)).to.be.closeTo(75.5, 0.2);
    });

    it('with TTL 60 s and ten readers of one entry takes longer: mean 64 s, p99 129 s', () => {
      const m = metricsOf({
        strategy: 'Cache',
        release: '1.30',
        ttl: 60,
        nodes: 600,
        podsPerNode: 10,
        duration: 4000,
        classes: [objectClass('node', { scope: 'node' })],
        timeline: [change('update', 'node', 0, { everyUs: 400e6, jitterUs: 350e6 })],
      });
      expect(m.delay_mean_s).to.be.closeTo(64, 0.5);
      expect(m.delay_p99_s).to.be.closeTo(129, 1);
    });

    it('with TTL 60 s takes longer at a syncFrequency of 40 s (mean 50 s) than at 60 s (38 s)', () => {
      const common = {
        ...ownSecret(400),
        strategy: 'Cache',
        release: '1.30',
        ttl: 60,
        pure: true,
        nodes: 1000,
        duration: 4000,
      } as const;
      const short = metricsOf({ ...common, syncFrequency: 40 });
      const long = metricsOf({ ...common, syncFrequency: 60 });
      expect(short.delay_mean_s).to.be.closeTo(50.3, halfWidth(28, short.projections ?? 0));
      expect(long.delay_mean_s).to.be.closeTo(38, halfWidth(22.8, long.projections ?? 0));
    });
  });
});

describe('closed forms of the load', () => {
  const own = [objectClass('own', { scope: 'pod' })];

  for (const [release, period, rate] of [
    ['1.30', 450, 333],
    ['1.31', 2700, 56],
  ] as const) {
    it(`150,000 watches are opened again ${rate} times a second at ${release} (mean life ${period} s)`, () => {
      const m = metricsOf({ release, nodes: 5000, podsPerNode: 30, duration: 900, classes: own });
      expect(m.watches_open_mean).to.equal(150000);
      expect(m.watches_open_max).to.equal(150000);
      // Renewals of 150,000 independent watches; lives are whole seconds, rounded down, hence half a second shorter.
      const expected = 150000 / (period - 0.5);
      expect(m.watch_per_s).to.be.closeTo(expected, halfWidth(Math.sqrt(expected * 900) / 900, 1));
    });
  }

  for (const [ticker, rate] of [
    [0, 2000],
    [1e6, 1987],
  ] as const) {
    it(`5,000 nodes × 30 pods under Get make ${rate} quorum GET/s per object reference, ticker ${ticker > 0 ? 'on' : 'off'}`, () => {
      const input = { strategy: 'Get', nodes: 5000, podsPerNode: 30, duration: 300, classes: own, pure: true } as const;
      const m = metricsOf({ ...input, kubelet: { syncTickerPeriodUs: ticker } });
      expect(m.quorum_reads_per_s).to.equal(m.get_per_s);
      expect(m.get_per_s).to.be.closeTo(rate, 3);
    });
  }
});
