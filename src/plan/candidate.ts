import type { Metric } from '../cluster/model/run-record.js';
import { ofAllPods } from '../experiment/language/values/waiting-pods.js';
import { estimate, judgeSlo, type Judgement } from '../experiment/language/slo-judgement.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { wantsLess } from '../experiment/language/values/statistic.js';
import type { RotatedRun } from '../report/last-pod-answer.js';
import { summarize, type Summary, tQuantile } from '../experiment/statistics/statistics.js';

/** The metrics of one run. */
export type Measured = Readonly<Partial<Record<Metric, number | null>>>;

/** Confidence with which a setting is left behind. */
export const CONFIDENCE = 0.99;

/** A setting of the knobs, and what its replications have given so far. */
export class Candidate {
  /** By replication. */
  readonly runs: Measured[] = [];
  /** How long the rotations of the same runs took, and their bounds. */
  readonly rotated: RotatedRun[] = [];

  /**
   * @param index among the scenarios, from 0
   * @param name as the user knows the scenario
   */
  constructor(
    readonly index: number,
    readonly name: string,
  ) {}

  /** A metric's values over the replications. A metric that is missing in one of them has none: the others would be the good cases. */
  values(metric: Metric): readonly number[] | null {
    const values = this.cells(metric).filter((value) => value !== null);
    return values.length < this.runs.length || values.length === 0 ? null : values;
  }

  summary(metric: Metric): Summary {
    return summarize(this.values(metric) ?? []);
  }

  /** Mean of a metric; null where it is missing in a replication. */
  mean(metric: Metric): number | null {
    return this.summary(metric).mean;
  }

  /** What the replications so far say to an SLO. */
  judge(slo: Slo): Judgement {
    return judgeSlo(slo, this.cells(slo.metric));
  }

  /** By replication; null: empty, or not known of pods that still wait. */
  private cells(metric: Metric): readonly (number | null)[] {
    return this.runs.map((run) => ofAllPods(metric, run));
  }

  /** Whether the replications so far satisfy all SLOs. */
  meets(slos: readonly Slo[]): boolean {
    return slos.every((slo) => this.judge(slo).passed);
  }

  /** By how much an SLO is missed, in the unit of what is judged; 0 or less: it is not. */
  excess(slo: Slo): number {
    const value = estimate(slo, this.cells(slo.metric))?.value;
    if (value === undefined) return Infinity;
    return wantsLess(slo.operator) ? value - slo.limit : slo.limit - value;
  }

  /** The worst miss of any SLO, as a share of its limit. */
  worstMiss(slos: readonly Slo[]): number {
    return Math.max(...slos.map((slo) => this.excess(slo) / (Math.abs(slo.limit) || 1)));
  }
}

/**
 * Half of the interval, at 99 %, of a mean of values: Student's t; of a single value three standard deviations as they
 * are known from others.
 */
export function slack(values: readonly number[], spread: number): number {
  const { n, stddev } = summarize(values);
  if (n < 2 || stddev === null) return 3 * spread;
  return (tQuantile((1 + CONFIDENCE) / 2, n - 1) * stddev) / Math.sqrt(n);
}
