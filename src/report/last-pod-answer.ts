import { fsum, max } from 'd3-array';
import { type Bound, widestBound } from '../cluster/model/bound.js';
import type { RotationTimes } from '../cluster/model/run-record.js';
import { type ClusteredQuantile, clusteredQuantile } from '../experiment/statistics/clustered-quantiles.js';
import { valuesForQuantile } from '../experiment/statistics/shares.js';
import { compact, compactUp, grouped } from './compact-numbers.js';
import { finite } from './plain-number.js';

/** Quantile over rotations that is told where none is asked for. */
export const USUAL_SHARE = 0.95;

/** What the answer needs to know of a run. */
export interface RotatedRun {
  readonly record: { readonly rotations: RotationTimes; readonly bound: Bound | null };
}

/** By when every pod has an update: the closed form, and what was seen. Times in seconds. */
export interface LastPodAnswer {
  /** The widest of the replications; null: no update, or an older result that does not tell. */
  readonly bound: Bound | null;
  /** Updates that pods can see, over all replications, and those of them that were not over at the end. */
  readonly rotations: number;
  readonly unfinished: number;
  /** The longest and the mean of those that were over; null: none was. */
  readonly worstS: number | null;
  readonly meanS: number | null;
  /** A quantile of all of them, with its 95 % interval; null where there is none. */
  readonly quantile: RotationQuantile | null;
}

/** A quantile of how long rotations take. */
export interface RotationQuantile extends ClusteredQuantile {
  readonly share: number;
  /** About how many replications like these an upper end takes; null where there is one. */
  readonly needed: number | null;
}

/** The answer for a scenario. `share`: of the rotations, whose quantile is wanted. */
export function lastPodAnswer(runs: readonly RotatedRun[], share = USUAL_SHARE): LastPodAnswer {
  const replications = runs.map(({ record }) => record.rotations.kubeletS).filter(({ length }) => length > 0);
  const times = replications.flatMap((each) => [...each]);
  const over = times.filter((time) => time < Infinity);
  return {
    bound: widestBound(runs.flatMap(({ record }) => record.bound ?? [])),
    rotations: times.length,
    unfinished: times.length - over.length,
    worstS: max(over) ?? null,
    meanS: over.length === 0 ? null : fsum(over) / over.length,
    quantile: times.length === 0 ? null : rotationQuantile(replications, share),
  };
}

/** A quantile of the rotations of replications, none of which is empty. */
export function rotationQuantile(replications: readonly Float64Array[], share: number): RotationQuantile {
  const quantile = clusteredQuantile(replications, share);
  const needed = (valuesForQuantile(share) * replications.length) / Math.floor(quantile.independent);
  return { ...quantile, share, needed: quantile.high === null ? Math.ceil(needed) : null };
}

/** The bound in words; empty where there is none. */
export function boundText({ bound }: LastPodAnswer): string {
  return bound?.seconds == null ? '' : `${compactUp(bound.seconds)} s (bound)`;
}

/** Why there is no bound, in words; null where there is one, or nothing is known. */
export function noBoundText({ bound }: LastPodAnswer): string | null {
  return bound === null || bound.seconds !== null ? null : `no closed form: ${bound.reason}`;
}

/** What was seen, in words. */
export function seenText(answer: LastPodAnswer): string {
  const { rotations, unfinished, worstS, meanS, quantile, bound } = answer;
  if (unfinished > 0) {
    const where = rotations === unfinished ? '' : ` in ${grouped(unfinished)} of ${grouped(rotations)} rotations`;
    return `some pods are still without them at the end${where}`;
  }
  const count = rotations === 1 ? 'one rotation' : `${grouped(rotations)} rotations`;
  if (rotations === 1) return `seen ${compact(worstS)} s in ${count}`;
  const tail = quantile === null ? null : quantileText(quantile, bound?.seconds !== null && bound !== null);
  return [
    `worst seen ${compact(worstS)} s in ${count}`,
    ...(tail === null ? [] : [tail]),
    `mean ${compact(meanS)} s`,
  ].join(', ');
}

/** A quantile with its interval; where it has no upper end, what it takes, unless there is a bound to go by. */
function quantileText({ share, value, low, high, needed }: RotationQuantile, bounded: boolean): string | null {
  const name = `p${Number((100 * share).toPrecision(4))}`;
  if (low !== null && high !== null && Number.isFinite(high))
    return `${name} ${compact(value)} s (${compact(low)} to ${compact(high)})`;
  return bounded || needed === null ? null : `${name} would take about ${grouped(needed)} replications`;
}

/** The answer for programs. */
export function lastPodFields(runs: readonly RotatedRun[], share?: number) {
  const { bound, rotations, unfinished, worstS, meanS, quantile } = lastPodAnswer(runs, share);
  return {
    bound_s: bound?.seconds ?? null,
    no_bound: bound?.reason ?? '',
    terms: bound?.terms.map(({ name, seconds, source }) => ({ name, term_s: seconds, source })) ?? [],
    assumes: bound?.assumes ?? [],
    rotations,
    unfinished,
    worst_seen_s: worstS,
    mean_s: meanS,
    quantile: quantile && {
      share_of_rotations: quantile.share,
      value_s: finite(quantile.value),
      ci95_low_s: finite(quantile.low),
      ci95_high_s: finite(quantile.high),
      replications_needed: quantile.needed,
    },
  };
}
