import { expect } from 'chai';
import fc from 'fast-check';
import { stationaryAge, stationaryAges } from '../../../src/cluster/kubelet/secret-manager/cache-age.js';
import { UniformInterval } from '../../../src/sim/distributions.js';
import { power } from '../../../src/sim/portable-math.js';
import { RandomBatch } from '../../../src/sim/random-batch.js';
import { RandomStream } from '../../../src/sim/random.js';

/** The same by the law alone, step by step. */
function ageByTheLaw(
  stream: RandomStream,
  intervals: UniformInterval,
  entry: number,
  ttl: number,
  readers: number,
): number {
  for (let attempt = 1; ; attempt++) {
    stream.pair(7, entry, attempt);
    const cycle = ttl + intervals.residual(1 - power(1 - stream.first(), 1 / readers));
    if (stream.second() * (ttl + intervals.longest) >= cycle) continue;
    stream.pair(7, entry, 0);
    return Math.floor(stream.first() * cycle);
  }
}

const batch = new RandomBatch();

describe('the age of what a cache has kept for long', () => {
  it('is that of the law to the last microsecond, also where one reader needs no power', () => {
    const laws = fc.record({ shortest: fc.integer({ min: 0, max: 9e7 }), jitter: fc.constantFrom(0, 1e-3, 0.5, 40) });
    fc.assert(
      fc.property(
        fc.integer(),
        laws,
        fc.nat(4e8),
        fc.constantFrom(1, 1, 2, 30),
        (key, { shortest, jitter }, ttl, readers) => {
          const intervals = new UniformInterval(shortest, shortest * (1 + jitter) + 1);
          const parts = {
            random: { cacheAge: new RandomStream(key, 1) },
            latencies: { nameHigh: () => 7, nameLow: (entry: number) => entry },
          };
          const stream = new RandomStream(key, 1);
          for (let entry = 0; entry < 100; entry++) {
            const age = stationaryAge(parts, intervals, entry, ttl, readers);
            expect(age).to.equal(ageByTheLaw(stream, intervals, entry, ttl, readers));
            [batch.high[entry], batch.low[entry]] = [7, entry];
          }
          if (readers > 1) return;
          expect(stationaryAges(batch, parts.random, intervals, 100, ttl)).to.equal(true);
          for (let entry = 0; entry < 100; entry++) {
            if (Number.isNaN(batch.times[entry])) continue;
            expect(batch.times[entry], 'at once').to.equal(ageByTheLaw(stream, intervals, entry, ttl, 1));
          }
          expect(stationaryAges(new RandomBatch(null), parts.random, intervals, 100, ttl)).to.equal(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
