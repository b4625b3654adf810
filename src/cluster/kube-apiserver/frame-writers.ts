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
  readonly waiting: number[];
  /** The goroutine under way only flushes what is written. */
  flushing: boolean;
}

/**
 * The frames of a server's HTTP/2 connections (`golang.org/x/net/http2` serverConn.scheduleFrameWrite). A connection writes
 * one frame at a time, each by a goroutine of its own, which the next, or one that flushes, follows; so the handler whose
 * frame has been written loses its turn to it. Where the writer itself loses its turn, all requests of its connection wait.
 */
export class FrameWriters {
  /** By node, where something is to be written. */
  private readonly connections = new Map<number, Frames>();

  constructor(
    private readonly cpu: GoScheduler,
    private readonly cpuScale: number,
  ) {}

  /** The goroutine of a node's request has a frame written, and waits for that. */
  write(node: number, request: number, generation: number): void {
    const frames = this.connections.get(node);
    if (frames !== undefined) {
      frames.waiting.push(request, generation);
      return;
    }
    this.connections.set(node, { waiting: [request, generation], flushing: false });
    this.wakeWriter(node);
  }

  /** The writer of a node's connection has run. */
  written(node: number): void {
    const frames = this.connections.get(node);
    if (frames === undefined) return;
    const { waiting } = frames;
    if (!frames.flushing) {
      const [request, generation] = waiting.splice(0, 2);
      this.cpu.wake(GOROUTINE.RESUMED, request, generation, (RESUMED_NS * this.cpuScale) / 1e3);
    } else if (waiting.length === 0) {
      this.connections.delete(node);
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
