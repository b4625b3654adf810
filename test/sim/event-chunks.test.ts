import { expect } from 'chai';
import { EventChunks } from '../../src/sim/event-chunks.js';

function argumentsOf(chunks: EventChunks, list: number): number[] {
  const args: number[] = [];
  for (let rest = list; rest !== 0; rest = chunks.before(chunks.chunkOf(rest))) {
    for (let record = chunks.chunkOf(rest) + 1; record < rest; record++) args.push(chunks.args[record * 4 + 3]);
  }
  return args.sort((a, b) => a - b);
}

describe('lists of events in chunks', () => {
  it('keep the events of each list, whatever is added to others in between', () => {
    const chunks = new EventChunks();
    const lists = [0, 0, 0];
    for (let i = 0; i < 1000; i++) lists[i % 3] = chunks.add(lists[i % 3], i, i, i);
    lists.forEach((list, index) => {
      const expected = Array.from({ length: 1000 }, (_, i) => i).filter((i) => i % 3 === index);
      expect(argumentsOf(chunks, list)).to.deep.equal(expected);
    });
  });

  it('use the chunks again that were given back, so that memory is bounded by the most events at a time', () => {
    const chunks = new EventChunks();
    const fillAndEmpty = (): void => {
      let list = 0;
      for (let i = 0; i < 10_000; i++) list = chunks.add(list, i, i, i);
      while (list !== 0) list = chunks.release(chunks.chunkOf(list));
    };
    fillAndEmpty();
    const capacity = chunks.capacity;
    for (let round = 0; round < 10; round++) fillAndEmpty();
    expect(chunks.capacity).to.equal(capacity);
    expect(capacity).to.be.lessThan(2 * 10_000 * (64 / 63) + 128);
  });
});
