import type { Labels, Scrape } from './scrape.js';

/** Observations in cumulative buckets, as Prometheus counts them. */
export interface Histogram {
  /** By upper bound in seconds, rising; the last is infinite. */
  readonly buckets: readonly { readonly bound: number; readonly cumulative: number }[];
  readonly count: number;
  /** Sum of the observations, seconds. */
  readonly sum: number;
}

/**
 * A quantile: within a bucket with two bounds; or only known to be at most the lowest bound, or above the highest,
 * both in seconds.
 */
export type Quantile =
  { readonly at: 'within'; readonly seconds: number } | { readonly at: 'lowest' | 'beyond'; readonly bound: number };

/**
 * The histogram of a family (`<family>_bucket`, `_sum`, `_count`) over all series that match; `unit` is its unit in
 * seconds. null where nothing was observed, or where its infinite bucket was left out.
 */
export function histogramOf(
  scrape: Scrape,
  family: string,
  where: (labels: Labels) => boolean,
  unit = 1,
): Histogram | null {
  const counts = new Map<number, number>();
  for (const { labels, value } of scrape.rows(`${family}_bucket`, where)) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']) * unit;
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  const count = counts.get(Infinity) ?? 0;
  if (count === 0) return null;
  const buckets = [...counts].map(([bound, cumulative]) => ({ bound, cumulative })).sort((a, b) => a.bound - b.bound);
  return { buckets, count, sum: scrape.total(`${family}_sum`, where) * unit };
}

/** The quantile `q` in (0, 1), linear within a bucket, as `histogram_quantile` of Prometheus interpolates. */
export function histogramQuantile({ buckets, count }: Histogram, q: number): Quantile {
  const rank = q * count;
  const index = buckets.findIndex(({ cumulative }) => cumulative >= rank);
  const { bound, cumulative } = buckets[index];
  if (index === 0) return bound === Infinity ? { at: 'beyond', bound: 0 } : { at: 'lowest', bound };
  const below = buckets[index - 1];
  if (bound === Infinity) return { at: 'beyond', bound: below.bound };
  const share = (rank - below.cumulative) / (cumulative - below.cumulative);
  return { at: 'within', seconds: below.bound + (bound - below.bound) * share };
}
