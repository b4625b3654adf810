import type { Simulator } from '../../sim/simulator.js';
import { BOOKMARK_BEFORE_DEADLINE_US } from '../kube-apiserver/bookmarks.js';
import type { Watchers } from '../kube-apiserver/callers.js';
import type { ToldVersions } from '../kube-apiserver/told-versions.js';
import { type Requests, STATUS } from '../kube-apiserver/requests.js';
import type { StormLog } from '../meters/storm-log.js';
import { EVENT } from '../model/events.js';
import type { Observer } from '../model/observer.js';
import { VERB } from '../model/verbs.js';
import type { World } from '../world/world.js';
import { REFLECTOR, Reflectors } from './reflector.js';
import type { ReflectorListener } from './reflector-listener.js';
import { PHASE } from './reflector-phase.js';
import { ResourceVersions } from './resource-versions.js';
import type { RestClient } from './rest-client.js';
import { SingleReads } from './single-reads.js';

/** What is known of watches besides their requests: who hears of those that come back, and what bookmarks tell them. */
export interface WatchFacts {
  readonly storms: StormLog;
  readonly told: ToldVersions;
}

/** Reflectors as the API servers see them: their open streams, what was sent on these, and what their requests ask for. */
export abstract class ReflectorStreams extends Reflectors implements Omit<Watchers, 'responded' | 'timer'> {
  readonly watching = true;
  /** Streams that servers opened and ended. */
  opened = 0;
  closed = 0;
  /** Open watches by server and name (`population.objectTrigger`): whom a write of that name wakes, in whatever namespace. */
  private readonly byName: readonly Int32Array[];
  protected readonly phase: Uint8Array;
  /** Counts the steps of each loop: timers and answers of an earlier step are void. */
  protected readonly epoch: Uint16Array;
  private readonly streamServer: Uint8Array;
  protected readonly versions: ResourceVersions;
  /** Newest revision of the object that was sent on the stream, or listed. */
  protected readonly sent: Int32Array;
  /** 1 where the present watch has brought an event. */
  protected readonly eventSeen: Uint8Array;
  /** 1 while the present watch, or its request, is to bring the initial state. */
  protected readonly awaitsState: Uint8Array;
  protected readonly requestsSent: Uint32Array;
  /** When the request for the present watch reaches its server, if nothing holds it back, µs; Infinity: long ago. */
  protected readonly watchArrives: Float64Array;
  protected readonly single: SingleReads;

  protected readonly sim: Simulator;
  protected readonly observer: Observer;
  private readonly storms: StormLog;
  private readonly told: ToldVersions;

  /** `listener`: keeps the local copies. */
  constructor(
    world: World,
    protected readonly requests: Requests,
    protected readonly client: RestClient,
    { storms, told }: WatchFacts,
    protected readonly listener: ReflectorListener,
    shared?: Int32Array,
  ) {
    super(world, shared);
    this.storms = storms;
    this.told = told;
    const { population, load } = world;
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
    this.eventSeen = new Uint8Array(entryCount);
    this.awaitsState = new Uint8Array(entryCount);
    this.requestsSent = new Uint32Array(entryCount);
    this.watchArrives = new Float64Array(entryCount).fill(Infinity);
    this.single = new SingleReads(world, requests, client, this.requestsSent);
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

  /** A server opens the stream of a WATCH. */
  watchServed(entry: number, server: number, now: number): void {
    this.streamServer[entry] = server;
    this.watchStart[entry] = now;
    this.watchEnd[entry] = now + this.timeout(entry);
    this.load.watches[server].up(now);
    this.byName[server][this.nameOf(entry)]++;
    this.opened++;
    // That of a WatchList is known when the initial state has come.
    if (this.awaitsState[entry] === 0) this.observer.answered(VERB.WATCH, entry, false, false, STATUS.OK, now);
    this.storms.opened(entry, now);
    this.client.streamOpened(this.population.entryNode[entry], server);
    this.phase[entry] = PHASE.OPEN;
    this.sim.schedule(this.watchEnd[entry], EVENT.REFLECT, entry, this.epoch[entry]);
  }

  override finish(first: number, last: number, end: number): void {
    for (let entry = first; entry < last; entry++) {
      if (this.phase[entry] === PHASE.OPEN) this.countBookmarks(entry, end);
    }
  }

  override arrival(_entry: number, time: number): number {
    return time;
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
    if (this.shared === null || this.single.has(request)) return 1;
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
    return this.single.has(request) ? -Infinity : this.versions.needed(this.requests.subject[request]);
  }

  /** True for a LIST that asks for at least the version that its reflector knows, instead of for any. */
  asksForVersion(request: number): boolean {
    return !this.single.has(request) && this.versions.of(this.requests.subject[request]) > -Infinity;
  }

  /** The newest revision that was sent to the reflector. */
  sentTo(entry: number): number {
    return this.sent[entry];
  }

  /** The newest revision that has arrived at the reflector. */
  receivedBy(entry: number): number {
    return this.listener.receivedBy(entry);
  }

  /** True where the request was sent in the loop's present step. */
  isCurrent(request: number): boolean {
    const { read, subject } = this.requests;
    const entry = subject[request];
    return this.single.has(request) ? this.single.isCurrent(request) : read[request] === this.epoch[entry];
  }

  /** A server answers the LIST of an entry: the list is of the version `version`, the object of `revision`. */
  listServed(request: number, revision: number, version: number): void {
    const { server, subject } = this.requests;
    const entry = subject[request];
    this.sent[entry] = revision;
    if (this.single.has(request)) return;
    this.versions.set(entry, version);
    if (this.shared === null) return;
    this.eachOn(entry, (each) => {
      const object = this.population.entryObject[each];
      this.sent[each] = this.latencies.revisionAt(object, this.sim.now, server[request], false);
    });
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

  /** The client ends the stream of an entry. */
  protected closeStream(entry: number, now: number): void {
    if (this.phase[entry] === PHASE.OPEN) this.endStream(entry, now);
    this.enter(entry, PHASE.IDLE_LOOP);
    this.storms.forget(entry);
  }

  /** The stream ends; the reflector knows the object up to the last bookmark or event. */
  protected endStream(entry: number, now: number): void {
    const end = Math.min(now, this.watchEnd[entry]);
    const server = this.streamServer[entry];
    this.versions.bookmark(entry, this.lastBookmark(entry, server, end));
    if (end === this.watchEnd[entry]) {
      this.countBookmarks(entry, end - BOOKMARK_BEFORE_DEADLINE_US);
      if (this.bookmarkable(entry, end)) this.load.bookmarks.one(server, end - BOOKMARK_BEFORE_DEADLINE_US);
    } else {
      this.countBookmarks(entry, end);
    }
    const start = this.watchStart[entry];
    this.observer.watchEnded(entry, Math.min(start, this.watchArrives[entry]), start, now);
    this.load.watches[server].down(now);
    this.byName[server][this.nameOf(entry)]--;
    this.closed++;
    this.client.streamClosed(this.population.entryNode[entry]);
  }

  /** The version that the last bookmark before `end` has told the reflector: the watch cache's; −Infinity without one. */
  private lastBookmark(entry: number, server: number, end: number): number {
    const start = this.watchStart[entry];
    const kind = this.population.objectKind[this.population.entryObject[entry]];
    const at = this.told.lastBookmark(server, kind, start, this.watchEnd[entry], end);
    if (at === -Infinity) return at;
    return Math.max(this.lastWriteBetween(entry, start, at), this.told.knownAt(server, kind, at));
  }

  protected enter(entry: number, phase: number): void {
    this.phase[entry] = phase;
    this.epoch[entry]++;
  }

  private nameOf(entry: number): number {
    return this.population.objectTrigger[this.population.entryObject[entry]];
  }
}
