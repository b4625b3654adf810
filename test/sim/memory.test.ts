import { expect } from 'chai';
import fc from 'fast-check';
import { OWN_MEMORY, ReusedMemory } from '../../src/sim/memory.js';

const KINDS = ['float64', 'int32', 'uint32', 'uint16', 'uint8'] as const;

describe('memory that is used again', () => {
  it('gives arrays of zeros that do not overlap, like memory of its own, however much is asked for', () => {
    const arrays = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.nat(300)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(arrays, { minLength: 2, maxLength: 5 }), (rounds) => {
        const memory = new ReusedMemory();
        for (const asked of rounds) {
          memory.reuse();
          const given = asked.map(([kind, length]) => memory[kind](length));
          given.forEach((array, i) => {
            expect(array).to.deep.equal(OWN_MEMORY[asked[i][0]](asked[i][1]));
            array.fill(i + 1);
          });
          given.forEach((array, i) => {
            expect(array.every((value) => value === i + 1)).to.equal(true);
          });
        }
      }),
      { numRuns: 200, seed: 20261128 },
    );
  });

  it('gives the same arrays to who asks for the same again, once there is room for them', () => {
    const memory = new ReusedMemory();
    const ask = (length: number) => {
      memory.reuse();
      return [memory.int32(length), memory.uint8(3), memory.float64(length)];
    };
    ask(5);
    const [first, ...rest] = ask(5);
    ask(5).forEach((array, i) => expect(array).to.equal([first, ...rest][i]));
    const others = ask(4);
    expect(others.map(({ length }) => length)).to.deep.equal([4, 3, 4]);
    expect(others[0]).not.to.equal(first);
  });
});
