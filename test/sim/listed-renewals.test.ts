import { expect } from 'chai';
import fc from 'fast-check';
import { LIST_ENDS, RandomBatch } from '../../src/sim/random-batch.js';
import { RandomStream } from '../../src/sim/random.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const sequence = fc.tuple(word, word, fc.nat(9), fc.integer({ min: -300, max: 100 }));
const lists = fc.record({
  key: word,
  sequences: fc.array(sequence, { minLength: 1, maxLength: 9 }),
  least: fc.integer({ min: 1_000_000, max: 40_000_000 }),
  span: fc.nat(30_000_000),
  phase: fc.nat(999_999),
  until: fc.integer({ min: 0, max: 900 }),
});

type Lists = typeof lists extends fc.Arbitrary<infer Value> ? Value : never;

/** Lists renewals in a batch; returns them, the place where each list begins, and how long all lists are together. */
function listed(batch: RandomBatch, { key, sequences, least, span, phase, until }: Lists) {
  const room = 1300 + LIST_ENDS;
  sequences.forEach(([high, low, drawn, second], i) => {
    [batch.high[i], batch.low[i], batch.index[i], batch.seconds[i]] = [high, low, drawn, second];
  });
  const law = { least, scale: span * 2 ** -32, phase };
  expect(batch.listRenewals(new RandomStream(key, 5), sequences.length, law, until, room)).to.equal(true);
  const begins = sequences.map(([, , drawn], i) => i * room + (drawn & 1));
  const ends = sequences.map((_, i) => i * room + batch.seconds[i]);
  const renewals = begins.map((begin, i) => [...batch.listedSeconds.subarray(begin, ends[i])]);
  return { room, begins, ends, renewals };
}

/** Nothing that has happened in a batch before may matter. */
const batch = new RandomBatch();

describe('listed renewals', () => {
  it('come to the seconds of their times and two waits, drawn for the entity at the number of the second', () => {
    const waits = fc.tuple(fc.nat(5_000_000), fc.nat(5_000_000));
    fc.assert(
      fc.property(lists, word, word, waits, (all, high, low, [populator, reconciler]) => {
        const { room, begins, renewals } = listed(batch, all);
        const stream = new RandomStream(all.key, 6);
        const scales = [populator * 2 ** -32, reconciler * 2 ** -32] as const;
        batch.waitListed(stream, [high, low], all.sequences.length * room, all.phase, scales);
        renewals.forEach((seconds, i) => {
          const expected = seconds.map((second) => {
            stream.pair(high, low, second);
            const wait = Math.floor(stream.first() * populator) + Math.floor(stream.second() * reconciler);
            return second + Math.floor((all.phase + wait) / 1e6);
          });
          expect([...batch.waitedSeconds.subarray(begins[i], begins[i] + seconds.length)]).to.deep.equal(expected);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('are counted by second, and added up', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: -400, max: 0 }), fc.integer({ min: 1, max: 700 }), (all, from, length) => {
        const { room, renewals } = listed(batch, all);
        const counts = new Array<number>(length).fill(0);
        for (const second of renewals.flat()) if (second >= from && second < from + length) counts[second - from]++;
        expect(batch.countListed(all.sequences.length, room, from, length)).to.equal(Math.max(...counts));
        expect([...batch.listedCounts.subarray(0, length)]).to.deep.equal(counts);
        const first = length >> 1;
        const [place, seconds] = [7, length - first];
        for (let times = 0; times < 3; times++) batch.addCounts(first, seconds, place);
        const sums = counts.slice(first).map((count) => 3 * count);
        expect([...batch.sums.subarray(place, place + seconds)]).to.deep.equal(sums);
        expect(batch.sums[place + seconds] + batch.sums[place - 1], 'nothing beside them').to.equal(0);
        batch.sums.fill(0);
      }),
      { numRuns: 50 },
    );
  });

  it('are not counted where more than 255 are in one second', () => {
    const many = (count: number): number => {
      batch.high.fill(0, 0, count);
      batch.seconds.fill(0, 0, count);
      batch.index.fill(0, 0, count);
      const law = { least: 100_000_000, scale: 0, phase: 0 };
      expect(batch.listRenewals(new RandomStream(1, 2), count, law, 1, 1 + LIST_ENDS)).to.equal(true);
      return batch.countListed(count, 1 + LIST_ENDS, 0, 10);
    };
    expect(many(255)).to.equal(255);
    expect(many(256)).to.be.NaN;
    expect(batch.countListed(1, 1, 0, 2 ** 20), 'so many seconds').to.be.NaN;
  });

  it('are thinned out as one by one, as long as it is certain which is the next', () => {
    const gaps = fc.record({ soonest: fc.integer({ min: 1, max: 200 }), unsure: fc.nat(2), seconds: fc.nat(800) });
    fc.assert(
      fc.property(lists, gaps, fc.nat(5), fc.boolean(), (all, { soonest, unsure, seconds }, beforeEnd, waited) => {
        const { room, begins, ends, renewals } = listed(batch, all);
        const stream = new RandomStream(all.key, 6);
        batch.waitListed(stream, [1, 2], all.sequences.length * room, all.phase, [1e6 * 2 ** -32, 0]);
        const [end, over, latest] = [all.until - beforeEnd, all.until, soonest + unsure];
        const passed = Math.floor(soonest / Math.ceil((all.least + all.span) / 1e6));
        const lists = renewals.map((_, i) => i).filter((i) => renewals[i].length > 0);
        lists.forEach((list, i) => {
          [batch.high[i], batch.low[i], batch.index[i]] = [begins[list], ends[list], 1000 * i];
        });
        const counts = new Uint32Array(batch.sums.length);
        const expected = lists.map((list, i) => {
          let place = begins[list];
          for (let taken = 1; ; taken++) {
            const second = batch.listedSeconds[place];
            const when = waited ? batch.waitedSeconds[place] : second;
            if (when >= 0 && when < seconds) counts[1000 * i + when]++;
            let next = place + 1;
            while (batch.listedSeconds[next] - second < soonest) next++;
            const following = batch.listedSeconds[next];
            if (following >= over) return [-1, taken];
            if (following - second < latest || following >= end) return [place, taken];
            place = next;
          }
        });
        batch.thinListed(lists.length, { passed, soonest, latest, end, seconds }, over, waited);
        expect(lists.map((_, i) => [batch.high[i], batch.seconds[i]])).to.deep.equal(expected);
        expect(batch.sums).to.deep.equal(counts);
        batch.sums.fill(0);
      }),
      { numRuns: 50 },
    );
  });
});
