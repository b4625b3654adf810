import { PairQueues } from '../../sim/pair-queues.js';
import { GOROUTINE, type GoScheduler } from './go-scheduler.js';

/**
 * CPU of the goroutine that writes a frame, and of the one that flushes it (assumption: in a trace of 1.37 their medians
 * were 7 µs, without what they wake).
 */
export const WRITER_NS = 10e3;
/** CPU of a handler between two frames (assumption: 23 to 40 µs in that trace). */
export const RESUMED_NS = 20e3;

/**
 * What is under way on a connection: nothing, a goroutine that writes, or one that only flushes what is written, or writes
 * what no request waits for.
 */
const IDLE = 0;
const WRITING = 1;
const FLUSHING = 2;

/**
 * The frames of a server's HTTP/2 connections (`golang.org/x/net/http2` serverConn.scheduleFrameWrite). A connection writes
 * one frame at a time, each by a goroutine of its own, which the next, or one that flushes, follows; so the handler whose
 * frame has been written loses its turn to it. Where the writer itself loses its turn, all requests of its connection wait.
 */
export class FrameWriters {
  /** By node: the requests whose frames are still to be written and who wait for that, rows and generations. */
  private readonly waiting: PairQueues;
  private readonly state: Uint8Array;
  /** By node: how many connections it has had; a writer of a former one has nothing to do. */
  private readonly connection: Int32Array;
  private readonly writerUs: number;
  private readonly resumedUs: number;

  constructor(
    private readonly cpu: GoScheduler,
    cpuScale: number,
    nodes: number,
  ) {
    this.waiting = new PairQueues(nodes);
    this.state = new Uint8Array(nodes);
    this.connection = new Int32Array(nodes);
    this.writerUs = (WRITER_NS * cpuScale) / 1e3;
    this.resumedUs = (RESUMED_NS * cpuScale) / 1e3;
  }

  /** The goroutine of a node's request has a frame written, and waits for that. */
  write(node: number, request: number, generation: number): void {
    this.waiting.push(node, request, generation);
    if (this.state[node] === IDLE) this.wakeWriter(node, WRITING);
  }

  /**
   * A node has a new connection, on which the server's settings are written first. Who waits for a frame on its former
   * one goes on: that is gone (`errClientDisconnected`).
   */
  begins(node: number): void {
    const { waiting } = this;
    while (waiting.shift(node)) {
      this.cpu.wakeLater(GOROUTINE.RESUMED, waiting.first, waiting.second, this.resumedUs);
    }
    this.connection[node]++;
    this.state[node] = FLUSHING;
    this.cpu.wakeLater(GOROUTINE.WRITER, node, this.connection[node], this.writerUs);
  }

  /** A writer of a node's connection has run, one that was woken with `connection`. */
  written(node: number, connection: number): void {
    if (connection !== this.connection[node]) return;
    const { waiting } = this;
    if (this.state[node] === WRITING) {
      waiting.shift(node);
      this.cpu.wake(GOROUTINE.RESUMED, waiting.first, waiting.second, this.resumedUs);
    } else if (waiting.isEmpty(node)) {
      this.state[node] = IDLE;
      return;
    }
    this.wakeWriter(node, waiting.isEmpty(node) ? FLUSHING : WRITING);
  }

  /** The process has ended. */
  clear(): void {
    this.waiting.clear();
    this.state.fill(IDLE);
  }

  private wakeWriter(node: number, state: number): void {
    this.state[node] = state;
    this.cpu.wake(GOROUTINE.WRITER, node, this.connection[node], this.writerUs);
  }
}
