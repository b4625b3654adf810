import { ascending, bisector } from 'd3-array';
import { clopperPearson, quantilePlaces } from '../statistics/shares.js';
import { quantileR7, relativeHalfWidth } from '../statistics/statistics.js';
import { isExceedance } from './values/metrics.js';
import { holds, type Comparison, type Statistic } from './values/statistic.js';

/** A statistic of values as they come, and how sure it is. */
export interface Estimator {
  /** Values so far. */
  readonly count: number;
  /** Half-width of its 95 % interval as a share of it; null: there is none. */
  readonly relativeHalfWidth: number | null;
  /** Takes up the value of the next replication; null: it has none. */
  add(value: number | null): void;
}

/** The estimator of a statistic. Throws a TypeError for one that has no interval (`max`, `min`). */
export function estimatorOf({ metric, over }: Statistic): Estimator {
  switch (over.kind) {
    case 'mean':
      return new MeanEstimator(isExceedance(metric));
    case 'quantile':
      return new QuantileEstimator(over.p);
    case 'share':
      return new ShareEstimator(over);
    default:
      throw new TypeError(`${over.kind}: has no interval`);
  }
}

/** Mean and variance (Welford, Technometrics 4, 1962). A share of which nothing was seen is not yet known. */
class MeanEstimator implements Estimator {
  count = 0;
  private mean = 0;
  private squares = 0;

  constructor(private readonly isShare: boolean) {}

  add(value: number | null): void {
    if (value === null) return;
    this.count++;
    const difference = value - this.mean;
    this.mean += difference / this.count;
    this.squares += difference * (value - this.mean);
  }

  get relativeHalfWidth(): number | null {
    if (this.mean === 0 && this.isShare) return null;
    return relativeHalfWidth(this.count, this.mean, this.squares / (this.count - 1));
  }
}

/** A quantile between order statistics. */
class QuantileEstimator implements Estimator {
  private readonly sorted: number[] = [];

  constructor(private readonly p: number) {}

  get count(): number {
    return this.sorted.length;
  }

  add(value: number | null): void {
    if (value !== null) this.sorted.splice(BY_SIZE.right(this.sorted, value), 0, value);
  }

  get relativeHalfWidth(): number | null {
    const value = quantileR7(this.sorted, this.p);
    const { low, high } = quantilePlaces(this.count, this.p);
    if (value === null || low === null || high === null) return null;
    return relative(this.sorted[high - 1] - this.sorted[low - 1], value);
  }
}

const BY_SIZE = bisector<number, number>(ascending);

/** The share of the replications in which something holds; it does not where the metric is empty. */
class ShareEstimator implements Estimator {
  count = 0;
  private met = 0;

  constructor(private readonly comparison: Comparison) {}

  add(value: number | null): void {
    this.count++;
    if (value !== null && holds(value, this.comparison)) this.met++;
  }

  get relativeHalfWidth(): number | null {
    if (this.count === 0) return null;
    const { low, high } = clopperPearson(this.met, this.count);
    return relative(high - low, this.met / this.count);
  }
}

function relative(width: number, value: number): number | null {
  if (width === 0) return 0;
  return value === 0 ? null : width / 2 / Math.abs(value);
}
