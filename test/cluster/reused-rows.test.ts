import { expect } from 'chai';
import { Requests } from '../../src/cluster/kube-apiserver/requests.js';
import { Reads } from '../../src/cluster/kubelet/reads.js';
import { Simulator } from '../../src/sim/simulator.js';
import type { Column, RowPool } from '../../src/sim/row-pool.js';

const columnsOf = (pool: RowPool): [string, Column][] =>
  Object.entries(pool).filter((field): field is [string, Column] => ArrayBuffer.isView(field[1]));

/** Columns in which a row that is used again is not as one that is used first, whatever was in it. */
function inherited<P extends RowPool>(pool: P, open: (pool: P) => number): string[] {
  const row = open(pool);
  const first = columnsOf(pool).map(([, values]) => values[row]);
  for (const [, values] of columnsOf(pool)) values[row] = 99;
  pool.close(row);
  expect(open(pool)).to.equal(row);
  return columnsOf(pool).flatMap(([name, values], i) => (values[row] === first[i] ? [] : [name]));
}

describe('a row that is used again', () => {
  /** What the pool itself keeps of a row. */
  const OWN = ['generation', 'following'];

  it('of a request has nothing of the one before, but what latencies and handling fill in', () => {
    const filledIn = ['oneWay', 'service', 'arrivedAt', 'queuedUntil', 'retryAfterUs'];
    expect(inherited(new Requests(new Simulator()), (pool) => pool.open(1, 2, 3))).to.have.members([
      ...OWN,
      ...filledIn,
    ]);
  });

  it('of a waiting read has nothing of the one before', () => {
    expect(inherited(new Reads(), (pool) => pool.open(1, 2, 3, 4, 5))).to.have.members(OWN);
  });
});
