import { GrowableFloat64 } from '../../sim/growable.js';

/** How much memory the watch caches of one server take over the measured period: steps in the order of time. */
export interface MemorySteps {
  /** Bytes at its beginning. */
  readonly initial: number;
  /** Times of the steps, µs, and the bytes from there on. */
  readonly times: Float64Array;
  readonly bytes: Float64Array;
}

/** Memory of the watch caches of each server over time. Changes are told in the order of time. */
export class CacheMemory {
  private readonly initial: Float64Array;
  private readonly present: Float64Array;
  private readonly times: readonly GrowableFloat64[];
  private readonly bytes: readonly GrowableFloat64[];

  /** `bytes`: what every server holds at first. */
  constructor(servers: number, bytes: number) {
    this.initial = new Float64Array(servers).fill(bytes);
    this.present = new Float64Array(servers).fill(bytes);
    this.times = Array.from({ length: servers }, () => new GrowableFloat64());
    this.bytes = Array.from({ length: servers }, () => new GrowableFloat64());
  }

  /** From `at` µs on the caches of a server take `bytes`. */
  set(server: number, at: number, bytes: number): void {
    if (bytes === this.present[server]) return;
    this.present[server] = bytes;
    if (at < 0) {
      this.initial[server] = bytes;
      return;
    }
    this.times[server].push(at);
    this.bytes[server].push(bytes);
  }

  /** What the caches of a server take now. */
  of(server: number): number {
    return this.present[server];
  }

  stepsOf(server: number): MemorySteps {
    return { initial: this.initial[server], times: this.times[server].view(), bytes: this.bytes[server].view() };
  }
}
