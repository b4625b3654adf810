import { ln, wholePower } from './portable-math.js';

/** Ratio of neighbouring bin edges: values are kept to within 0.1 %. */
const GAMMA = 1.002;
const LOG_GAMMA = ln(GAMMA);
/** Bins for 1 … 1e12 (microseconds: 11 days). */
const BINS = Math.ceil(ln(1e12) / LOG_GAMMA) + 2;

/** Whole numbers that begin with the same twelve digits in base two lie closer together than the edges of a bin. */
const CELL_BITS = 11;
const CELL = 2 ** CELL_BITS;

/** The contents of a histogram. */
export interface HistogramPart {
  readonly count: number;
  readonly rows: Float64Array;
}

/**
 * A histogram with logarithmic bins (the mapping of DDSketch, Masson et al., VLDB 2019): a quantile
 * read from it is within 0.1 % of the exact one. Each bin also sums `parts` integers that come with
 * each value. Integer sums are exact, so the order of additions does not matter.
 */
export class PartitionedHistogram {
  /** Values added. */
  count = 0;
  /** A row for each bin, in the same cache line: its count, and the sums of the parts. */
  private readonly rows: Float64Array;
  private readonly columns: number;

  constructor(parts: number) {
    this.columns = 1 + parts;
    this.rows = new Float64Array(BINS * this.columns);
  }

  /** The bin of a value ≥ 0: 0 for values below 1. */
  static bin(value: number): number {
    return value < 1 ? 0 : Math.min(BINS - 1, 1 + Math.floor(ln(value) / LOG_GAMMA));
  }

  /** The least whole number whose bin is above `bin`; Infinity: there is none. Values below it are in `bin` at the most. */
  static wholeAbove(bin: number): number {
    if (bin >= BINS - 1) return Infinity;
    let [below, above] = [0, 2 ** 41];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (PartitionedHistogram.bin(middle) > bin) above = middle;
      else below = middle;
    }
    return above;
  }

  /** The counts of several histograms together (their parts are left out). */
  static merged(histograms: readonly PartitionedHistogram[]): PartitionedHistogram {
    const result = new PartitionedHistogram(0);
    for (const { rows, columns, count } of histograms) {
      for (let bin = 0; bin < BINS; bin++) result.rows[bin] += rows[bin * columns];
      result.count += count;
    }
    return result;
  }

  /** All values and what came with them, to be added to another histogram. */
  part(): HistogramPart {
    return { count: this.count, rows: this.rows.slice() };
  }

  /** Adds the values of another histogram of as many parts. */
  absorb({ count, rows }: HistogramPart): void {
    this.count += count;
    for (let i = 0; i < rows.length; i++) this.rows[i] += rows[i];
  }

  /** Adds a value; the caller then adds its parts to the returned bin with `addPart`. */
  add(value: number): number {
    const whole = value >>> 0;
    const bin = value === whole && value > 0 ? knownBins().of(whole) : PartitionedHistogram.bin(value);
    this.rows[bin * this.columns]++;
    this.count++;
    return bin;
  }

  addPart(part: number, bin: number, value: number): void {
    this.rows[bin * this.columns + 1 + part] += value;
  }

  /** The value of a rank (0-based): the middle of its bin. */
  atRank(rank: number): number {
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += this.rows[bin * this.columns];
      if (seen > rank) return bin === 0 ? 0 : (2 * wholePower(GAMMA, bin)) / (GAMMA + 1);
    }
    throw new RangeError(`rank ${rank} of ${this.count} values`);
  }

  /** Values in the bins after `from` up to `to`, and the mean of each part over them; null where there is none. */
  means(from: number, to: number): readonly number[] | null {
    const totals = new Array<number>(this.columns).fill(0);
    for (let bin = from + 1; bin <= to; bin++) {
      for (let i = 0; i < this.columns; i++) totals[i] += this.rows[bin * this.columns + i];
    }
    const [count, ...parts] = totals;
    return count === 0 ? null : parts.map((total) => total / count);
  }
}

/**
 * The bins of whole numbers below 2^32, which a logarithm each would tell in ten times the time: those of cells, and where
 * the next bin begins, both looked up once.
 */
class KnownBins {
  /** The bin of the first number of each cell; 0: not known yet. */
  private readonly bins = new Uint16Array(32 * CELL);
  /** The least whole number above each bin; 0: not known yet. */
  private readonly ends = new Float64Array(BINS);

  /** The bin of a whole number in [1, 2^32). */
  of(value: number): number {
    const zeros = Math.clz32(value);
    const cell = ((31 - zeros) << CELL_BITS) | (((value << zeros) >>> (31 - CELL_BITS)) & (CELL - 1));
    const bin = this.bins[cell];
    if (bin === 0) return this.look(value, cell);
    return value < this.ends[bin] ? bin : bin + 1;
  }

  private look(value: number, cell: number): number {
    const below = Math.max(0, (cell >>> CELL_BITS) - CELL_BITS);
    const bin = PartitionedHistogram.bin(((value >>> below) << below) >>> 0);
    this.bins[cell] = bin;
    if (this.ends[bin] === 0) this.ends[bin] = PartitionedHistogram.wholeAbove(bin);
    return value < this.ends[bin] ? bin : bin + 1;
  }
}

let known: KnownBins | null = null;

function knownBins(): KnownBins {
  return (known ??= new KnownBins());
}
