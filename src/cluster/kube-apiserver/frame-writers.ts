import { PairQueues } from '../../sim/pair-queues.js';
import type { GoScheduler } from './go-scheduler.js';
import { GOROUTINE } from './goroutines.js';

/**
 * CPU of the goroutine that writes a frame, and of the one that flushes it (assumption: in a trace of 1.37 their medians
 * were 7 µs, without what they wake).
 */
export const WRITER_NS = 10e3;
/** CPU of a handler between two frames (assumption: 23 to 40 µs in that trace). */
export const RESUMED_NS = 20e3;
/** CPU of the frames of an answer, that of headers written and all flushed once. */
export const ANSWER_NS = 2 * WRITER_NS;

/**
 * What is under way on a connection: nothing, a goroutine that writes headers, or one that writes what no request waits
 * for: the settings, or a flush.
 */
const IDLE = 0;
const WRITING = 1;
const FLUSHING = 2;

/** In place of a request whose goroutine has nothing left to do. */
const NOBODY = -1;

/**
 * The frames of a server's HTTP/2 connections (`golang.org/x/net/http2` serverConn.scheduleFrameWrite). A connection writes
 * one frame at a time. Headers are written by a goroutine of their own, data into a buffer at once (`staysWithinBuffer`);
 * when nobody else has a frame, another goroutine flushes. So the handler whose frame has been written loses its turn to
 * that. Where such a goroutine loses its own, all requests of the connection wait.
 */
export class FrameWriters {
  /** By node: the requests whose frames are still to be written and who wait for that: rows, and generations with HEADERS. */
  private readonly waiting: PairQueues;
  private readonly state: Uint8Array;
  /** By node, 1: something has been written that is not flushed. */
  private readonly unflushed: Uint8Array;
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
    this.unflushed = new Uint8Array(nodes);
    this.connection = new Int32Array(nodes);
    this.writerUs = (WRITER_NS * cpuScale) / 1e3;
    this.resumedUs = (RESUMED_NS * cpuScale) / 1e3;
  }

  /** The goroutine of a node's request has its headers written, and waits for that. */
  writeHeaders(node: number, request: number, generation: number): void {
    this.write(node, request, 2 * generation + 1);
  }

  /** It has data written, and waits for that. */
  writeData(node: number, request: number, generation: number): void {
    this.write(node, request, 2 * generation);
  }

  /** It ends its stream, and ends itself when that is written. */
  endStream(node: number): void {
    this.write(node, NOBODY, 0);
  }

  /** Its handler has returned, so that it has an answer written, and ends itself: headers, and a frame that ends the stream. */
  answer(node: number): void {
    this.write(node, NOBODY, 1);
    this.write(node, NOBODY, 0);
  }

  /**
   * A node has a new connection, on which the server's settings are written first. Who waits for a frame on its former
   * one goes on: that is gone (`errClientDisconnected`).
   */
  begins(node: number): void {
    const { waiting } = this;
    while (waiting.shift(node)) this.resumes(waiting.first, waiting.second >> 1, true);
    this.connection[node]++;
    this.state[node] = FLUSHING;
    this.unflushed[node] = 1;
    this.cpu.wakeLater(GOROUTINE.WRITER, node, this.connection[node], this.writerUs);
  }

  /** A writer of a node's connection has run, one that was woken with `connection`. */
  written(node: number, connection: number): void {
    if (connection !== this.connection[node]) return;
    const { waiting, state } = this;
    if (state[node] === WRITING) {
      waiting.shift(node);
      this.unflushed[node] = 1;
      this.resumes(waiting.first, waiting.second >> 1, false);
    }
    this.schedule(node);
  }

  /** The process has ended. */
  clear(): void {
    this.waiting.clear();
    this.state.fill(IDLE);
    this.unflushed.fill(0);
  }

  private write(node: number, request: number, frame: number): void {
    this.waiting.push(node, request, frame);
    if (this.state[node] === IDLE) this.schedule(node);
  }

  /** Nothing is being written on a connection. */
  private schedule(node: number): void {
    const { waiting, unflushed, state } = this;
    while (!waiting.isEmpty(node)) {
      if (waiting.peekSecond(node) & 1) {
        this.wakeWriter(node, WRITING);
        return;
      }
      waiting.shift(node);
      unflushed[node] = 1;
      this.resumes(waiting.first, waiting.second >> 1, false);
    }
    if (unflushed[node] === 1) {
      unflushed[node] = 0;
      this.wakeWriter(node, FLUSHING);
    } else state[node] = IDLE;
  }

  /** The goroutine of a request goes on; `later`: behind others. */
  private resumes(request: number, generation: number, later: boolean): void {
    const { cpu } = this;
    const kind = request === NOBODY ? GOROUTINE.WORK : GOROUTINE.RESUMED;
    const workUs = request === NOBODY ? 0 : this.resumedUs;
    if (later) cpu.wakeLater(kind, request, generation, workUs);
    else cpu.wake(kind, request, generation, workUs);
  }

  private wakeWriter(node: number, state: number): void {
    this.state[node] = state;
    this.cpu.wake(GOROUTINE.WRITER, node, this.connection[node], this.writerUs);
  }
}
