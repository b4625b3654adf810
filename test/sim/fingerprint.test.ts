import { expect } from 'chai';
import fc from 'fast-check';
import { Fingerprint } from '../../src/sim/fingerprint.js';

const effect = fc.tuple(
  fc.integer({ min: -1e12, max: 1e12 }),
  fc.nat({ max: 20 }),
  fc.nat({ max: 1e7 }),
  fc.nat({ max: 1e6 }),
);
type Effect = readonly [number, number, number, number];

const of = (effects: readonly Effect[]): string => {
  const fingerprint = new Fingerprint();
  for (const each of effects) fingerprint.add(...each);
  return fingerprint.toString();
};

describe('the fingerprint', () => {
  it('does not depend on the order of effects', () => {
    fc.assert(
      fc.property(fc.array(effect, { maxLength: 30 }), (effects) => {
        expect(of(effects.slice().reverse())).to.equal(of(effects));
      }),
      { seed: 4 },
    );
  });

  it('changes when one number of one effect changes', () => {
    fc.assert(
      fc.property(fc.array(effect, { minLength: 1, maxLength: 10 }), fc.nat({ max: 3 }), (effects, field) => {
        const [first, ...rest] = effects;
        const changed = first.map((value, i) => (i === field ? value + 1 : value)) as unknown as Effect;
        expect(of([changed, ...rest])).not.to.equal(of(effects));
      }),
      { seed: 5 },
    );
  });

  it('counts an effect that happens twice', () => {
    expect(of([[1, 2, 3, 4]])).not.to.equal(of([[1, 2, 3, 4], [1, 2, 3, 4]])); // prettier-ignore
  });
});
