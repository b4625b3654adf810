import { expect } from 'chai';
import { EXECUTE, QUEUED, REJECTED } from '../../../../src/cluster/kube-apiserver/flow-control.js';
import { QueueSet } from '../../../../src/cluster/kube-apiserver/flow-control/queue-set.js';
import { RequestTable } from '../../../../src/cluster/kube-apiserver/flow-control/request-table.js';

/** A level with a few queues, each flow having one of its own (`queue`) unless the hand is larger; times in ms. */
class SmallLevel {
  readonly table = new RequestTable();
  readonly set: QueueSet;
  private ids = 0;

  constructor(queues: number, seats: number, handSize = 1, queueLengthLimit = 50) {
    const level = {
      name: 'small',
      nominalConcurrencyShares: 1,
      queues,
      handSize,
      queueLengthLimit,
      lendablePercent: 0,
    };
    this.set = new QueueSet(level, seats, this.table);
  }

  /** A request of one seat arrives; returns its id. */
  arrive(queue: number, ms: number, expected: number, finalSeats = 0, extraMs = 0): number {
    const id = this.ids++;
    this.table.reserve(id);
    this.table.initialSeats[id] = 1;
    this.table.finalSeats[id] = finalSeats;
    this.table.extraUs[id] = extraMs * 1000;
    this.table.seats[id] = Math.max(1, finalSeats);
    expect(this.set.arrive(id, 0, queue, ms * 1000)).to.equal(expected);
    return id;
  }

  /** So many requests that execute at once. */
  occupy(queue: number, ms: number, seats: number): number[] {
    return Array.from({ length: seats }, () => this.arrive(queue, ms, EXECUTE));
  }

  finish(id: number, ms: number): number {
    return this.set.finish(id, ms * 1000) / 1000;
  }

  next(ms: number): number {
    return this.set.dispatch(ms * 1000);
  }
}

describe('the queues of a level', () => {
  it('take a request where the least work waits in its hand, wherever the looking starts', () => {
    const level = new SmallLevel(2, 1, 2, 1);
    level.arrive(0, 0, EXECUTE);
    // The looking starts at the second card, at the first, at the second, …
    level.arrive(0, 0, QUEUED);
    const second = level.arrive(0, 0, QUEUED);
    level.set.cancel(second, 0);
    // It starts at the second card, whose queue is full; the first card's is empty.
    level.arrive(0, 0, QUEUED);
    level.arrive(0, 0, REJECTED);
  });

  it('take turns where their virtual finish times are equal', () => {
    const level = new SmallLevel(2, 1);
    const seat = level.arrive(0, 0, EXECUTE);
    const x = level.arrive(0, 0, QUEUED);
    const y = level.arrive(1, 0, QUEUED);
    level.arrive(1, 0, QUEUED);
    level.finish(seat, 0);
    expect(level.next(0)).to.equal(y);
    // Its work of 0 ms instead of 3 is given back: both queues are even again.
    level.finish(y, 0);
    expect(level.next(0)).to.equal(x);
  });

  it('do not save up a part that they did not use: dispatch does not precede arrival in the virtual world', () => {
    const level = new SmallLevel(3, 10);
    level.arrive(0, 0, EXECUTE);
    const [busy] = level.occupy(1, 0, 9);
    // 10 seats for two queues: R = 5 × 99 ms. The first queue has used 3 ms by estimate.
    const y = level.arrive(2, 99, QUEUED);
    const x = level.arrive(0, 100, QUEUED);
    level.finish(busy, 100);
    expect(level.next(100)).to.equal(y);
    expect(level.next(100)).to.equal(-1);
    expect(x).to.equal(y + 1);
  });

  /** Until 100 ms, queue 0 uses nine seats and queue 1 one, of 20: R is 5 × 100 ms. */
  function uneven(): { level: SmallLevel; nine: number[]; one: number } {
    const level = new SmallLevel(3, 20);
    const nine = level.occupy(0, 0, 9);
    const [one] = level.occupy(1, 0, 1);
    return { level, nine, one };
  }

  it('pay for what they used beyond their part, as long as they are busy', () => {
    const { level, nine, one } = uneven();
    // Queue 0 is at 27 ms + 8 × 97 ms = 803 ms, well beyond R.
    for (const id of nine.slice(1)) level.finish(id, 100);
    // Queue 2 starts at R = 500 ms and is at 554 ms.
    level.occupy(2, 100, 18);
    level.arrive(0, 100, QUEUED);
    const newcomer = level.arrive(2, 100, QUEUED);
    level.finish(one, 100);
    expect(level.next(100)).to.equal(newcomer);
  });

  it('start afresh after they were idle', () => {
    const { level, nine, one } = uneven();
    for (const id of nine) level.finish(id, 100);
    level.occupy(2, 100, 19);
    level.arrive(2, 100, QUEUED);
    const again = level.arrive(0, 100, QUEUED);
    level.finish(one, 100);
    expect(level.next(100)).to.equal(again);
  });

  it('serve a request wider than the level alone, narrower and longer', () => {
    const level = new SmallLevel(2, 4);
    const narrow = level.arrive(0, 0, EXECUTE);
    const wide = level.arrive(1, 0, QUEUED, 8, 5);
    level.finish(narrow, 1);
    expect(level.next(1)).to.equal(wide);
    expect(level.set.seatsInUse).to.equal(4);
    level.arrive(0, 1, QUEUED);
    // 8 seats for 5 ms are 4 seats for 10 ms.
    expect(level.finish(wide, 5)).to.equal(10);
    level.set.release(wide, 15e3);
    expect(level.set.seatsInUse).to.equal(0);
  });
});
