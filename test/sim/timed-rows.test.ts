import { expect } from 'chai';
import fc from 'fast-check';
import { TimedRows } from '../../src/sim/timed-rows.js';

/** A row as a naive list keeps it. */
interface Timed {
  readonly time: number;
  readonly row: number;
}

/** By time, and by number within a time. */
const inOrder = (a: Timed, b: Timed): number => a.time - b.time || a.row - b.row;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ later: fc.integer({ min: -1, max: 2 }), row: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant('shift' as const) },
);

/** Does the steps to the rows and to a sorted list, and compares the two after each. */
function holdAgainstList(steps: readonly (Readonly<{ later: number; row: number }> | 'shift')[]): void {
  const rows = new TimedRows();
  let list: readonly Timed[] = [];
  for (const each of steps) {
    const last = list.at(-1)?.time ?? 0;
    if (each === 'shift') {
      if (list.length === 0) continue;
      rows.shift();
      list = list.slice(1);
    } else if (each.later < 0 && list.length > 0) {
      expect(() => {
        rows.add(last + each.later, each.row);
      }).to.throw(RangeError, `behind one until ${last}`);
    } else {
      rows.add(last + each.later, each.row);
      list = [...list, { time: last + each.later, row: each.row }].sort(inOrder);
    }
    expect(rows.count).to.equal(list.length);
    if (list.length > 0) expect({ time: rows.time, row: rows.row }).to.deep.equal(list[0]);
  }
  for (const first of list) {
    expect({ time: rows.time, row: rows.row }).to.deep.equal(first);
    rows.shift();
  }
  expect(rows.count).to.equal(0);
}

describe('timed rows', () => {
  it('come out by time, and within a time by their numbers; one before those that are there is refused', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), holdAgainstList), { seed: 1, numRuns: 300 });
  });

  it('are as many as there have to be, wherever the first of them stands when there is no more room', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.array(step, { minLength: 150, maxLength: 300 }), (shifted, steps) => {
        const before = Array.from({ length: shifted }, (_, row) => ({ later: 0, row: row % 10 }));
        holdAgainstList([...before, ...before.map(() => 'shift' as const), ...steps]);
      }),
      { seed: 1, numRuns: 15 },
    );
  });
});
