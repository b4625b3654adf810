import type { Answer } from './answer.js';
import type { FinishedRun } from './finished-run.js';
import type { Plan, WorkerReply, WorkerRequest } from './protocol.js';
import type { Question } from './question.js';

/** A worker, as the crew knows it: it does one thing at a time. */
export interface Hand {
  call(request: WorkerRequest): Promise<WorkerReply>;
}

/** Estimated seconds from which on an answer is only computed on request. */
const LONG_S = 6;
/** Consumers that all workers together hold in memory at most: about 2 GiB of typed arrays. Assumption: a laptop. */
const CONSUMERS_MAX = 8_000_000;

/** How a question is asked. */
export interface Asking {
  /** The user waits, however long it takes. */
  readonly patient: boolean;
  /** Aborted where the question is outdated: no further run is begun. */
  readonly signal: AbortSignal;
  /** Gets the first answer, from one run of each scenario, where more are to come. */
  readonly onFirst: (answer: Answer) => void;
  /** Told how many of the runs are in. */
  readonly onProgress: (done: number, all: number) => void;
}

/** What came of a question. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly workers: number }
  /** An answer that takes longer than anyone expects of a knob; `seconds` is an estimate. */
  | { readonly kind: 'long'; readonly seconds: number }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
  | { readonly kind: 'outdated' };

/** Something that a worker could not do, for people. */
class WorkerProblem extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Answers a question with some workers, which share its runs. Each takes the next run when it is done with one; the first
 * also reads the question and puts the answer together. What comes out does not depend on how many there are.
 * @param hands how to get at the workers, from 0; they are started when they are asked for
 * @param count of workers at most, from 1
 */
export async function askCrew(
  question: Question,
  hands: (index: number) => Hand,
  count: number,
  asking: Asking,
): Promise<Outcome> {
  try {
    const plan = await reply('plan', hands(0).call({ kind: 'plan', question }));
    if (isOutdated(asking)) return { kind: 'outdated' };
    if (plan.seconds > LONG_S && !asking.patient) return { kind: 'long', seconds: plan.seconds };
    const room = Math.max(1, Math.floor(CONSUMERS_MAX / plan.consumers));
    const workers = Math.min(count, room, plan.jobs.length);
    const runs = await new SharedRuns(question, plan, hands, asking).by(workers);
    if (isOutdated(asking)) return { kind: 'outdated' };
    const { answer } = await reply('answer', hands(0).call({ kind: 'fold', question, runs }));
    return { kind: 'answer', answer, workers };
  } catch (error) {
    if (isOutdated(asking)) return { kind: 'outdated' };
    if (error instanceof WorkerProblem) return { kind: 'problems', problems: error.problems };
    throw error;
  }
}

function isOutdated({ signal }: Asking): boolean {
  return signal.aborted;
}

/** The runs of a question, which workers take one by one. */
class SharedRuns {
  private readonly runs: FinishedRun[] = [];
  private next = 0;
  private isFirstTold = false;

  constructor(
    private readonly question: Question,
    private readonly plan: Plan,
    private readonly hands: (index: number) => Hand,
    private readonly asking: Asking,
  ) {}

  /** All of them, in the order of the plan; fewer where the question was outdated meanwhile. */
  async by(workers: number): Promise<readonly FinishedRun[]> {
    await Promise.all(Array.from({ length: workers }, (_, index) => this.work(index)));
    return inOrder(this.runs);
  }

  private async work(index: number): Promise<void> {
    const { plan, question, asking } = this;
    while (this.next < plan.jobs.length && !isOutdated(asking)) {
      const job = plan.jobs[this.next++];
      const { run } = await reply('run', this.hands(index).call({ kind: 'run', question, job }));
      this.runs.push(run);
      asking.onProgress(this.runs.length, plan.jobs.length);
      if (index === 0) await this.tellFirst();
    }
  }

  /** Puts the first answer together as soon as each scenario has its first run. Only these: it is the same each time. */
  private async tellFirst(): Promise<void> {
    const { plan, question, asking, runs } = this;
    const first = inOrder(runs.filter(({ replication }) => replication === 1));
    if (this.isFirstTold || first.length < plan.scenarios || plan.scenarios === plan.jobs.length) return;
    if (isOutdated(asking)) return;
    this.isFirstTold = true;
    const { answer } = await reply('answer', this.hands(0).call({ kind: 'fold', question, runs: first }));
    if (!isOutdated(asking)) asking.onFirst(answer);
  }
}

function inOrder(runs: readonly FinishedRun[]): readonly FinishedRun[] {
  return runs.toSorted((a, b) => a.scenario - b.scenario || a.replication - b.replication);
}

/** A reply of the kind that was asked for. */
async function reply<Kind extends WorkerReply['kind']>(
  kind: Kind,
  promised: Promise<WorkerReply>,
): Promise<Extract<WorkerReply, { kind: Kind }>> {
  const got = await promised;
  if (isOf(got, kind)) return got;
  throw new WorkerProblem(got.kind === 'problems' ? got.problems : [`the worker replied ${got.kind}, not ${kind}`]);
}

function isOf<Kind extends WorkerReply['kind']>(
  got: WorkerReply,
  kind: Kind,
): got is Extract<WorkerReply, { kind: Kind }> {
  return got.kind === kind;
}
