import { CLIENT_FINISHED_US } from '../kube-apiserver/callers.js';
import { STATUS } from '../kube-apiserver/requests.js';

/** What a client does on a core of its own, or on one that it shares with others, µs. */
export const CLIENT_CPU_US = {
  /**
   * A new connection until it has sent its ClientHello, and from the ServerHello on (assumption: Go 1.26's handshakes alone
   * take their client 0.63 ms; experiments/laboratory/costs/1.37-clients has 0.77 for all that a small client does, and the 100 clients of
   * experiments/laboratory/data/1.37-storm-5000 took 3.1 s for 4,500).
   */
  hello: 230,
  finished: CLIENT_FINISHED_US,
  /** It is told that a connection was not set up (2,500 in 110 ms: experiments/laboratory/data/1.37-storm-2500). */
  dialFailed: 44,
  /**
   * From the end of its connection to the next WATCH of each of its reflectors, one after another (storms of 2,500 to
   * 20,000: 50 of a client in 3.0 to 3.3 ms while their core does nothing else; experiments/laboratory/data).
   */
  notice: 62,
  /**
   * A request and its answer: a WatchList or a WATCH that is answered 410, any other, and one that is rejected (experiments/
   * laboratory/costs/1.37-clients, 64 at once: 0.26 and 0.25 ms, 0.14 to 0.2, 0.11).
   */
  watchList: 255,
  answer: 160,
  rejection: 110,
} as const;

/** CPU of a client for a request, by how it was answered; `initial`: it streams the initial state, µs. */
export function answerCpuUs(initial: boolean, status: number): number {
  if (status === STATUS.TOO_MANY_REQUESTS) return CLIENT_CPU_US.rejection;
  return initial || status === STATUS.GONE ? CLIENT_CPU_US.watchList : CLIENT_CPU_US.answer;
}

/**
 * The core on which each node's client works on its connections: one thing after another, in the order in which they
 * come up, as goroutines that are ready to run wait in one queue.
 */
export class ClientCores {
  /** When each is free, µs. */
  private readonly freeAt: Float64Array;

  /** `one`: a single core for the clients of all nodes. */
  constructor(
    nodes: number,
    readonly one: boolean,
  ) {
    this.freeAt = new Float64Array(one ? 1 : nodes);
  }

  /** A node's client has something to do from `since` on that takes `us`; returns when it is done, µs. */
  work(node: number, since: number, us: number): number {
    const core = this.one ? 0 : node;
    const done = Math.max(since, this.freeAt[core]) + us;
    this.freeAt[core] = done;
    return done;
  }
}
