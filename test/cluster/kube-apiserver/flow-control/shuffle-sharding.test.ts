import { expect } from 'chai';
import fc from 'fast-check';
import { Dealer } from '../../../../src/cluster/kube-apiserver/flow-control/shuffle-sharding.js';

function deal(deckSize: number, handSize: number, hashHigh: number, hashLow: number): number[] {
  const dealer = new Dealer(deckSize, handSize);
  dealer.deal(hashHigh, hashLow);
  return Array.from(dealer.hand);
}

/** The two words of a hash value. */
function words(hash: bigint): [number, number] {
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}

describe('shuffle sharding', () => {
  it('deals six of 64 queues from the digits of the hash value in the bases 64, 63, … 59', () => {
    // All digits 0: each card is the first of those left.
    expect(deal(64, 6, 0, 0)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    // First digit 63, then zeros.
    expect(deal(64, 6, 0, 63)).to.deep.equal([63, 0, 1, 2, 3, 4]);
    // Digits 5, 5, 3, 60, 0, 58: 5 + 64·(5 + 63·(3 + 62·(60 + 61·(0 + 60·58)))) = 53,081,614,981.
    // 5; the 5 of those left is 6; 3; 60 passes 3, 5, 6; 0; 58 passes 0, 3, 5, 6 and is 62.
    expect(deal(64, 6, ...words(53_081_614_981n))).to.deep.equal([5, 6, 3, 63, 0, 62]);
  });

  it('deals four of 16 queues', () => {
    // Digits 15, 14, 13, 12 in the bases 16, 15, 14, 13: the last card each time.
    const hash = 15n + 16n * (14n + 15n * (13n + 14n * 12n));
    expect(deal(16, 4, ...words(hash))).to.deep.equal([15, 14, 13, 12]);
  });

  it('ignores what a hash value has beyond its hand, and takes words as unsigned', () => {
    const hands = 64n * 63n * 62n * 61n * 60n * 59n;
    expect(deal(64, 6, ...words(53_081_614_981n + 7n * hands))).to.deep.equal([5, 6, 3, 63, 0, 62]);
    expect(deal(64, 6, -1, -2)).to.deep.equal(deal(64, 6, 0xffffffff, 0xfffffffe));
  });

  it('always deals different cards of the deck', () => {
    const word = fc.nat({ max: 0xffffffff });
    fc.assert(
      fc.property(fc.constantFrom(64, 128), word, word, (deckSize, high, low) => {
        const hand = deal(deckSize, 6, high, low);
        expect(new Set(hand).size).to.equal(6);
        for (const card of hand) expect(card).to.be.within(0, deckSize - 1);
      }),
      { seed: 31 },
    );
  });

  it('deals every hand equally often', () => {
    const count = new Map<string, number>();
    for (let hash = 0; hash < 4 * 3 * 5; hash++) {
      const hand = deal(4, 2, 0, hash).join();
      count.set(hand, (count.get(hand) ?? 0) + 1);
    }
    expect(count.size).to.equal(12);
    expect(new Set(count.values())).to.deep.equal(new Set([5]));
  });
});
