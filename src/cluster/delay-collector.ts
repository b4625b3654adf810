import { quantileSorted } from 'd3-array';
import { GrowableFloat64 } from '../sim/growable.js';
import { PartitionedHistogram } from '../sim/histogram.js';
import { type ConsumptionMode } from './model-input.js';
import { DELAY_QUANTILES, type DelayGroup } from './run-record.js';

/** Delays kept one by one, for exact quantiles; beyond, they are read from the histogram (within 0.1 %). */
const EXACT_MAX = 2 ** 22;
const MICROSECONDS = 1e6;
const STAGES = 3;

/** The delays of projections with their three stages, in microseconds. */
export class DelayCollector {
  private readonly exact = new GrowableFloat64();
  readonly histogram = new PartitionedHistogram(STAGES);
  private readonly sums = new Float64Array(STAGES);

  get count(): number {
    return this.histogram.count;
  }

  /** Sum of one stage (0: cache delay, 1: sync wait, 2: refresh), exact. */
  stageSum(stage: number): number {
    return this.sums[stage];
  }

  add(cacheDelay: number, syncWait: number, refresh: number): void {
    const delay = cacheDelay + syncWait + refresh;
    const bin = this.histogram.add(delay);
    this.histogram.addPart(0, bin, cacheDelay);
    this.histogram.addPart(1, bin, syncWait);
    this.histogram.addPart(2, bin, refresh);
    this.sums[0] += cacheDelay;
    this.sums[1] += syncWait;
    this.sums[2] += refresh;
    if (this.exact.length < EXACT_MAX) this.exact.push(delay);
  }

  /** Summary of one class and mode for `delays.csv`. */
  group(objectClass: string, as: ConsumptionMode): DelayGroup {
    const quantiles = quantilesOf([this], DELAY_QUANTILES);
    const bins = quantiles.map((value) => PartitionedHistogram.bin(Math.floor(value)));
    return {
      objectClass,
      as,
      projections: this.count,
      meanS: (this.sums[0] + this.sums[1] + this.sums[2]) / this.count / MICROSECONDS,
      quantilesS: quantiles.map((value) => value / MICROSECONDS),
      stagesS: bins.map((bin, i) => {
        const means = this.histogram.means(i === 0 ? -1 : bins[i - 1], bin);
        return means === null ? null : [means[0] / MICROSECONDS, means[1] / MICROSECONDS, means[2] / MICROSECONDS];
      }),
    };
  }

  /** The exact delays, or null where there were too many to keep. */
  kept(): Float64Array | null {
    return this.exact.length === this.count ? this.exact.view() : null;
  }
}

/** Quantiles in microseconds over several collectors together; none if they are empty. */
export function quantilesOf(collectors: readonly DelayCollector[], levels: readonly number[]): number[] {
  const count = collectors.reduce((sum, collector) => sum + collector.count, 0);
  if (count === 0) return [];
  const parts = collectors.map((collector) => collector.kept());
  if (parts.every((part) => part !== null)) {
    const all = new Float64Array(count);
    let offset = 0;
    for (const part of parts) {
      all.set(part, offset);
      offset += part.length;
    }
    all.sort();
    // d3's types ask for an array; any ArrayLike works.
    return levels.map((level) => quantileSorted(all as unknown as number[], level) ?? NaN);
  }
  const merged = PartitionedHistogram.merged(collectors.map((collector) => collector.histogram));
  return levels.map((level) => merged.atRank(Math.floor(level * (count - 1))));
}
