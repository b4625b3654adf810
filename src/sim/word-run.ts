import type { RandomStream } from './random.js';

/** Blocks that are drawn at a time, at the most; and where more numbers are asked for than were expected. */
const MOST_BLOCKS = 32;
const MORE_BLOCKS = 2;

/** Random words of one entity after another, from some index on, drawn many at a time: `RandomStream.uint32`, but signed. */
export class WordRun {
  readonly words = new Int32Array(2 * MOST_BLOCKS);
  /** The next word, and the end of those that have been drawn: who takes words moves the first, and asks for more at the second. */
  at = 0;
  end = 0;
  private high = 0;
  private low = 0;
  private block = 0;

  constructor(private readonly stream: RandomStream) {}

  /** The next word is that of `index` of the entity (high, low); some `count` are expected to be taken. */
  begin(high: number, low: number, index: number, count: number): void {
    this.high = high;
    this.low = low;
    this.block = index >>> 1;
    const second = index & 1;
    this.draw(Math.min(MOST_BLOCKS, Math.max(1, (count + second + 1) >> 1)));
    this.at = second;
  }

  /** Draws the words behind those that have been taken. */
  more(): void {
    this.draw(MORE_BLOCKS);
  }

  private draw(blocks: number): void {
    this.stream.blocks(this.high, this.low, this.block, blocks, this.words);
    this.block += blocks;
    this.at = 0;
    this.end = 2 * blocks;
  }
}
