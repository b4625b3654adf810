import { FORCE_PREEMPT_US, GoScheduler, MAX_BACKGROUND_SHARE } from './go-scheduler.js';
import { GOROUTINE } from './goroutines.js';
import { PairQueues } from '../../sim/pair-queues.js';
import type { Simulator } from '../../sim/simulator.js';
import { FlowControl } from './flow-control.js';
import { FrameWriters } from './frame-writers.js';
import type { RunInput } from '../model/model-input.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import { VERB } from '../model/verbs.js';
import { WatchCache } from './watch-cache.js';

/** In place of a dial: that of the server's own client. */
export const LOOPBACK = -1;

/** Connections that Linux holds for a process that has not accepted them (`net.core.somaxconn`, ≥5.4; Go asks for as many). */
const SOMAXCONN = 4096;

/** States of a server process. */
export const STOPPED = 0;
/** Connections are accepted, and wait. */
export const LISTENING = 1;
export const SERVING = 2;
/** Killed: its kernel closes what it had open, the listening socket last, and accepts connections until then. */
export const DYING = 3;

/** Retry-After with `--shutdown-send-retry-after` (`server/filters/with_retry_after.go`), seconds. */
const SHUTDOWN_RETRY_AFTER_S = 5;
/**
 * Retry-After of WATCHes while the others are ended (`server/filters/watch_termination.go`), seconds. They are answered
 * 503, which clients take like the 429 that it is here.
 */
const WAIT_GROUP_RETRY_AFTER_S = 1;

/** CPU of a connection that is accepted (assumption: 865 and 903 in the 13 ms of a turn, in an execution trace of 1.37), µs. */
const ACCEPT_US = 15;

/** One API server: its cores, its flow control, its watch caches, and who is connected. */
export class ServerProcess {
  state: typeof STOPPED | typeof LISTENING | typeof SERVING | typeof DYING = SERVING;
  /** `/readyz` is ok: load balancers send new connections. */
  ready = true;
  /** Its informers know the pods: the node authorizer has its graph. */
  knowsPods = true;
  /** Its own informer of all Secrets has them, without which `/readyz` is not ok. */
  knowsSecrets = true;
  /** `/readyz` does not wait for watch caches any longer. */
  cachesChecked = true;
  /** SIGTERM has come. */
  terminating = false;
  /** No new connections: it does not listen any more. */
  stopping = false;
  /** Whatever comes is answered 429, and its connection is sent away (`--shutdown-send-retry-after`). */
  turnsAllAway = false;
  /** Its watches have been ended, and no new ones begin (`--shutdown-watch-termination-grace-period`). */
  endsWatches = false;
  /** Counts the process's starts: steps of an earlier one are void. */
  incarnation = 0;
  /** null: requests never wait for a core or for a seat. */
  readonly cpu: GoScheduler | null;
  readonly flow: FlowControl | null;
  /** null where `cpu` is. */
  readonly frames: FrameWriters | null;
  /** Requests that came before the process served: rows and their generations. */
  readonly held: number[] = [];
  /** Requests that wait until a watch cache is filled, by kind of object. */
  readonly blocked: readonly number[][] = OBJECT_KINDS.map(() => []);
  /** Requests that wait until a watch cache is as far as they ask for, by kind of object, and until when. */
  readonly behind: readonly Map<number, number>[] = OBJECT_KINDS.map(() => new Map<number, number>());
  /** When a request that waits for its watch cache last had etcd asked, by kind of object, µs. */
  readonly progressAskedAt: number[] = OBJECT_KINDS.map(() => -Infinity);
  readonly cacheReady: boolean[] = OBJECT_KINDS.map(() => true);
  /** When the cache began to fill: a rejected client is told to wait the longer, the longer it takes. */
  cacheFillsSince = -Infinity;
  servesSince = -Infinity;
  /** When it last took in requests, and with them writes, µs; while it does, it is `takesIn`. */
  tookInUntil = -Infinity;
  /** The version of the lists that fill its watch caches: up to when anything had been written as it began to serve. */
  listedVersion = -Infinity;
  readonly caches: readonly WatchCache[] = OBJECT_KINDS.map(() => new WatchCache());
  /** Connections that wait for the process to serve. */
  readonly heldDials: number[] = [];
  /** CPU of one connection to be accepted, and how many the goroutine accepts before its time is over. */
  readonly acceptUs: number;
  readonly mostAccepts: number;
  /** The most watches that the process has had open. */
  mostWatches = 0;
  /** Kubelets whose connection leads here. */
  connectedNodes = 0;
  private readonly backgroundPerNode: number;

  /** Connections that the process has not accepted yet: dials, each with 1 where it found no core idle. */
  readonly acceptQueue: number[] = [];
  /** By node: requests that have come on its connection and are not read yet, rows and generations. */
  readonly unread: PairQueues;
  /** By node, 1: the goroutine of its connection has not finished the handshake, and reads nothing yet. */
  readonly shakesHands: Uint8Array;
  /** Requests whose answers from etcd have come and are not read yet, by kind of object: rows and generations. */
  readonly etcdAnswers: readonly number[][] = OBJECT_KINDS.map(() => []);

  constructor(input: RunInput, sim: Simulator, server: number, nodes: number) {
    const { capacity, maxRequestsInflight, maxMutatingRequestsInflight, cpuScale, costs } = input.apiServer;
    const cores = capacity === 'unlimited' ? Infinity : capacity;
    this.cpu = capacity === 'unlimited' ? null : new GoScheduler(sim, server, capacity);
    this.frames = this.cpu === null ? null : new FrameWriters(this.cpu, cpuScale, nodes);
    this.unread = new PairQueues(this.cpu === null ? 0 : nodes);
    this.shakesHands = new Uint8Array(this.cpu === null ? 0 : nodes);
    this.flow =
      capacity === 'unlimited'
        ? null
        : new FlowControl(input.behaviours, maxRequestsInflight, maxMutatingRequestsInflight);
    this.acceptUs = ACCEPT_US * cpuScale;
    this.mostAccepts = Math.max(1, Math.floor(FORCE_PREEMPT_US / this.acceptUs));
    this.backgroundPerNode = (costs.nodeBackground * cpuScale) / 1e9 / cores;
  }

  /** True while there is a process. */
  get isUp(): boolean {
    return this.state === LISTENING || this.state === SERVING;
  }

  /** True while it takes in whatever comes. */
  get takesIn(): boolean {
    return this.state === SERVING && !this.stopping && !this.turnsAllAway;
  }

  /** True where the process takes no more requests of a verb, for it ends. */
  turnsAway(verb: number): boolean {
    return this.turnsAllAway || (this.endsWatches && verb === VERB.WATCH);
  }

  /** When those that it turns away may come again, seconds. */
  get endingRetryAfterS(): number {
    return this.turnsAllAway ? SHUTDOWN_RETRY_AFTER_S : WAIT_GROUP_RETRY_AFTER_S;
  }

  /** Share of the cores that background traffic of the connected nodes would take; 1 and more: overloaded by it alone. */
  get backgroundShare(): number {
    return this.connectedNodes * this.backgroundPerNode;
  }

  /** A kubelet's connection comes (+1) or goes (−1), and its background traffic with it. */
  connect(nodes: number): void {
    this.connectedNodes += nodes;
    this.cpu?.setBackground(Math.min(MAX_BACKGROUND_SHARE, this.backgroundShare));
  }

  /** True where Linux takes no more connections for it (`sk_acceptq_is_full`). */
  get acceptQueueIsFull(): boolean {
    return this.heldDials.length + this.acceptQueue.length / 2 > SOMAXCONN;
  }

  /** A connection attempt has come, to which the process will listen. */
  connects(dial: number): void {
    const listenerIsReady = this.acceptQueue.length > 0;
    this.acceptQueue.push(dial, this.cpu?.isBusy === true ? 1 : 0);
    if (!listenerIsReady) this.listens(true);
  }

  /** Connections wait to be accepted: the goroutine that does it is ready, or goes on with those that have come meanwhile. */
  listens(anew: boolean): void {
    const count = Math.min(this.acceptQueue.length / 2, this.mostAccepts);
    if (anew) this.cpu?.netReady(GOROUTINE.LISTENER, 0, count, count * this.acceptUs);
    else this.cpu?.wake(GOROUTINE.LISTENER, 0, count, count * this.acceptUs);
  }

  /** The process has ended at `now`: what it had and was doing is gone. `caches`: kinds of objects of which it has a watch cache. */
  ends(now: number, readyWaitsForCaches: boolean, caches: readonly boolean[]): void {
    if (this.takesIn) this.tookInUntil = now;
    this.incarnation++;
    this.mostWatches = 0;
    this.state = STOPPED;
    this.ready = false;
    this.knowsPods = false;
    this.knowsSecrets = false;
    this.cachesChecked = !readyWaitsForCaches;
    this.stopping = false;
    this.held.length = 0;
    this.heldDials.length = 0;
    this.acceptQueue.length = 0;
    this.unread.clear();
    this.shakesHands.fill(0);
    for (const answers of this.etcdAnswers) answers.length = 0;
    for (const blocked of this.blocked) blocked.length = 0;
    for (const behind of this.behind) behind.clear();
    caches.forEach((has, kind) => (this.cacheReady[kind] = !has));
    this.flow?.reset(now);
    this.cpu?.reset(now);
    this.frames?.clear();
  }

  /** When, in whole µs, a job of `workUs` CPU that arrives now, and needs `elseUs` for something else, is done. */
  serve(now: number, workUs: number, elseUs: number): number {
    return this.cpu === null
      ? now + Math.round(Math.max(workUs, elseUs))
      : this.cpu.work(now, workUs) + Math.round(elseUs);
  }
}
