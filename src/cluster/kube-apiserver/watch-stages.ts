import { VERB } from '../model/verbs.js';
import { ANSWER_NS, RESUMED_NS, WRITER_NS } from './frame-writers.js';
import { GOROUTINE } from './goroutines.js';
import { type Requests, STAGE } from './requests.js';
import type { ServerProcess } from './server-process.js';

/** What the stages of a WATCH bring about. */
export interface WatchStagesListener {
  /** True for a WATCH from a version that its server's watch cache does not reach back to. */
  isGone(request: number): boolean;
  /** Its seat is free. */
  begins(request: number): void;
  /** All is written that it is answered with: it is a stream, or over. */
  streams(request: number): void;
}

/**
 * What follows on the first turn of a WATCH's handler, on a server with cores (`handlers/watch.go` HandleHTTP): it has its
 * headers written, and where it finds its version, another goroutine begins to send its events (`cacheWatcher.process`): then
 * its seat is free. That one has lost its turn to the writer of the headers.
 */
export class WatchStages {
  /** `perNs`: µs of a core for a nanosecond on the machine of the cost table. */
  constructor(
    private readonly requests: Requests,
    private readonly processes: readonly ServerProcess[],
    private readonly listener: WatchStagesListener,
    private readonly perNs: number,
  ) {}

  /** A WATCH's handler has had its first turn. */
  starts(id: number): void {
    const { requests, listener } = this;
    const { cpu, frames } = this.processOf(id);
    const node = requests.node[id];
    const generation = requests.generation[id];
    requests.stage[id] = STAGE.STARTED;
    if (!listener.isGone(id)) cpu?.wakeLater(GOROUTINE.SENDER, id, generation, RESUMED_NS * this.perNs);
    frames?.writeHeaders(node, id, generation);
  }

  /** CPU that is left for what comes after that turn, of a request's work, ns: each frame is flushed. */
  laterNs(id: number): number {
    const { verb, initial, node } = this.requests;
    if (verb[id] !== VERB.WATCH) return node[id] >= 0 ? ANSWER_NS : 0;
    if (this.listener.isGone(id)) return 4 * WRITER_NS + 2 * RESUMED_NS;
    return initial[id] === 1 ? 3 * (WRITER_NS + RESUMED_NS) : 2 * (WRITER_NS + RESUMED_NS);
  }

  /** The goroutine that sends a watch's events has begun: the one that writes frames gets the initial state. */
  sends(id: number): void {
    const { requests } = this;
    this.listener.begins(id);
    if (requests.stage[id] === STAGE.HEADERS_SENT)
      this.processOf(id).cpu?.wakeLater(GOROUTINE.RESUMED, id, requests.generation[id], RESUMED_NS * this.perNs);
    requests.stage[id] |= STAGE.SENDS;
  }

  /**
   * The one that writes frames has had its turn after one. It writes the initial state when it has that, or where the
   * version is gone an error; then that one's seat is free.
   */
  resumed(id: number): void {
    const { requests, listener } = this;
    const { frames } = this.processOf(id);
    const stage = requests.stage[id];
    const gone = listener.isGone(id);
    const hasData = gone || requests.initial[id] === 1;
    requests.stage[id] |= STAGE.HEADERS_SENT;
    if (hasData && (stage & STAGE.DATA_SENT) === 0) {
      if (!gone && (stage & STAGE.SENDS) === 0) return;
      requests.stage[id] |= STAGE.DATA_SENT;
      frames?.writeData(requests.node[id], id, requests.generation[id]);
      return;
    }
    if (gone) frames?.endStream(requests.node[id]);
    listener.streams(id);
  }

  private processOf(id: number): ServerProcess {
    return this.processes[this.requests.server[id]];
  }
}
