import { expect } from 'chai';
import fc from 'fast-check';
import { Gauge, levelsOf } from '../../src/sim/gauge.js';

const END = 100;
const steps = fc.array(fc.tuple(fc.integer({ min: -20, max: 120 }), fc.boolean()), { maxLength: 40 });

/** The level at half-integer times, counted one by one. */
const levelAt = (all: readonly (readonly [number, boolean])[], time: number): number =>
  all.reduce((level, [at, up]) => (at < time ? level + (up ? 1 : -1) : level), 0);

const gaugeOf = (all: readonly (readonly [number, boolean])[]): Gauge => {
  const gauge = new Gauge();
  for (const [at, up] of all) {
    if (up) gauge.up(at);
    else gauge.down(at);
  }
  return gauge;
};

describe('a gauge', () => {
  it('shows the level at every moment, whatever the order in which steps were recorded', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const seen: number[] = [];
        levelsOf([gaugeOf(a), gaugeOf(b)], END, (level, from, to) => {
          for (let time = from; time < to; time++) seen[time] = level;
        });
        expect(seen).to.have.lengthOf(END);
        for (let time = 0; time < END; time++) expect(seen[time]).to.equal(levelAt([...a, ...b], time + 0.5));
      }),
      { seed: 7 },
    );
  });

  it('knows its highest level within the time looked at', () => {
    const gauge = gaugeOf([[-5, true], [10, true], [10, true], [20, false], [150, true]]); // prettier-ignore
    expect(gauge.levels(END, () => undefined)).to.equal(3);
    expect(gaugeOf([[-5, true], [0, true], [0, false]]).levels(END, () => undefined)).to.equal(1); // prettier-ignore
  });
});
