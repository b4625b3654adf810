import { expect } from 'chai';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';

/** Many updates of every pod's own Secret at spread-out times: delays that are all independent. */
const ownSecret = (period: number): Pick<Scenario, 'classes' | 'timeline'> => ({
  classes: [objectClass('own', { scope: 'pod' })],
  timeline: [change('update', 'own', 0, { everyUs: period * 1e6, jitterUs: period * 0.9e6 })],
});

const metricsOf = (scenario: Scenario) => simulate(inputOf(scenario), 1).metrics;

/** Half-width of a 99.9 % interval of a mean of n independent values. */
const halfWidth = (deviation: number, n: number): number => (3.29 * deviation) / Math.sqrt(n);

/** What has no closed form of its own; those that have are rows of `validate` (`test/validation/validate.test.ts`). */
describe('delays with all mechanisms', () => {
  it('stay within 90 + 1 + 0.2 s and latency under Watch, with ticker and volume loops', () => {
    const { delay_max_s, delay_mean_s, projections } = metricsOf({ ...ownSecret(400), nodes: 2000, duration: 4000 });
    expect(delay_max_s).to.be.above(89.5).and.below(91.25);
    // On the lattice of ticks the intervals are 61 … 90 s (or 91, by the sync's own 5 ms); the loops add 0.1 s.
    expect(delay_mean_s).to.be.closeTo(38.25, halfWidth(22.8, projections ?? 0));
  });

  it('are those of Watch under Cache with TTL 60 s and one reader, but for milliseconds of latency', () => {
    const common = { ...ownSecret(400), release: '1.30', ttl: 60, nodes: 1000, duration: 4000 };
    const cache = metricsOf({ ...common, strategy: 'Cache' });
    const watch = metricsOf({ ...common, strategy: 'Watch' });
    // The same sync clocks under common random numbers.
    expect(cache.delay_mean_s).to.be.closeTo(watch.delay_mean_s ?? 0, 0.05);
    expect(cache.delay_p99_s).to.be.closeTo(watch.delay_p99_s ?? 0, 0.05);
    expect(1000 / (cache.get_per_s ?? 0)).to.be.closeTo(75.5, 0.2);
  });

  it('are longer under Cache with TTL 60 s at a syncFrequency of 40 s (mean 50 s) than at 60 s (38 s)', () => {
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
