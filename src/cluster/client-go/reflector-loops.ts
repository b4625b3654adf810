import { SECOND_US } from '../../sim/units.js';
import type { Watchers } from '../kube-apiserver/callers.js';
import { type Requests, STATUS } from '../kube-apiserver/requests.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { World } from '../world/world.js';
import { type BackOffs, type ReflectorBackOffs, reflectorBackOffs } from './back-off.js';
import { REFLECTOR } from './reflector.js';
import type { ReflectorListener } from './reflector-listener.js';
import { PHASE } from './reflector-phase.js';
import { ReflectorStreams, type WatchFacts } from './reflector-streams.js';
import type { RestClient } from './rest-client.js';

/**
 * A watch that ends within 1 s of the request for it, without an event of its own, is an error (`reflector.go`
 * watchHandler, handleAnyWatch: "very short watch"; all releases).
 */
const VERY_SHORT_WATCH_US = SECOND_US;

/**
 * Reflectors whose requests meet others at the API servers (`client-go/tools/cache/reflector.go`
 * ListAndWatch): every request may wait, be refused or rejected, and a stream may break.
 */
export class ReflectorLoops extends ReflectorStreams implements Watchers {
  /** When the request for the present watch was first sent; after a WatchList, when the initial state had come, µs. */
  private readonly watchSince: Float64Array;
  private readonly backOffs: ReflectorBackOffs;

  constructor(
    world: World,
    requests: Requests,
    client: RestClient,
    facts: WatchFacts,
    listener: ReflectorListener,
    shared?: Int32Array,
  ) {
    super(world, requests, client, facts, listener, shared);
    const { entryCount } = world.population;
    this.watchSince = new Float64Array(entryCount).fill(-Infinity);
    this.backOffs = reflectorBackOffs(entryCount, world.random.backOff, this.behaviours.reflectorBackOff);
  }

  override start(entry: number): number {
    // After a stop for idleness the same reflector runs again: it knows its version and its failures.
    if (this.state[entry] !== REFLECTOR.STOPPED_IDLE) this.forget(entry);
    this.state[entry] = REFLECTOR.RUNNING;
    this.syncedAt[entry] = Infinity;
    if (this.shared === null && this.isWatched(entry)) this.begin(entry);
    else this.single.send(entry);
    return -1;
  }

  protected forget(entry: number): void {
    this.sent[entry] = -1;
    this.versions.forget(entry);
    this.backOffs.list.reset(entry, this.sim.now);
    this.backOffs.watch.reset(entry, this.sim.now);
  }

  override stop(entry: number, now: number, state: number): void {
    this.state[entry] = state;
    this.single.forget(entry);
    // A shared stream goes on for the other objects of its node.
    if (this.shared === null) this.closeStream(entry, now);
  }

  /** The answer to a LIST or WATCH has reached its client, or the initial state on an open stream. */
  responded(request: number): void {
    if (!this.isCurrent(request)) return;
    const entry = this.requests.subject[request];
    // A stream that is open already brings its initial state.
    if (this.phase[entry] === PHASE.OPEN) this.stateArrived(entry, this.requests.revision[request]);
    else this.answered(request);
  }

  /** The initial state has arrived on an entry's stream, with a revision of its object. */
  protected stateArrived(entry: number, revision: number): void {
    this.synced(entry, revision, this.sim.now);
  }

  /** A LIST, or a WATCH with the initial state, has brought the object. */
  protected synced(entry: number, revision: number, now: number): void {
    if (this.syncedAt[entry] > now) this.syncedAt[entry] = now;
    this.versions.available(entry);
    if (this.awaitsState[entry] === 1) this.watchBegins(entry, false);
    this.listener.listed(entry, revision, now);
  }

  /** The answer to a request of the loop's present step has reached the client. */
  protected answered(request: number): void {
    const { requests, sim } = this;
    const entry = requests.subject[request];
    const status = requests.status[request];
    if (this.single.has(request)) {
      this.wasRead(entry, requests.revision[request], status);
    } else if (requests.verb[request] === VERB.LIST && status === STATUS.OK) {
      this.eachOn(entry, (each) => this.synced(each, this.sent[each], sim.now));
      this.sendWatch(entry);
    } else if (requests.verb[request] === VERB.WATCH) {
      this.watchFailed(entry, status);
    } else if (status === STATUS.TOO_LARGE) {
      this.versions.tooLarge(entry);
      this.list(entry);
    } else {
      this.backOff(entry, PHASE.LIST_BACK_OFF, this.backOffs.list);
    }
  }

  /**
   * The request for a watch was answered with an error. What cannot be tried again leads to a LIST: at once where the
   * watch was to bring the initial state, for that LIST stands in its place (`ListAndWatchWithContext`, "falling back").
   */
  private watchFailed(entry: number, status: number): void {
    const initial = this.awaitsState[entry] === 1;
    if (this.retriesWatch(status)) {
      this.backOff(entry, initial ? PHASE.WATCH_LIST_BACK_OFF : PHASE.WATCH_BACK_OFF, this.backOffs.watch);
    } else if (status === STATUS.LOST || status === STATUS.UNCONNECTED) {
      // The client gives its reflector a watch that ends at once (`rest/request.go` Watch: NewEmptyWatch).
      this.watchEnded(entry);
    } else if (status === STATUS.TOO_LARGE) {
      this.versions.tooLarge(entry);
      this.begin(entry);
    } else {
      this.afterWatch(entry, initial);
    }
  }

  /** A watch is over although its time was not: the next one follows, unless it was a very short one. */
  private watchEnded(entry: number): void {
    const initial = this.awaitsState[entry] === 1;
    const veryShort = this.sim.now - this.watchSince[entry] < VERY_SHORT_WATCH_US && this.eventSeen[entry] === 0;
    if (veryShort) this.afterWatch(entry, initial);
    else if (initial) this.begin(entry);
    else this.sendWatch(entry);
  }

  /** A watch has failed: the reflector lists, at once where the watch was to bring the initial state. */
  private afterWatch(entry: number, initial: boolean): void {
    if (initial) this.list(entry);
    else this.backOff(entry, PHASE.LIST_BACK_OFF, this.backOffs.list);
  }

  /** An object that has no stream of its own was read, or has to be read again. */
  private wasRead(entry: number, revision: number, status: number): void {
    const { now } = this.sim;
    if (status !== STATUS.OK) {
      const wait = this.backOffs.list.next(entry, this.latencies.nameHigh(entry), this.latencies.nameLow(entry), now);
      this.single.sendAt(entry, now + wait);
      return;
    }
    this.synced(entry, revision, now);
    if (!this.isWatched(entry)) {
      this.state[entry] = REFLECTOR.LISTED_ONCE;
      return;
    }
    const stream = this.streamOf(entry);
    if (this.streaming[stream] === 1) return;
    this.streaming[stream] = 1;
    this.versions.bookmark(stream, now);
    this.sendWatch(stream);
  }

  /** A timer of the loop: a back-off is over, the client sees a broken stream, or the watch has reached its timeout. */
  timer(entry: number, epoch: number): void {
    if (this.single.timer(entry, epoch) || epoch !== this.epoch[entry]) return;
    const { now } = this.sim;
    switch (this.phase[entry]) {
      case PHASE.LIST_BACK_OFF:
      case PHASE.WATCH_LIST_BACK_OFF:
        this.begin(entry);
        return;
      case PHASE.OPEN:
        this.endStream(entry, now);
        this.sendWatch(entry);
        return;
      case PHASE.BROKEN:
        this.watchEnded(entry);
        return;
      default:
        this.sendWatch(entry);
    }
  }

  /** True where a WATCH may bring the initial state: what streams share is listed. */
  protected get streamsState(): boolean {
    return this.shared === null;
  }

  /** First LIST, or after an error: the reflector reads the state anew. */
  protected begin(entry: number): void {
    if (this.behaviours.initialSync === 'watchList' && this.streamsState) {
      this.openWatch(entry, true);
      return;
    }
    this.list(entry);
  }

  private list(entry: number): void {
    this.send(entry, VERB.LIST, PHASE.LISTING, false);
  }

  private sendWatch(entry: number): void {
    this.openWatch(entry, false);
  }

  /** Asks for a watch; `initial`: that streams the initial state. */
  private openWatch(entry: number, initial: boolean): void {
    if (this.client.findsNone(this.population.entryNode[entry])) this.refused(entry, initial);
    else this.send(entry, VERB.WATCH, PHASE.OPENING, initial);
  }

  /**
   * A watch is asked for while no server accepts connections: that the reflector will wait, and until when, is known as
   * the request leaves. So there is one event for each attempt of a storm, and nothing is drawn for what never happens.
   */
  private refused(entry: number, initial: boolean): void {
    this.requestsSent[entry]++;
    this.watchBegins(entry, initial);
    const at = this.client.refuse(this.population.entryNode[entry]);
    const newest = initial && this.versions.asksForNewest(entry, true);
    this.observer.answered(VERB.WATCH, entry, newest, initial, STATUS.REFUSED, at);
    this.backOff(entry, initial ? PHASE.WATCH_LIST_BACK_OFF : PHASE.WATCH_BACK_OFF, this.backOffs.watch, at);
  }

  private send(entry: number, verb: number, phase: number, initial: boolean): void {
    this.enter(entry, phase);
    const { requests, latencies } = this;
    const id = requests.open(verb, this.population.entryNode[entry], entry);
    requests.read[id] = this.epoch[entry];
    const index = this.requestsSent[entry]++;
    const newest = (verb === VERB.LIST || initial) && this.versions.asksForNewest(entry, initial);
    if (verb === VERB.LIST || initial) latencies.drawList(entry, initial, newest, index);
    else latencies.drawWatch(entry, index);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    if (verb === VERB.WATCH) this.watchBegins(entry, initial);
    if (verb === VERB.WATCH) this.watchArrives[entry] = this.sim.now + latencies.oneWay;
    if (initial) requests.initial[id] = 1;
    if (newest) requests.quorum[id] = 1;
    this.client.send(id);
  }

  /** The client's clock of a watch begins: with its request, or where a WatchList goes on as a plain watch. */
  private watchBegins(entry: number, awaitsState: boolean): void {
    this.watchSince[entry] = this.sim.now;
    this.eventSeen[entry] = 0;
    this.awaitsState[entry] = awaitsState ? 1 : 0;
  }

  /** True where the reflector waits and then sends the same WATCH again, instead of a LIST. */
  private retriesWatch(status: number): boolean {
    if (status === STATUS.REFUSED) return true;
    return status === STATUS.TOO_MANY_REQUESTS && this.behaviours.watchRejected === 'rewatch';
  }

  /** The reflector waits, from `since` on, when it knows of an error. */
  private backOff(entry: number, phase: number, manager: BackOffs, since = this.sim.now): void {
    this.enter(entry, phase);
    const wait = manager.next(entry, this.latencies.nameHigh(entry), this.latencies.nameLow(entry), since);
    this.sim.schedule(since + wait, EVENT.REFLECT, entry, this.epoch[entry]);
  }
}
