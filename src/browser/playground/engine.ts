import type { TopologyFile } from '../../cluster/model/topology-file.js';
import type { WorkerReply, WorkerRequest } from '../../playground/protocol.js';

type Asked = Exclude<WorkerRequest, { kind: 'cluster' }>;

/** A run that was superseded has so long to end by itself; stopping its worker costs about as much. */
const PATIENCE_MS = 500;

/** The worker of the page, which answers the latest question only. */
export class Engine {
  private worker: Worker;
  private topology: TopologyFile | null = null;
  private running: Asked | null = null;
  private next: Asked | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  /**
   * @param script URL of the worker's script
   * @param onReply gets the reply to the latest question, and every cluster
   */
  constructor(
    private readonly script: string,
    private readonly onReply: (reply: WorkerReply) => void,
  ) {
    this.worker = this.start();
  }

  /** Asks for the answer to an experiment; a question that waits or runs is dropped. */
  ask(text: string, patient: boolean): void {
    this.put({ kind: 'ask', id: ++this.asked, text, patient });
  }

  /** Reads a dump. */
  import(name: string, dump: Blob): void {
    this.put({ kind: 'import', id: ++this.asked, name, dump });
  }

  /** Stops what is running. */
  cancel(): void {
    this.asked++;
    this.next = null;
    this.restart();
  }

  private put(request: Asked): void {
    this.next = request;
    if (this.running === null) this.send();
    else this.timer ??= setTimeout(() => this.restart(), PATIENCE_MS);
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = this.next;
    this.next = null;
    if (this.running !== null) this.worker.postMessage(this.running);
  }

  private start(): Worker {
    const worker = new Worker(this.script);
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => this.settle(data));
    worker.addEventListener('error', ({ message }) => {
      const id = this.running?.id ?? 0;
      this.restart();
      this.settle({ kind: 'problems', id, problems: [`the computation broke off: ${message || 'out of memory?'}`] });
    });
    if (this.topology !== null)
      worker.postMessage({ kind: 'cluster', topology: this.topology } satisfies WorkerRequest);
    return worker;
  }

  private restart(): void {
    this.worker.terminate();
    this.worker = this.start();
    this.send();
  }

  private settle(reply: WorkerReply): void {
    if (reply.kind === 'cluster') this.topology = reply.topology;
    if (reply.id === this.running?.id) this.send();
    if (reply.id === this.asked) this.onReply(reply);
  }
}
