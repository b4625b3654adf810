import { bisectRight, max, mean, sum } from 'd3-array';
import { DELAY_QUANTILES, type DelayGroup } from '../cluster/model/run-record.js';
import type { CompletedRun } from '../experiment/execution/runner.js';

/**
 * The share of a scenario's projections that are through within some seconds of the commit, over all classes and
 * replications, those still pending at the end included; NaN where there is none. Between the quantiles of
 * `delays.csv` it is interpolated.
 */
export function shareWithin(runs: readonly CompletedRun[], seconds: number): number {
  const groups = runs.flatMap(({ record }) => record.delays).filter(({ projections }) => projections > 0);
  const pending = sum(runs, ({ record }) => record.metrics.pending_at_end ?? 0);
  const through = sum(groups, (group) => group.projections * shareOf(group, seconds));
  return through / (sum(groups, ({ projections }) => projections) + pending);
}

function shareOf({ quantilesS }: DelayGroup, seconds: number): number {
  const next = bisectRight(quantilesS, seconds);
  if (next === 0) return 0;
  if (next === quantilesS.length) return 1;
  const [low, high] = [quantilesS[next - 1], quantilesS[next]];
  const [from, to] = [DELAY_QUANTILES[next - 1], DELAY_QUANTILES[next]];
  return from + ((seconds - low) / (high - low)) * (to - from);
}

/** The longest delay of some runs in seconds; undefined where no update reached anybody. */
export function longestDelay(runs: readonly CompletedRun[]): number | undefined {
  return max(runs.flatMap(({ record }) => record.delays.map(({ quantilesS }) => quantilesS.at(-1) ?? 0)));
}

/**
 * Requests per second at all servers in the bin of a time, the mean over the replications; 0 beyond the measured time.
 * @param measuredS length of the measured time, seconds: the last bin may end early
 */
export function requestRate(runs: readonly CompletedRun[], seconds: number, measuredS: number): number {
  if (seconds >= measuredS) return 0;
  const rates = runs.map(({ record: { requests } }) => {
    const bin = Math.floor(seconds / requests.binS);
    return requests.counts[bin] / Math.min(requests.binS, measuredS - bin * requests.binS);
  });
  return mean(rates) ?? 0;
}
