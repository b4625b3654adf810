import { expect } from 'chai';
import fc from 'fast-check';
import { ChunkedNumbers } from '../../src/sim/growable.js';

/** The values from one place to another (exclusive). */
function copyOf(numbers: ChunkedNumbers, from = 0, to = numbers.length): number[] {
  const values = new Float64Array(to - from);
  numbers.copyTo(values, 0, from, to);
  return Array.from(values);
}

describe('numbers in chunks', () => {
  it('are the numbers that were added, whole ones of 32 bits or not, one by one and in any stretch', () => {
    const value = fc.oneof(
      fc.nat(2 ** 31 - 1),
      fc.constantFrom(2 ** 32 - 1, 2 ** 32, -1, 0.5, Infinity, -Infinity, NaN, 2 ** 50),
    );
    const plain = fc.tuple(fc.nat(9000), fc.array(value, { maxLength: 6 }), fc.nat(100), fc.nat(100));
    fc.assert(
      fc.property(plain, ([many, others, from, until]) => {
        const numbers = new ChunkedNumbers();
        const values = [...Array.from({ length: many }, (_, i) => i), ...others, 7];
        for (const each of values) numbers.push(each);
        expect(copyOf(numbers)).to.deep.equal(values);
        const [first, last] = [Math.min(from, values.length), Math.max(0, values.length - until)];
        if (first <= last) expect(copyOf(numbers, first, last)).to.deep.equal(values.slice(first, last));
        expect(numbers.get(many)).to.deep.equal(values[many]);
        const before = new ChunkedNumbers();
        before.push(3);
        for (const chunk of numbers.part()) before.append(chunk);
        expect(copyOf(before), 'appended to others').to.deep.equal([3, ...values]);
        numbers.clear();
        numbers.append(Float64Array.of(1, -2));
        expect(copyOf(numbers)).to.deep.equal([1, -2]);
      }),
      { numRuns: 100, seed: 20261128 },
    );
  });
});
