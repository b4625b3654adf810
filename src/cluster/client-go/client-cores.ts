import type { Simulator } from '../../sim/simulator.js';
import { CLIENT_FINISHED_US } from '../kube-apiserver/callers.js';
import { type Requests, STATUS } from '../kube-apiserver/requests.js';
import type { World } from '../world/world.js';
import { SharedCore } from './shared-core.js';

/** What a client does on a core of its own, or on one that it shares with others, µs. */
export const CLIENT_CPU_US = {
  /**
   * A new connection until it has sent its ClientHello, 0.26 to 0.31 of it (experiments/laboratory/costs/1.37-sending and
   * -b), and from the ServerHello on (assumption: Go 1.26's handshakes alone take their client 0.63 ms; costs/1.37-clients has
   * 0.77 for all that a small client does, and the 100 clients of experiments/laboratory/data/1.37-storm-5000 took 3.1 s for
   * 4,500).
   */
  hello: 180,
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
  /** Of that, what is left where it has waited for a connection, which it dialled for before (assumption). */
  afterDial: 20,
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

/** What follows on what a client does, and when that was done, µs. */
export type Done = (at: number) => void;

/** Nobody waits for it. */
export const NOTHING: Done = () => undefined;

/**
 * The core on which each node's client sets up its connections, one thing after another, or the one that all share: only on
 * that, requests and answers take time as well.
 */
export class ClientCores {
  /** All clients have one core; else each node's has one. */
  readonly areOne: boolean;
  private readonly shared: SharedCore | null;
  private readonly sim: Simulator;
  /** When each is free, µs. */
  private readonly freeAt: Float64Array;

  constructor(
    { sim, input, population }: World,
    private readonly requests: Requests,
  ) {
    this.sim = sim;
    const slowness = input.network.clientsOnOneCore;
    this.areOne = slowness !== undefined;
    this.shared = slowness === undefined ? null : new SharedCore(sim, slowness);
    this.freeAt = new Float64Array(this.shared === null ? population.nodeCount : 0);
  }

  /** EVENT.CLIENT_CORE. */
  handle(argument: number): void {
    this.shared?.handle(argument);
  }

  /** A node's client, which has a core, has something to do from `since` on that takes `us`; returns when it is done, µs. */
  work(node: number, since: number, us: number): number {
    const done = Math.max(since, this.freeAt[node]) + us;
    this.freeAt[node] = done;
    return done;
  }

  /** What the network brings to a node's client at `since` takes `us`. */
  receives(node: number, since: number, us: number, done: Done): void {
    if (this.shared === null) done(this.work(node, since, us));
    else this.runs(since, us, false, done);
  }

  /** From `since` on it has something to do that needs no network. */
  does(node: number, since: number, us: number, done: Done): void {
    if (this.shared === null) done(this.work(node, since, us));
    else this.runs(since, us, true, done);
  }

  /** A client that has a connection sends a request, which `hasDialled` for it. */
  sends(hasDialled: boolean, sent: Done): void {
    this.runs(this.sim.now, hasDialled ? CLIENT_CPU_US.afterDial : CLIENT_CPU_US.request, true, sent);
  }

  /** What a request is answered arrives at a time. */
  takesIn(request: number, arrives: number, taken: Done): void {
    const { initial, status } = this.requests;
    this.runs(arrives, answerCpuUs(initial[request] === 1, status[request]), false, taken);
  }

  private runs(since: number, us: number, isLocal: boolean, done: Done): void {
    this.shared?.run(since, us, isLocal, () => done(this.sim.now));
  }
}
