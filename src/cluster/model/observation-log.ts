import { GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import type { Observer } from './observer.js';

/** Keeps what an observer sees, in parallel columns. Times in µs since the start of the measured period. */
export class ObservationLog implements Observer {
  /** Requests, in the order of their answers: GET, LIST or WATCH of `verbs.ts`, and how they ended. */
  readonly verb = new GrowableInt32();
  readonly status = new GrowableInt32();
  /** 1: etcd answered. */
  readonly quorum = new GrowableInt32();
  /** 1: a WATCH that was to begin with the initial state. */
  readonly initial = new GrowableInt32();
  readonly entry = new GrowableInt32();
  readonly at = new GrowableFloat64();
  /** Watches that are over: when the request for it reached its server, when it was opened, and when it ended. */
  readonly watchAsked = new GrowableFloat64();
  readonly watchEntry = new GrowableInt32();
  readonly watchFrom = new GrowableFloat64();
  readonly watchTo = new GrowableFloat64();

  answered(verb: number, entry: number, quorum: boolean, initial: boolean, status: number, at: number): void {
    this.verb.push(verb);
    this.entry.push(entry);
    this.quorum.push(quorum ? 1 : 0);
    this.initial.push(initial ? 1 : 0);
    this.status.push(status);
    this.at.push(at);
  }

  watchEnded(entry: number, asked: number, from: number, to: number): void {
    this.watchEntry.push(entry);
    this.watchAsked.push(asked);
    this.watchFrom.push(from);
    this.watchTo.push(to);
  }
}
