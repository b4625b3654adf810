const TWO_POW_32 = 2 ** 32;

/**
 * Deals a flow its hand of queues by consuming the flow's hash value digit by digit
 * (apiserver/pkg/util/shufflesharding/dealer.go). Every hand holds different cards, and every hand is as
 * likely as every other.
 */
export class Dealer {
  /** The cards last dealt, in 0 … deckSize − 1. */
  readonly hand: Int32Array;
  private readonly remainders: Int32Array;

  constructor(
    private readonly deckSize: number,
    handSize: number,
  ) {
    this.hand = new Int32Array(handSize);
    this.remainders = new Int32Array(handSize);
  }

  /** Deals the hand of the 64-bit hash value with these 32-bit words into `hand`. */
  deal(hashHigh: number, hashLow: number): void {
    const { hand, remainders, deckSize } = this;
    let high = hashHigh >>> 0;
    let low = hashLow >>> 0;
    for (let i = 0; i < remainders.length; i++) {
      const base = deckSize - i;
      // Long division by words: the remainder of the high one is below 128, so that the next dividend is exact. Of
      // numbers beyond 32 bits `%` is slow, and the remainder known by the quotient.
      const highQuotient = Math.floor(high / base);
      const rest = (high - highQuotient * base) * TWO_POW_32 + low;
      high = highQuotient;
      low = Math.floor(rest / base);
      remainders[i] = rest - low * base;
    }
    for (let i = 0; i < hand.length; i++) {
      let card = remainders[i];
      for (let j = i; j > 0; j--) if (card >= remainders[j - 1]) card++;
      hand[i] = card;
    }
  }
}
