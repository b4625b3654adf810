import { SECOND_US } from '../../sim/units.js';
import type { Watchers } from '../kube-apiserver/callers.js';
import type { World } from '../world/world.js';
import type { Simulator } from '../../sim/simulator.js';
import { type BackOffs, type ReflectorBackOffs, reflectorBackOffs } from './back-off.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { Observer } from '../model/observer.js';
import { BOOKMARK_BEFORE_DEADLINE_US, Reflectors, REFLECTOR } from './reflector.js';
import type { ReflectorListener } from './reflector-listener.js';
import { type Requests, STATUS } from '../kube-apiserver/requests.js';
import { ResourceVersions } from './resource-versions.js';
import type { RestClient } from './rest-client.js';
import type { StormLog } from '../meters/storm-log.js';
import { PHASE } from './reflector-phase.js';

/** Marks the LIST of an object that has no stream of its own, and its timers: beyond every epoch. */
const FETCH = 0x10000;

/**
 * A watch that ends within 1 s of the request for it, without an event of its own, is an error (`reflector.go`
 * watchHandler, handleAnyWatch: "very short watch"; all releases).
 */
const VERY_SHORT_WATCH_US = SECOND_US;

/**
 * Reflectors whose requests meet others at the API servers (`client-go/tools/cache/reflector.go`
 * ListAndWatch): every request may wait, be refused or rejected, and a stream may break.
 */
export class ReflectorLoops extends Reflectors implements Watchers {
  readonly watching = true;
  /** Streams that servers opened and ended. */
  opened = 0;
  closed = 0;
  /** Open watches by server and name (`population.objectTrigger`): whom a write of that name wakes, in whatever namespace. */
  private readonly byName: readonly Int32Array[];
  private readonly phase: Uint8Array;
  /** Counts the steps of each loop: timers and answers of an earlier step are void. */
  private readonly epoch: Uint16Array;
  private readonly streamServer: Uint8Array;
  private readonly versions: ResourceVersions;
  /** Newest revision of the object that was sent on the stream, or listed. */
  protected readonly sent: Int32Array;
  private readonly requestsSent: Uint32Array;
  /** Reads of single objects, by entry: earlier ones are void. */
  private readonly fetches: Uint16Array;
  /** When the request for the present watch was first sent; after a WatchList, when the initial state had come, µs. */
  private readonly watchSince: Float64Array;
  /** 1 where the present watch has brought an event. */
  private readonly eventSeen: Uint8Array;
  /** 1 while the present watch, or its request, is to bring the initial state. */
  private readonly awaitsState: Uint8Array;
  private readonly backOffs: ReflectorBackOffs;

  protected readonly sim: Simulator;
  private readonly observer: Observer;

  /** `storms`: told of watches that come back. `listener`: keeps the local copies. */
  constructor(
    world: World,
    protected readonly requests: Requests,
    private readonly client: RestClient,
    private readonly storms: StormLog,
    private readonly listener: ReflectorListener,
    shared?: Int32Array,
  ) {
    super(world, shared);
    const { population, load, random } = world;
    const { behaviours } = world.input;
    this.sim = world.sim;
    this.observer = world.observer;
    const { entryCount } = population;
    const names = population.objectTrigger.reduce((most, name) => Math.max(most, name), -1) + 1;
    this.byName = Array.from(load.watches, () => new Int32Array(names));
    this.phase = new Uint8Array(entryCount);
    this.epoch = new Uint16Array(entryCount);
    this.streamServer = new Uint8Array(entryCount);
    this.versions = new ResourceVersions(entryCount);
    this.sent = new Int32Array(entryCount).fill(-1);
    this.requestsSent = new Uint32Array(entryCount);
    this.fetches = new Uint16Array(entryCount);
    this.watchSince = new Float64Array(entryCount).fill(-Infinity);
    this.eventSeen = new Uint8Array(entryCount);
    this.awaitsState = new Uint8Array(entryCount);
    this.backOffs = reflectorBackOffs(entryCount, random.backOff, behaviours.reflectorBackOff);
  }

  protected override openStationary(entry: number, now: number): void {
    this.streamServer[entry] = this.client.serverOf(this.population.entryNode[entry]);
    this.drawStationary(entry, now);
    this.load.watches[this.serverOf(entry)].up(now);
    this.byName[this.streamServer[entry]][this.nameOf(entry)]++;
    this.versions.bookmark(entry, now);
    this.opened++;
    this.client.streamOpened(this.population.entryNode[entry], this.streamServer[entry]);
    this.phase[entry] = PHASE.OPEN;
    this.sim.schedule(this.watchEnd[entry], EVENT.REFLECT, entry, this.epoch[entry]);
  }

  override start(entry: number): number {
    // After a stop for idleness the same reflector runs again: it knows its version and its failures.
    if (this.state[entry] !== REFLECTOR.STOPPED_IDLE) this.forget(entry);
    this.state[entry] = REFLECTOR.RUNNING;
    this.syncedAt[entry] = Infinity;
    if (this.shared === null && this.isWatched(entry)) this.begin(entry);
    else this.fetch(entry);
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
    this.fetches[entry]++;
    // A shared stream goes on for the other objects of its node.
    if (this.shared === null) this.closeStream(entry, now);
  }

  /** The client ends the stream of an entry. */
  protected closeStream(entry: number, now: number): void {
    if (this.phase[entry] === PHASE.OPEN) this.endStream(entry, now);
    this.enter(entry, PHASE.IDLE_LOOP);
    this.storms.forget(entry);
  }

  override arrival(_entry: number, time: number): number {
    return time;
  }

  override finish(entry: number, end: number): void {
    if (this.phase[entry] === PHASE.OPEN) this.countBookmarks(entry, end);
  }

  /** Open watches of a server whose object has the same name as `object`, in whatever namespace. */
  namesakes(object: number, server: number): number {
    return this.byName[server][this.population.objectTrigger[object]];
  }

  /** True where the entry has an open watch at `server`. */
  watchesAt(entry: number, server: number): boolean {
    return this.hasStreamAt(this.streamOf(entry), server) && this.state[entry] === REFLECTOR.RUNNING;
  }

  /** True where the entry holds an open stream at `server`, its own or a shared one. */
  hasStreamAt(entry: number, server: number): boolean {
    return this.phase[entry] === PHASE.OPEN && this.streamServer[entry] === server;
  }

  /** Visits the entries that learn of events by the stream of an entry. */
  eachOn(stream: number, visit: (entry: number) => void): void {
    if (this.shared === null) {
      visit(stream);
      return;
    }
    const { nodeEntryStart, entryNode } = this.population;
    const node = entryNode[stream];
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      if (this.shared[entry] === stream && this.state[entry] === REFLECTOR.RUNNING) visit(entry);
    }
  }

  /** Entries that a LIST reads: one, or all of a shared stream that is listed anew. */
  listed(request: number): number {
    if (this.shared === null || this.isFetch(request)) return 1;
    let entries = 0;
    this.eachOn(this.requests.subject[request], () => entries++);
    return Math.max(1, entries);
  }

  /** Watches that are open. */
  openNow(): number {
    return this.phase.reduce((open, phase) => (phase === PHASE.OPEN ? open + 1 : open), 0);
  }

  /** The server that the entry's watch is open at. */
  override serverOf(entry: number): number {
    return this.streamServer[entry];
  }

  /** The resourceVersion of the reflector, as a time. */
  versionOf(entry: number): number {
    return this.versions.of(entry);
  }

  /** The version that a LIST, or a WATCH with the initial state, needs its server to know; −∞: none. */
  neededBy(request: number): number {
    return this.isFetch(request) ? -Infinity : this.versions.needed(this.requests.subject[request]);
  }

  /** The newest revision that was sent to the reflector. */
  sentTo(entry: number): number {
    return this.sent[entry];
  }

  /** The newest revision that has arrived at the reflector. */
  receivedBy(entry: number): number {
    return this.listener.receivedBy(entry);
  }

  /** A server sends the event of a revision, committed at a time, on the entry's stream. */
  eventSent(entry: number, revision: number, committedAt: number): void {
    this.sent[entry] = revision;
    this.versions.set(entry, committedAt);
  }

  /** An event has arrived on the stream by which the entry learns of them. */
  eventArrived(entry: number): void {
    this.eventSeen[this.streamOf(entry)] = 1;
  }

  /** True where the request was sent in the loop's present step. */
  isCurrent(request: number): boolean {
    const { read, subject } = this.requests;
    const entry = subject[request];
    return read[request] === (this.isFetch(request) ? FETCH + this.fetches[entry] : this.epoch[entry]);
  }

  /** True for the LIST of a single object that has no stream of its own. */
  private isFetch(request: number): boolean {
    return this.requests.read[request] >= FETCH;
  }

  /** True for a LIST that asks for at least the version that its reflector knows, instead of for any. */
  asksForVersion(request: number): boolean {
    return !this.isFetch(request) && this.versions.of(this.requests.subject[request]) > -Infinity;
  }

  /** A server answers the LIST of an entry: the list is of the version `version`, the object of `revision`. */
  listServed(request: number, revision: number, version: number): void {
    const { server, subject } = this.requests;
    const entry = subject[request];
    this.sent[entry] = revision;
    if (this.isFetch(request)) return;
    this.versions.set(entry, version);
    if (this.shared === null) return;
    this.eachOn(entry, (each) => {
      const object = this.population.entryObject[each];
      this.sent[each] = this.latencies.revisionAt(object, this.sim.now, server[request], false);
    });
  }

  /** A server opens the stream of a WATCH. */
  watchServed(entry: number, server: number, now: number): void {
    this.streamServer[entry] = server;
    this.watchStart[entry] = now;
    this.watchEnd[entry] = now + this.timeout(entry);
    this.load.watches[server].up(now);
    this.byName[server][this.nameOf(entry)]++;
    this.opened++;
    // That of a WatchList is known when the initial state has come.
    if (this.awaitsState[entry] === 0) this.observer.answered(VERB.WATCH, entry, false, STATUS.OK, now);
    this.storms.opened(entry, now);
    this.client.streamOpened(this.population.entryNode[entry], server);
    this.phase[entry] = PHASE.OPEN;
    this.sim.schedule(this.watchEnd[entry], EVENT.REFLECT, entry, this.epoch[entry]);
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
    if (this.isFetch(request)) {
      this.fetched(entry, requests.revision[request], status);
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

  /** Reads one object that has no stream of its own. */
  private fetch(entry: number): void {
    const { requests, latencies } = this;
    const id = requests.open(VERB.LIST, this.population.entryNode[entry], entry);
    requests.read[id] = FETCH + ++this.fetches[entry];
    latencies.drawList(entry, false, this.requestsSent[entry]++);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    this.client.send(id);
  }

  /** An object that has no stream of its own was read, or has to be read again. */
  private fetched(entry: number, revision: number, status: number): void {
    const { now } = this.sim;
    if (status !== STATUS.OK) {
      const wait = this.backOffs.list.next(entry, this.latencies.nameHigh(entry), this.latencies.nameLow(entry), now);
      this.sim.schedule(now + wait, EVENT.REFLECT, entry, FETCH + this.fetches[entry]);
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
    if (epoch >= FETCH) {
      if (epoch === FETCH + this.fetches[entry]) this.fetch(entry);
      return;
    }
    if (epoch !== this.epoch[entry]) return;
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

  /** A server closes the stream by which an entry learns of events, for its client is too slow. */
  breakStreamOf(entry: number, delay: number): void {
    this.streamEnds(this.streamOf(entry), delay, true);
  }

  /** The entry's stream ends, or breaks with what is under way on it; the client sees it `delay` µs later. */
  streamEnds(entry: number, delay: number, breaks: boolean): void {
    const { now } = this.sim;
    this.endStream(entry, now);
    // What was sent on the stream and did not arrive has to be sent again.
    if (breaks) this.eachOn(entry, (each) => (this.sent[each] = this.receivedBy(each)));
    this.enter(entry, PHASE.BROKEN);
    this.sim.schedule(now + delay, EVENT.REFLECT, entry, this.epoch[entry]);
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
    this.observer.answered(VERB.WATCH, entry, newest, STATUS.REFUSED, at);
    this.backOff(entry, initial ? PHASE.WATCH_LIST_BACK_OFF : PHASE.WATCH_BACK_OFF, this.backOffs.watch, at);
  }

  private send(entry: number, verb: number, phase: number, initial: boolean): void {
    this.enter(entry, phase);
    const { requests, latencies } = this;
    const id = requests.open(verb, this.population.entryNode[entry], entry);
    requests.read[id] = this.epoch[entry];
    const index = this.requestsSent[entry]++;
    if (verb === VERB.LIST || initial) latencies.drawList(entry, initial, index);
    else latencies.drawWatch(entry, index);
    requests.oneWay[id] = latencies.oneWay;
    requests.service[id] = latencies.service;
    if (verb === VERB.WATCH) this.watchBegins(entry, initial);
    if (initial) requests.initial[id] = 1;
    if (verb === VERB.LIST || initial) requests.quorum[id] = this.versions.asksForNewest(entry, initial) ? 1 : 0;
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

  private nameOf(entry: number): number {
    return this.population.objectTrigger[this.population.entryObject[entry]];
  }

  /** The reflector waits, from `since` on, when it knows of an error. */
  private backOff(entry: number, phase: number, manager: BackOffs, since = this.sim.now): void {
    this.enter(entry, phase);
    const wait = manager.next(entry, this.latencies.nameHigh(entry), this.latencies.nameLow(entry), since);
    this.sim.schedule(since + wait, EVENT.REFLECT, entry, this.epoch[entry]);
  }

  private enter(entry: number, phase: number): void {
    this.phase[entry] = phase;
    this.epoch[entry]++;
  }

  /** The stream ends; the reflector knows the object up to the last bookmark or event. */
  private endStream(entry: number, now: number): void {
    const end = Math.min(now, this.watchEnd[entry]);
    const server = this.streamServer[entry];
    this.versions.bookmark(entry, this.lastBookmark(entry, end));
    if (end === this.watchEnd[entry]) {
      this.countBookmarks(entry, end - BOOKMARK_BEFORE_DEADLINE_US);
      if (this.bookmarkable(entry, end)) this.load.bookmarks.one(server, end - BOOKMARK_BEFORE_DEADLINE_US);
    } else {
      this.countBookmarks(entry, end);
    }
    this.observer.watchEnded(entry, this.watchStart[entry], now);
    this.load.watches[server].down(now);
    this.byName[server][this.nameOf(entry)]--;
    this.closed++;
    this.client.streamClosed(this.population.entryNode[entry]);
  }
}
