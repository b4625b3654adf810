import { type RandomBatch, RUN_BLOCKS } from './random-batch.js';
import type { RandomStream } from './random.js';

/** Blocks that are drawn where more numbers are asked for than were expected. */
const MORE_BLOCKS = 2;

/**
 * Random words of one entity after another, from some index on, drawn many at a time: `RandomStream.uint32`, but signed. They
 * lie in a place that all runs of a batch share: a run is taken to its end before another begins.
 */
export class WordRun {
  readonly words: Int32Array;
  /** The next word, and the end of those that have been drawn: who takes words moves the first, and asks for more at the second. */
  at = 0;
  end = 0;
  private high = 0;
  private low = 0;
  private block = 0;

  constructor(
    private readonly stream: RandomStream,
    private readonly batch: RandomBatch,
  ) {
    this.words = batch.run;
  }

  /** The next word is that of `index` of the entity (high, low); some `count` are expected to be taken. */
  begin(high: number, low: number, index: number, count: number): void {
    this.high = high;
    this.low = low;
    this.block = index >>> 1;
    const second = index & 1;
    this.draw(Math.min(RUN_BLOCKS, Math.max(1, (count + second + 1) >> 1)));
    this.at = second;
  }

  /** Draws the words behind those that have been taken. */
  more(): void {
    this.draw(MORE_BLOCKS);
  }

  private draw(blocks: number): void {
    const drawn = this.batch.drawRun(this.stream, this.high, this.low, this.block, blocks);
    this.block += drawn;
    this.at = 0;
    this.end = 2 * drawn;
  }
}
