import { CLIENT_FINISHED_US } from '../kube-apiserver/callers.js';
import { type Requests, STATUS } from '../kube-apiserver/requests.js';
import type { World } from '../world/world.js';

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
  /** A request until it is sent: 0.32 of a WATCH that is answered 410 (experiments/laboratory/costs/1.37-sending, 64 at once). */
  request: 80,
  /**
   * The answer to a WatchList, or a 410 to a WATCH: with the request 0.26 and 0.25 ms (experiments/laboratory/costs/
   * 1.37-clients, 64 at once). Half of what a reflector does besides is with each: of the 1.4 ms that the clients of the five
   * storms of 2,500 and 5,000 at 1.37 took for a reflector, 0.15 are neither requests nor connections.
   */
  watchList: 175 + 75,
  /** Any other, with the request 0.14 to 0.2 ms, and a 429: 0.11 ms, 0.39 to 0.45 of them until it is sent. */
  answer: 80,
  rejection: 64,
} as const;

/** CPU of a client for a request's answer, by what it is; `initial`: it streams the initial state, µs. */
function answerCpuUs(initial: boolean, status: number): number {
  if (status === STATUS.TOO_MANY_REQUESTS) return CLIENT_CPU_US.rejection;
  return initial || status === STATUS.GONE ? CLIENT_CPU_US.watchList : CLIENT_CPU_US.answer;
}

/**
 * The core on which each node's client works on its connections: one thing after another, in the order in which they
 * come up, as goroutines that are ready to run wait in one queue.
 */
export class ClientCores {
  /** A single core for the clients of all nodes: only then its requests and answers wait for it. */
  private readonly one: boolean;
  /** When each is free, µs. */
  private readonly freeAt: Float64Array;

  constructor(
    { input, population }: World,
    private readonly requests: Requests,
  ) {
    this.one = input.network.clientsOnOneCore === true;
    this.freeAt = new Float64Array(this.one ? 1 : population.nodeCount);
  }

  /** A node's client has something to do from `since` on that takes `us`; returns when it is done, µs. */
  work(node: number, since: number, us: number): number {
    const core = this.one ? 0 : node;
    const done = Math.max(since, this.freeAt[core]) + us;
    this.freeAt[core] = done;
    return done;
  }

  /** When a request has left its client that has a connection for it from `since` on, µs. */
  sentAt(request: number, since: number): number {
    const node = this.requests.node[request];
    return this.one && node >= 0 ? this.work(node, since, CLIENT_CPU_US.request) : since;
  }

  /** When a request's client has taken in what arrives at a time, µs. */
  takenInAt(request: number, arrives: number): number {
    const { node, initial, status } = this.requests;
    if (!this.one || node[request] < 0) return arrives;
    return this.work(node[request], arrives, answerCpuUs(initial[request] === 1, status[request]));
  }
}
