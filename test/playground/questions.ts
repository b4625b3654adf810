import { PRESETS } from '../../src/experiment/language/presets.js';
import type { Answer } from '../../src/playground/answer.js';
import { askCrew, type Hand, type Outcome } from '../../src/playground/crew.js';
import { clusterOfPreset, type Knobs } from '../../src/playground/knobs.js';
import type { Setting } from '../../src/playground/link.js';
import type { Question } from '../../src/playground/question.js';
import { WorkerTasks } from '../../src/playground/worker-tasks.js';

/** A preset's cluster, small enough to be simulated in a moment. */
export function smallSetting(knobs: Partial<Knobs> = {}): Setting {
  const preset = PRESETS.find(({ name }) => name === 'kind-3');
  if (preset === undefined) throw new Error('there is no preset kind-3');
  const cluster = clusterOfPreset(preset);
  return { cluster, knobs: { ...cluster.start, ...knobs } };
}

/** Workers in this process. What they get and give is copied, as between threads. */
export function hands(tasks: readonly WorkerTasks[]): (index: number) => Hand {
  return (index) => ({
    call: async (request) => structuredClone(await tasks[index].reply(structuredClone(request))),
  });
}

/** Asks some workers in this process, and waits for the last answer. */
export async function asked(
  question: Question,
  workers = 1,
  asking: {
    readonly patient?: boolean;
    readonly signal?: AbortSignal;
    readonly onFirst?: (answer: Answer) => void;
  } = {},
): Promise<Outcome> {
  const tasks = Array.from({ length: workers }, () => new WorkerTasks());
  const { patient = false, signal = new AbortController().signal, onFirst = () => undefined } = asking;
  return askCrew(question, hands(tasks), workers, { patient, signal, onFirst, onProgress: () => undefined });
}

/** The answer to a question, all of its runs in. */
export async function answerTo(question: Question, workers = 1): Promise<Answer> {
  const outcome = await asked(question, workers);
  if (outcome.kind !== 'answer') throw new Error(`there is no answer, but: ${JSON.stringify(outcome)}`);
  return outcome.answer;
}
