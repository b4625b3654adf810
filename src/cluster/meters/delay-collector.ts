import { quantileSorted } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { type Chunk, ChunkedNumbers } from '../../sim/growable.js';
import { type HistogramPart, PartitionedHistogram } from '../../sim/histogram.js';
import { sortNumbers } from '../../sim/sort.js';
import type { ConsumptionMode } from '../model/kinds.js';
import { BETWEEN_QUANTILES, DELAY_QUANTILES, type DelayGroup } from '../model/run-record.js';

/** Delays kept one by one, for exact quantiles; beyond, they are read from a histogram (within 0.1 %). */
const EXACT_MAX = 2 ** 21;
/** Of those, so many are looked at together. */
const PIECE = 2 ** 12;

/** The delays that a collector has: one by one, or as a histogram. */
export interface DelayPart {
  readonly sums: readonly number[];
  /** Those of each stage, chunk by chunk. */
  readonly stages: readonly (readonly Chunk[])[];
  readonly histogram: HistogramPart | null;
}

/** The delays of projections with their three stages, in microseconds. */
export class DelayCollector {
  /** Sums of the stages (cache delay, sync wait, refresh), exact. */
  readonly sums: [number, number, number] = [0, 0, 0];
  private readonly stages = [new ChunkedNumbers(), new ChunkedNumbers(), new ChunkedNumbers()] as const;
  /** All delays, once there are too many to keep. */
  private histogram: PartitionedHistogram | null = null;
  /** All delays, ascending, where they have been asked for. */
  private ascending: Float64Array | null = null;

  get count(): number {
    return this.histogram?.count ?? this.stages[0].length;
  }

  add(cacheDelay: number, syncWait: number, refresh: number): void {
    this.ascending = null;
    this.sums[0] += cacheDelay;
    this.sums[1] += syncWait;
    this.sums[2] += refresh;
    if (this.histogram === null) {
      this.stages[0].push(cacheDelay);
      this.stages[1].push(syncWait);
      this.stages[2].push(refresh);
      if (this.stages[0].length > EXACT_MAX) this.keepHistogram();
    } else {
      addTo(this.histogram, cacheDelay, syncWait, refresh);
    }
  }

  /** All delays, to be added to another collector. */
  part(): DelayPart {
    const { sums, stages, histogram } = this;
    return histogram === null
      ? { sums, stages: stages.map((stage) => stage.part()), histogram: null }
      : { sums, stages: [], histogram: histogram.part() };
  }

  /** Adds the delays of another collector. */
  absorb({ sums, stages, histogram }: DelayPart): void {
    this.ascending = null;
    sums.forEach((sum, stage) => (this.sums[stage] += sum));
    if (histogram !== null) this.keepHistogram().absorb(histogram);
    else this.addStages(stages);
  }

  /** Adds delays, each with its stages at the same place of three chunks. */
  private addStages(stages: DelayPart['stages']): void {
    const [cacheDelays, syncWaits, refreshes] = stages;
    const more = cacheDelays.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.count + more > EXACT_MAX) {
      const histogram = this.keepHistogram();
      cacheDelays.forEach((chunk, at) => {
        addChunks(histogram, chunk, syncWaits[at], refreshes[at]);
      });
      return;
    }
    this.stages.forEach((stage, i) => {
      for (const chunk of stages[i]) stage.append(chunk);
    });
  }

  /** There are too many delays to keep each of them. */
  private keepHistogram(): PartitionedHistogram {
    this.histogram = this.toHistogram();
    for (const stage of this.stages) stage.clear();
    return this.histogram;
  }

  /** Summary of one class and mode for `delays.csv`. */
  group(objectClass: string, as: ConsumptionMode): DelayGroup {
    const quantiles = quantilesOf([this], DELAY_QUANTILES);
    const bins = quantiles.map((value) => PartitionedHistogram.bin(Math.floor(value)));
    return {
      objectClass,
      as,
      projections: this.count,
      meanS: (this.sums[0] + this.sums[1] + this.sums[2]) / this.count / SECOND_US,
      quantilesS: quantiles.map((value) => value / SECOND_US),
      betweenS: quantilesOf([this], BETWEEN_QUANTILES).map((value) => value / SECOND_US),
      stagesS: this.stageMeans(bins).map((means) =>
        means === null ? null : [means[0] / SECOND_US, means[1] / SECOND_US, means[2] / SECOND_US],
      ),
    };
  }

  /** Mean stages of the delays up to each bin and beyond the one before; null where there is none. */
  private stageMeans(bins: readonly number[]): readonly (readonly number[] | null)[] {
    const { histogram } = this;
    if (histogram !== null) return bins.map((bin, i) => histogram.means(i === 0 ? -1 : bins[i - 1], bin));
    const ends = Float64Array.from(bins, (bin) => PartitionedHistogram.wholeAbove(bin));
    const counts = new Float64Array(bins.length);
    const sums = this.stages.map(() => new Float64Array(bins.length));
    for (const piece of this.pieces()) addToParts(piece, ends, counts, sums);
    return bins.map((_, part) => (counts[part] === 0 ? null : sums.map((totals) => totals[part] / counts[part])));
  }

  /** The exact delays, ascending, or null where there were too many to keep. */
  exact(): Float64Array | null {
    if (this.histogram !== null) return null;
    if (this.ascending === null) {
      const delays = new Float64Array(this.count);
      for (const piece of this.pieces()) writeSums(piece, delays);
      this.ascending = sortNumbers(delays);
    }
    return this.ascending;
  }

  /** All delays as a histogram with their stages as its parts. */
  toHistogram(): PartitionedHistogram {
    if (this.histogram !== null) return this.histogram;
    const histogram = new PartitionedHistogram(this.sums.length);
    for (const piece of this.pieces()) addPiece(histogram, piece);
    return histogram;
  }

  /** The delays that are kept, some at a time: what is handed out is used again for the next. */
  private *pieces(): Generator<Piece> {
    const { length } = this.stages[0];
    const stages = this.stages.map(() => new Float64Array(Math.min(PIECE, length)));
    for (let from = 0; from < length; from += PIECE) {
      const to = Math.min(length, from + PIECE);
      this.stages.forEach((stage, i) => {
        stage.copyTo(stages[i], 0, from, to);
      });
      yield { from, count: to - from, stages };
    }
  }
}

/** Some delays: the place of the first among all, how many they are, and a column of each stage. */
interface Piece {
  readonly from: number;
  readonly count: number;
  readonly stages: readonly Float64Array[];
}

/** Writes delays to their places among all. */
function writeSums({ from, count, stages: [cacheDelay, syncWait, refresh] }: Piece, delays: Float64Array): void {
  for (let i = 0; i < count; i++) delays[from + i] = cacheDelay[i] + syncWait[i] + refresh[i];
}

function addPiece(histogram: PartitionedHistogram, { count, stages: [cacheDelay, syncWait, refresh] }: Piece): void {
  for (let i = 0; i < count; i++) addTo(histogram, cacheDelay[i], syncWait[i], refresh[i]);
}

/** Counts delays by the parts that they are in, and adds their stages up there. `ends`: the least that is beyond each part. */
function addToParts(
  { count, stages: [cacheDelay, syncWait, refresh] }: Piece,
  ends: Float64Array,
  counts: Float64Array,
  [cacheDelays, syncWaits, refreshes]: readonly Float64Array[],
): void {
  for (let i = 0; i < count; i++) {
    const delay = cacheDelay[i] + syncWait[i] + refresh[i];
    let part = 0;
    // Without a branch that depends on the delay: processors could not foresee it.
    for (let bin = 0; bin < ends.length; bin++) part += delay >= ends[bin] ? 1 : 0;
    counts[part]++;
    cacheDelays[part] += cacheDelay[i];
    syncWaits[part] += syncWait[i];
    refreshes[part] += refresh[i];
  }
}

function addTo(histogram: PartitionedHistogram, cacheDelay: number, syncWait: number, refresh: number): void {
  const bin = histogram.add(cacheDelay + syncWait + refresh);
  histogram.addPart(0, bin, cacheDelay);
  histogram.addPart(1, bin, syncWait);
  histogram.addPart(2, bin, refresh);
}

function addChunks(histogram: PartitionedHistogram, cacheDelay: Chunk, syncWait: Chunk, refresh: Chunk): void {
  for (let i = 0; i < cacheDelay.length; i++) addTo(histogram, cacheDelay[i], syncWait[i], refresh[i]);
}

/** Quantiles in microseconds over several collectors together; none if they are empty. */
export function quantilesOf(collectors: readonly DelayCollector[], levels: readonly number[]): number[] {
  const count = collectors.reduce((sum, collector) => sum + collector.count, 0);
  if (count === 0) return [];
  const parts = collectors.map((collector) => collector.exact());
  if (count <= EXACT_MAX && parts.every((part) => part !== null)) {
    const all = parts.length === 1 ? parts[0] : sortNumbers(concatenated(parts, count));
    // d3's types ask for an array; any ArrayLike works.
    return levels.map((level) => quantileSorted(all as unknown as number[], level) ?? NaN);
  }
  const merged = PartitionedHistogram.merged(collectors.map((collector) => collector.toHistogram()));
  return levels.map((level) => merged.atRank(Math.floor(level * (count - 1))));
}

function concatenated(parts: readonly Float64Array[], count: number): Float64Array {
  const all = new Float64Array(count);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
