import type { RunMetrics } from '../../cluster/model/run-record.js';
import type { Job, JobSource } from './pool.js';
import { judgePrecision, type Precision, type PrecisionVerdict } from '../language/precision.js';

/** Which runs an execution makes, as far as it is known. */
export interface RunPlan extends JobSource {
  /** Runs planned so far. */
  readonly planned: number;
  /** Whether results may ask for more runs. */
  readonly open: boolean;
  /** How each scenario came to an end; null where that is not a question, or not yet known. */
  readonly verdicts: readonly PrecisionVerdict[] | null;
  /** The planned runs that belong to the result, scenario by scenario. */
  counted(): readonly Job[];
  /** The next run that can be computed without waiting for others; undefined: there is none. */
  take(): Job | undefined;
  /** Takes note of what a run gave; null: it failed. */
  settle(job: Job, metrics: RunMetrics | null): void;
}

/** Runs that are all known before. */
export class FixedPlan implements RunPlan {
  readonly open = false;
  readonly verdicts = null;
  private readonly jobs: readonly Job[];
  private taken = 0;

  constructor(jobs: readonly Job[]) {
    this.jobs = jobs;
  }

  get most(): number {
    return this.jobs.length;
  }

  get planned(): number {
    return this.jobs.length;
  }

  counted(): readonly Job[] {
    return this.jobs;
  }

  take(): Job | undefined {
    return this.jobs.at(this.taken++);
  }

  next(): Promise<Job | null> {
    return Promise.resolve(this.take() ?? null);
  }

  settle(): void {
    // Nothing depends on results.
  }
}

/** What the replications of one scenario are known to give. */
interface Replications {
  /** Their runs, in order. */
  readonly jobs: readonly Job[];
  /** The metric by replication; undefined: not yet computed. */
  readonly values: (number | null | undefined)[];
  planned: number;
  verdict: PrecisionVerdict | null;
}

/**
 * Replications until a precision is reached: for each scenario as many as its next judgement needs, until all
 * scenarios are decided. Which runs count depends on their results alone, never on workers or time; a few that
 * were computed may turn out not to.
 */
export class SequentialPlan implements RunPlan {
  readonly most: number;
  private readonly ready: Job[] = [];
  private readonly waiting: ((job: Job | null) => void)[] = [];
  private readonly scenarios: readonly Replications[];
  private readonly precision: Precision;

  /** @param jobs of each scenario, as many as there may be */
  constructor(jobs: readonly (readonly Job[])[], precision: Precision) {
    this.precision = precision;
    this.most = jobs.reduce((sum, each) => sum + each.length, 0);
    this.scenarios = jobs.map((each) => ({ jobs: each, values: [], planned: 0, verdict: null }));
    for (const scenario of this.scenarios) this.judge(scenario);
  }

  get planned(): number {
    return this.scenarios.reduce((sum, { planned }) => sum + planned, 0);
  }

  get open(): boolean {
    return this.scenarios.some(({ verdict }) => verdict === null);
  }

  get verdicts(): readonly PrecisionVerdict[] | null {
    const known = this.scenarios.flatMap(({ verdict }) => verdict ?? []);
    return known.length === this.scenarios.length ? known : null;
  }

  counted(): readonly Job[] {
    return this.scenarios.flatMap(({ jobs, planned, verdict }) => jobs.slice(0, verdict?.replications ?? planned));
  }

  take(): Job | undefined {
    return this.ready.shift();
  }

  next(): Promise<Job | null> {
    const job = this.take();
    if (job !== undefined || !this.open) return Promise.resolve(job ?? null);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  settle({ scenario, replication }: Job, metrics: RunMetrics | null): void {
    this.scenarios[scenario].values[replication - 1] = metrics?.[this.precision.metric] ?? null;
    this.judge(this.scenarios[scenario]);
    while (this.waiting.length > 0 && (this.ready.length > 0 || !this.open)) {
      this.waiting.shift()?.(this.take() ?? null);
    }
  }

  /** Decides a scenario, or plans what a decision needs, once all that was planned is known. */
  private judge(scenario: Replications): void {
    const values = scenario.values.filter((value) => value !== undefined);
    if (scenario.verdict !== null || values.length < scenario.planned) return;
    const judgement = judgePrecision(values, this.precision);
    if (judgement.decided) {
      scenario.verdict = judgement.verdict;
    } else {
      this.ready.push(...scenario.jobs.slice(scenario.planned, judgement.wanted));
      scenario.planned = judgement.wanted;
    }
  }
}
