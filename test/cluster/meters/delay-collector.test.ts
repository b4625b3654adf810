import { quantile } from 'd3-array';
import { expect } from 'chai';
import { DelayCollector, quantilesOf } from '../../../src/cluster/meters/delay-collector.js';
import { RandomStream } from '../../../src/sim/random.js';

/** A collector with the delays from one number to another, of seconds in three stages, and the delays themselves in microseconds. */
function filled(to: number, from = 0): { readonly collector: DelayCollector; readonly delays: Float64Array } {
  const stream = RandomStream.fromSeed('delays');
  const collector = new DelayCollector();
  const delays = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const stages = [0, 1, 2].map((stage) => Math.floor(stream.uniform(stage, 0, i) * 30e6));
    collector.add(stages[0], stages[1], stages[2]);
    delays[i - from] = stages[0] + stages[1] + stages[2];
  }
  return { collector, delays };
}

describe('collected delays', () => {
  it('have exact quantiles (R-7), over several collectors together', () => {
    const [a, b] = [filled(1000), filled(313)];
    const all = [...a.delays, ...b.delays];
    const levels = [0, 0.5, 0.9, 0.99, 1];
    expect(quantilesOf([a.collector, b.collector], levels)).to.deep.equal(levels.map((level) => quantile(all, level)));
    expect(quantilesOf([], levels)).to.deep.equal([]);
  });

  it('have quantiles within 0.1 % where there are too many to keep', () => {
    const { collector, delays } = filled(2 ** 21 + 1000);
    expect(collector.count).to.equal(delays.length);
    expect(collector.exact()).to.equal(null);
    delays.sort();
    for (const level of [0.001, 0.5, 0.99, 1]) {
      const exact = delays[Math.floor(level * (delays.length - 1))];
      expect(quantilesOf([collector], [level])[0] / exact).to.be.closeTo(1, 0.0011);
    }
  });

  it('have mean stages between neighbouring quantiles that sum to the mean delay there', () => {
    const { collector, delays } = filled(5000);
    const { stagesS, quantilesS, meanS } = collector.group('c', 'volume');
    const median = quantilesS.indexOf(quantilesS.find((value) => value > 44) ?? NaN);
    expect(median).to.be.above(0);
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    expect(meanS).to.be.closeTo(total / delays.length / 1e6, 1e-9);
    stagesS.forEach((stages, i) => {
      if (stages === null || i === 0) return;
      const sum = stages[0] + stages[1] + stages[2];
      expect(sum).to.be.within(quantilesS[i - 1] * 0.998, quantilesS[i] * 1.002);
    });
  });

  it('have the mean of each stage over those between two quantiles', () => {
    const collector = new DelayCollector();
    const rows = Array.from({ length: 9000 }, (_, i) => [i % 7, (i * 37) % 9001, (i % 3) / 2]);
    for (const [cacheDelay, syncWait, refresh] of rows) collector.add(cacheDelay, syncWait, refresh);
    const { quantilesS, stagesS } = collector.group('c', 'volume');
    // Their bins are 0.2 % wide: what lies that close to a quantile may count on either side.
    const between = (row: number[], from: number, to: number): boolean =>
      row[0] + row[1] + row[2] > from && row[0] + row[1] + row[2] <= to;
    quantilesS.slice(1).forEach((quantileS, i) => {
      const own = rows.filter((row) => between(row, quantilesS[i] * 1e6, quantileS * 1e6));
      [0, 1, 2].forEach((stage) => {
        const mean = own.reduce((sum, row) => sum + row[stage], 0) / own.length / 1e6;
        const [least, most] = [mean * 0.97 - 2e-6, mean * 1.03 + 2e-6];
        expect(stagesS[i + 1]?.[stage], `stage ${stage} up to ${quantileS} s`).to.be.within(least, most);
      });
    });
  });

  for (const count of [20_000, 2 ** 21 + 1000]) {
    it(`are the same where two collectors shared ${count} of them`, () => {
      const half = Math.floor(count / 2) + 17;
      const [first, second] = [filled(half), filled(count, half)];
      first.collector.absorb(second.collector.part());
      const { collector } = filled(count);
      expect(first.collector.count).to.equal(count);
      expect(first.collector.exact()).to.deep.equal(collector.exact());
      expect(first.collector.group('c', 'volume')).to.deep.equal(collector.group('c', 'volume'));
    });
  }
});
