import { IntQueue } from '../../sim/int-queue.js';
import { GOROUTINE, type GoScheduler } from './go-scheduler.js';

/**
 * CPU of the goroutine that writes a frame, and of the one that flushes it (assumption: in a trace of 1.37 their medians
 * were 7 µs, without what they wake).
 */
export const WRITER_NS = 10e3;
/** CPU of a handler between two frames (assumption: 23 to 40 µs in that trace). */
export const RESUMED_NS = 20e3;

/** The frames of one connection that are still to be written: the requests that wait for that, and their generations. */
interface Frames {
  readonly waiting: IntQueue;
  /** A goroutine is under way that writes, or only flushes what is written. */
  writing: boolean;
  flushing: boolean;
}

/** Requests of a node that have frames at a time, and generations: room at first. */
const WAITING_AT_FIRST = 16;

/**
 * The frames of a server's HTTP/2 connections (`golang.org/x/net/http2` serverConn.scheduleFrameWrite). A connection writes
 * one frame at a time, each by a goroutine of its own, which the next, or one that flushes, follows; so the handler whose
 * frame has been written loses its turn to it. Where the writer itself loses its turn, all requests of its connection wait.
 */
export class FrameWriters {
  /** By node, where something was ever to be written. */
  private readonly connections = new Map<number, Frames>();

  constructor(
    private readonly cpu: GoScheduler,
    private readonly cpuScale: number,
  ) {}

  /** The goroutine of a node's request has a frame written, and waits for that. */
  write(node: number, request: number, generation: number): void {
    let frames = this.connections.get(node);
    if (frames === undefined) {
      frames = { waiting: new IntQueue(WAITING_AT_FIRST), writing: false, flushing: false };
      this.connections.set(node, frames);
    }
    frames.waiting.push(request);
    frames.waiting.push(generation);
    if (frames.writing) return;
    frames.writing = true;
    frames.flushing = false;
    this.wakeWriter(node);
  }

  /** The writer of a node's connection has run. */
  written(node: number): void {
    const frames = this.connections.get(node);
    if (frames === undefined) return;
    const { waiting } = frames;
    if (!frames.flushing) {
      const request = waiting.shift();
      this.cpu.wake(GOROUTINE.RESUMED, request, waiting.shift(), (RESUMED_NS * this.cpuScale) / 1e3);
    } else if (waiting.length === 0) {
      frames.writing = false;
      return;
    }
    frames.flushing = waiting.length === 0;
    this.wakeWriter(node);
  }

  /** The process has ended. */
  clear(): void {
    this.connections.clear();
  }

  private wakeWriter(node: number): void {
    this.cpu.wake(GOROUTINE.WRITER, node, 0, (WRITER_NS * this.cpuScale) / 1e3);
  }
}
