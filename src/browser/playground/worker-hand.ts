import type { TopologyFile } from '../../cluster/model/topology-file.js';
import type { Hand } from '../../playground/crew.js';
import type { WorkerReply, WorkerRequest } from '../../playground/protocol.js';

/** A request that waits for its reply. */
interface Pending {
  readonly resolve: (reply: WorkerReply) => void;
  readonly request: WorkerRequest;
}

/** A Web Worker that does one thing after another, and can be stopped in the middle of one. */
export class WorkerHand implements Hand {
  private worker: Worker;
  private readonly queue: Pending[] = [];
  private topology: TopologyFile | null = null;

  /** @param script URL of the worker's script */
  constructor(private readonly script: string) {
    this.worker = this.start();
  }

  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  call(request: WorkerRequest): Promise<WorkerReply> {
    if (request.kind === 'take') this.topology = request.topology;
    return new Promise((resolve) => {
      this.queue.push({ resolve, request });
      if (this.queue.length === 1) this.send();
    });
  }

  /** Stops what it does: all that waits gets no answer but that. */
  stop(): void {
    this.restart('it was stopped');
  }

  /** The cluster that it has read itself. */
  keep(topology: TopologyFile): void {
    this.topology = topology;
  }

  private send(): void {
    const [next] = this.queue as (Pending | undefined)[];
    if (next !== undefined) this.worker.postMessage(next.request);
  }

  private start(): Worker {
    const worker = new Worker(this.script);
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => {
      if (worker !== this.worker) return;
      this.queue.shift()?.resolve(data);
      this.send();
    });
    worker.addEventListener('error', ({ message }) => {
      if (worker === this.worker) this.restart(`the computation broke off: ${message || 'out of memory?'}`);
    });
    return worker;
  }

  private restart(problem: string): void {
    this.worker.terminate();
    this.worker = this.start();
    for (const { resolve } of this.queue.splice(0)) resolve({ kind: 'problems', problems: [problem] });
    if (this.topology !== null) void this.call({ kind: 'take', topology: this.topology });
  }
}
