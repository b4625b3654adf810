import { max, mean, minIndex } from 'd3-array';
import type { Metric } from '../cluster/model/run-record.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { type Candidate, slack } from './candidate.js';
import { mayMeet } from './feasibility.js';

/** What is looked for: the setting of least cost that meets the SLOs. */
export interface Goal {
  readonly slos: readonly Slo[];
  /** To be low. */
  readonly cost: Metric;
  /** Decides between settings of equal cost, to be low. */
  readonly delay: Metric;
  /** Replications after which a setting is judged for good. */
  readonly replications: number;
}

/** Brings candidates to a number of replications each. */
export type Measure = (candidates: readonly Candidate[], replications: number) => Promise<void>;

/** A setting that stays in the race gets this many times the replications. */
const GROWTH = 4;
/** Costs that differ by less are equal, relatively. */
const EQUAL = 1e-9;

/**
 * Finds the cheapest candidate that meets the SLOs by racing (Maron and Moore, Hoeffding races, NIPS 6, 1994; Birattari
 * et al., GECCO 2002): each gets one replication; then whoever may still be the cheapest feasible one gets more, the
 * most promising first, and drops out as soon as it misses an SLO or costs more than the best one, at 99 %. All meet
 * the same chance in the same replication, so costs are compared in pairs.
 * @returns the best; null where none meets the SLOs
 */
export async function findCheapest(
  candidates: readonly Candidate[],
  goal: Goal,
  measure: Measure,
): Promise<Candidate | null> {
  const race = new Race(candidates, goal);
  await measure(candidates, 1);
  if (race.contender() === null) {
    const closest = race.closest();
    await measure([closest], goal.replications);
    race.judge(closest);
  }
  for (let next = race.contender(); next !== null; next = race.contender()) {
    await measure(
      [next],
      Math.min(goal.replications, race.best === null ? goal.replications : GROWTH * next.runs.length),
    );
    race.judge(next);
  }
  return race.best;
}

/** The candidates that no other one beats in both cost and delay, cheapest first. */
export function paretoFront(candidates: readonly Candidate[], cost: Metric, delay: Metric): readonly Candidate[] {
  const points = candidates.flatMap((candidate) => {
    const [x, y] = [candidate.mean(cost), candidate.mean(delay)];
    return x === null || y === null ? [] : [{ candidate, x, y }];
  });
  let fastest = Infinity;
  return points
    .toSorted((a, b) => a.x - b.x || a.y - b.y)
    .filter(({ y }) => {
      const stays = y < fastest;
      if (stays) fastest = y;
      return stays;
    })
    .map(({ candidate }) => candidate);
}

class Race {
  /** The cheapest that has met the SLOs in all replications. */
  best: Candidate | null = null;

  constructor(
    private readonly candidates: readonly Candidate[],
    private readonly goal: Goal,
  ) {}

  /** The most promising candidate that is not decided; null: all are. */
  contender(): Candidate | null {
    const open = this.candidates.filter((candidate) => this.isOpen(candidate));
    return open.length === 0 ? null : open.reduce((first, next) => (this.before(next, first) ? next : first));
  }

  /** Takes note of new replications of a candidate. */
  judge(candidate: Candidate): void {
    const { slos, replications } = this.goal;
    if (candidate.runs.length < replications || !candidate.meets(slos)) return;
    if (this.best === null || this.before(candidate, this.best)) this.best = candidate;
  }

  /** The candidate that misses the SLOs least. */
  closest(): Candidate {
    return this.candidates[minIndex(this.candidates, (candidate) => candidate.worstMiss(this.goal.slos))];
  }

  /** Whether a candidate may turn out to be the best one. */
  private isOpen(candidate: Candidate): boolean {
    const { runs } = candidate;
    if (runs.length >= this.goal.replications) {
      // A goal of one replication is decided by the first.
      return runs.length === 1 && this.best === null && candidate.meets(this.goal.slos);
    }
    return this.mayMeet(candidate) && (this.best === null || this.mayBeat(candidate, this.best));
  }

  private mayMeet(candidate: Candidate): boolean {
    return this.goal.slos.every((slo) => mayMeet(candidate, slo, this.spread(slo.metric)));
  }

  /** Compared in pairs: both met the same chance in the same replication. */
  private mayBeat(candidate: Candidate, best: Candidate): boolean {
    const { cost, delay } = this.goal;
    const dearer = differences(candidate, best, cost);
    if (dearer === null) return false;
    const equal = Math.abs(best.mean(cost) ?? 0) * EQUAL;
    if (dearer.every((difference) => Math.abs(difference) <= equal)) {
      const later = differences(candidate, best, delay);
      return later !== null && (mean(later) ?? 0) < slack(later, this.spread(delay));
    }
    return (mean(dearer) ?? 0) <= slack(dearer, this.spread(cost));
  }

  /** Whether a candidate comes before another by what is known of both: it is cheaper, or as cheap and faster. */
  private before(candidate: Candidate, other: Candidate): boolean {
    const { cost, delay } = this.goal;
    const dearer = mean(differences(candidate, other, cost) ?? []) ?? 0;
    if (Math.abs(dearer) > Math.abs(other.mean(cost) ?? 0) * EQUAL) return dearer < 0;
    return (mean(differences(candidate, other, delay) ?? []) ?? 0) < 0;
  }

  /** Standard deviation of one replication, the largest known. */
  private spread(metric: Metric): number {
    return max(this.candidates, (candidate) => candidate.summary(metric).stddev ?? 0) ?? 0;
  }
}

/** A candidate's values less another one's, over the replications that both have. */
function differences(candidate: Candidate, other: Candidate, metric: Metric): readonly number[] | null {
  const [values, others] = [candidate.values(metric), other.values(metric)];
  if (values === null || others === null) return null;
  return values.slice(0, others.length).map((value, i) => value - others[i]);
}
