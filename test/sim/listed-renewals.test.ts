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
        const { begins, ends, renewals } = listed(batch, all);
        const stream = new RandomStream(all.key, 6);
        const [scale0, scale1] = [populator * 2 ** -32, reconciler * 2 ** -32];
        batch.waitLike({ stream, high, low, phase: all.phase, scale0, scale1 });
        batch.high.set(begins);
        batch.low.set(ends);
        batch.waitListed(begins.length);
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
        const { begins, ends, renewals } = listed(batch, all);
        const counts = new Array<number>(length).fill(0);
        for (const second of renewals.flat()) if (second >= from && second < from + length) counts[second - from]++;
        batch.high.set(begins);
        batch.low.set(ends);
        expect(batch.countListed(begins.length, from, length)).to.equal(Math.max(...counts));
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
      batch.low.fill(1, 0, count);
      batch.listedSeconds[0] = 3;
      return batch.countListed(count, 0, 10);
    };
    expect(many(255)).to.equal(255);
    expect(many(256)).to.be.NaN;
    expect(batch.countListed(1, 0, 2 ** 20), 'so many seconds').to.be.NaN;
  });

  it('are thinned out as one by one, as long as it can be told which is the next', () => {
    const rules = fc.record({
      ttl: fc.integer({ min: 2_000_000, max: 200_000_000 }),
      longestWait: fc.nat(2_000_000),
      unknown: fc.nat(300_000),
      seconds: fc.nat(800),
      beforeEnd: fc.nat(5),
      waited: fc.boolean(),
    });
    fc.assert(
      fc.property(lists, rules, fc.array(fc.tuple(fc.nat(8), fc.nat(300e6)), { maxLength: 12 }), (all, rule, asked) => {
        const { begins, ends } = listed(batch, all);
        const { ttl, longestWait, unknown, seconds, waited } = rule;
        const [end, over] = [all.until - rule.beforeEnd, all.until];
        const stream = new RandomStream(all.key, 6);
        batch.waitLike({ stream, high: 1, low: 2, phase: all.phase, scale0: longestWait * 2 ** -32, scale1: 0 });
        batch.high.set(begins);
        batch.low.set(ends);
        batch.waitListed(begins.length);
        const thinning = {
          passed: Math.floor(Math.max(0, ttl - longestWait) / (all.least + all.span + 1e6)),
          soonest: Math.ceil((ttl - longestWait) / 1e6),
          latest: Math.ceil((longestWait + ttl + unknown) / 1e6),
          longestWait,
          least: ttl,
          enough: ttl + unknown,
          end,
          seconds,
        };
        const rows = asked.map(([list, from]) => ({ list: list % begins.length, from: from - 200e6 }));
        rows.forEach(({ list, from }, i) => {
          [batch.high[i], batch.low[i], batch.index[i], batch.times[i]] = [begins[list], ends[list], 1000 * i, from];
        });
        const readAt = (place: number): number => {
          if (batch.listedTimes[place] === Infinity) return Infinity;
          stream.pair(1, 2, batch.listedSeconds[place]);
          return batch.listedTimes[place] + Math.floor(stream.first() * longestWait);
        };
        const counts = new Uint32Array(batch.sums.length);
        const expected = rows.map(({ list, from }, i) => {
          let next = begins[list];
          while (readAt(next) < from) next++;
          let [place, taken] = [-2, 0];
          while (batch.listedSeconds[next] < end) {
            place = next;
            taken++;
            const when = (waited ? batch.waitedSeconds : batch.listedSeconds)[place];
            if (when >= 0 && when < seconds) counts[1000 * i + when]++;
            const read = readAt(place);
            while (readAt(next) < read + ttl) next++;
            if (readAt(next) < read + ttl + unknown) break;
          }
          return [batch.listedSeconds[next] >= over ? -1 : place, taken];
        });
        batch.thinListed(rows.length, thinning, over, waited);
        expect(rows.map((_, i) => [batch.high[i], batch.low[i]])).to.deep.equal(expected);
        expect(batch.sums).to.deep.equal(counts);
        batch.sums.fill(0);
      }),
      { numRuns: 50 },
    );
  });
});
