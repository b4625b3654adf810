import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { askCrew, type Asking, type Outcome } from '../../playground/crew.js';
import type { WorkerReply } from '../../playground/protocol.js';
import type { Question } from '../../playground/question.js';
import { WorkerHand } from './worker-hand.js';

/** A run that was superseded has so long to end by itself; stopping its worker costs about as much. */
const PATIENCE_MS = 500;
const POLL_MS = 20;
/** More workers are no faster: what they give has to be put together. */
const WORKERS_MAX = 16;

/** The workers of the page, one per core, which answer the latest question only. */
export class Engine {
  private readonly hands: WorkerHand[] = [];
  private topology: TopologyFile | null = null;
  private latest = new AbortController();

  /** @param script URL of the workers' script */
  constructor(private readonly script: string) {
    this.hand(0); // Its script is compiled while the page is built.
  }

  /** Asks for an answer; a question that waits or runs is dropped. */
  async ask(question: Question, asking: Omit<Asking, 'signal'>): Promise<Outcome> {
    const signal = await this.supersede();
    const count = Math.max(1, Math.min(WORKERS_MAX, navigator.hardwareConcurrency));
    return signal.aborted
      ? { kind: 'outdated' }
      : askCrew(question, (index) => this.hand(index), count, { ...asking, signal });
  }

  /** Reads a file that was dropped; null where another one, or a question, came meanwhile. */
  async read(name: string, file: Blob): Promise<WorkerReply | null> {
    const signal = await this.supersede();
    if (isOutdated(signal)) return null;
    const reply = await this.hand(0).call({ kind: 'read', name, file });
    if (isOutdated(signal)) return null;
    if (reply.kind === 'cluster') {
      this.topology = reply.topology;
      const [first, ...others] = this.hands;
      first.keep(reply.topology);
      for (const hand of others) void hand.call({ kind: 'take', topology: reply.topology });
    }
    return reply;
  }

  private hand(index: number): WorkerHand {
    const known = this.hands.at(index);
    if (known !== undefined) return known;
    const hand = new WorkerHand(this.script);
    this.hands[index] = hand;
    if (this.topology !== null) void hand.call({ kind: 'take', topology: this.topology });
    return hand;
  }

  /** Drops what was asked before, and waits a little for the workers to be free. */
  private async supersede(): Promise<AbortSignal> {
    this.latest.abort();
    this.latest = new AbortController();
    const { signal } = this.latest;
    const busy = (): readonly WorkerHand[] => this.hands.filter((hand) => !hand.isIdle);
    for (let waited = 0; busy().length > 0 && waited < PATIENCE_MS && !signal.aborted; waited += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    if (!signal.aborted) for (const hand of busy()) hand.stop();
    return signal;
  }
}

function isOutdated({ aborted }: AbortSignal): boolean {
  return aborted;
}
