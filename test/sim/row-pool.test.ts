import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_ARGUMENT } from '../../src/sim/event-queue.js';
import { RowPool, Rows } from '../../src/sim/row-pool.js';

/** A pool with columns of each type, some of which are reset in a row that is opened; it begins with room for one row. */
class Guests extends RowPool {
  readonly bed = this.column(Int16Array);
  readonly weight = this.column(Float64Array);
  readonly key = this.column(Int32Array);
  readonly state = this.column(Uint8Array);
  readonly bill = this.column(Float64Array);

  constructor() {
    super(1);
  }

  open(): number {
    const row = this.take();
    this.key[row] = -1;
    this.state[row] = 7;
    this.bill[row] = Infinity;
    return row;
  }
}

/** A row as a naive pool keeps it. */
interface Guest {
  readonly open: boolean;
  readonly generation: number;
  readonly values: readonly number[];
}

const valuesOf = (pool: Guests, row: number): number[] => [
  pool.bed[row],
  pool.weight[row],
  pool.key[row],
  pool.state[row],
  pool.bill[row],
];

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ does: 'open' } as const) },
  fc.record({ does: fc.constantFrom('close', 'voidEvents'), which: fc.nat() }),
  fc.record({
    does: fc.constant('write'),
    which: fc.nat(),
    values: fc.tuple(
      fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.nat({ max: 255 }),
      fc.double({ noNaN: true }),
    ),
  }),
);

describe('a row pool', () => {
  it('is what a list of records is: rows keep what they hold until they are closed, and are used again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pool = new Guests();
        const guests: Guest[] = [];
        const closed: number[] = [];
        for (const next of steps) {
          const open = guests.flatMap((guest, row) => (guest.open ? [row] : []));
          if (next.does === 'open') {
            const row = closed.pop() ?? guests.length;
            const [bed, weight] = guests[row]?.values ?? [0, 0];
            guests[row] = {
              open: true,
              generation: guests[row]?.generation ?? 0,
              values: [bed, weight, -1, 7, Infinity],
            };
            expect(pool.open()).to.equal(row);
          } else if (open.length > 0) {
            const row = open[next.which % open.length];
            const guest = guests[row];
            if (next.does === 'write') {
              [pool.bed[row], pool.weight[row], pool.key[row], pool.state[row], pool.bill[row]] = next.values;
              guests[row] = { ...guest, values: next.values };
            } else {
              if (next.does === 'close') closed.push(row);
              pool[next.does](row);
              guests[row] = { ...guest, open: next.does !== 'close', generation: guest.generation + 1 };
            }
          }
          expect(pool.length).to.equal(guests.length);
          expect(pool.active).to.equal(guests.filter(({ open }) => open).length);
          guests.forEach(({ generation, values }, row) => {
            expect(pool.generation[row]).to.equal(generation);
            expect(valuesOf(pool, row)).to.deep.equal(values);
          });
        }
      }),
      { seed: 1 },
    );
  });

  it('has generations that fit the argument of an event, whatever the times that a row is used', () => {
    const pool = new Guests();
    const row = pool.open();
    pool.generation[row] = MAX_ARGUMENT - 1;
    pool.close(row);
    expect(pool.generation[pool.open()]).to.equal(0);
  });

  it('makes room for a row that is far beyond the last', () => {
    class Marks extends Rows {
      readonly mark = this.column(Uint8Array);
    }
    const marks = new Marks(4);
    marks.mark[3] = 5;
    marks.reserve(3);
    expect(marks.mark).to.have.lengthOf(4);
    marks.reserve(1000);
    marks.mark[1000] = 6;
    expect([marks.mark[3], marks.mark[999], marks.mark[1000]]).to.deep.equal([5, 0, 6]);
  });

  it('refuses to grow where a column would not grow with it', () => {
    class Forgetful extends Rows {
      constructor() {
        super(1);
        this.column(Uint8Array);
      }
    }
    expect(() => new Forgetful().reserve(1)).to.throw(TypeError, /not a field/);
  });
});
