import type { DurationLaw } from '../../sim/distributions.js';
import { latencyLaw } from '../model/latency.js';
import type { Simulator } from '../../sim/simulator.js';
import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import type { ClusterWide, Endpoint } from '../kube-apiserver/callers.js';
import { SERVING, type ServerProcess } from '../kube-apiserver/server-process.js';
import { unreadyRetryAfterS } from '../kube-apiserver/unready-cache.js';
import { cellOf } from '../meters/load-columns.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import { EVENT } from '../model/events.js';
import { KIND } from '../model/kinds.js';
import { VERB } from '../model/verbs.js';
import type { World } from '../world/world.js';

/** How long an informer waits that finds no server, or whose request is lost (assumption: client-go's 1 s). */
const RETRY_US = SECOND_US;
/** In place of the class of an object, where a request is about a whole resource. */
const NO_CLASS = -1;

/**
 * Controllers that watch all Secrets or all ConfigMaps of the cluster (`client-go/tools/cache/shared_informer.go`):
 * kube-controller-manager's garbage collector and resource quota, operators, ingress controllers. No name is known of what
 * they wait for, so that every event is for each of them, and they count in the seats of every write. Where their server
 * stops they watch on at another one from the version that they know; where that is gone, they read the resource anew:
 * with a LIST, from 1.34 on answered from a snapshot, or with a WATCH that streams it (WatchList), which all cost a server
 * the encoding of every object (assumption: as many events).
 *
 * Assumptions: they are few, so that the renewals of their watches are not counted; their reads have seats of a priority
 * level of their own (workload-high), which are never scarce; and they keep up with every event.
 */
export class ClusterWatchers implements ClusterWide {
  private readonly kind: Uint8Array;
  /** The server that each has its watch at, or reads from; −1: none. */
  private readonly server: Int16Array;
  private readonly watching: Uint8Array;
  /** Of the process that each reads from. */
  private readonly incarnation: Uint32Array;
  /** Up to when each knows its resource by events or by what it has read, µs. */
  private readonly version: Float64Array;
  private readonly openedAt: Float64Array;
  /** Counts the steps of each: timers of an earlier one are void. */
  private readonly epoch: Uint32Array;
  private readonly draws: Uint32Array;
  /** Open watches by server and kind. */
  private readonly open: Int32Array;
  /** What it takes to read all objects, by kind: bytes, and ns of CPU. */
  private readonly wholes: readonly { readonly bytes: number; readonly work: number }[];
  private readonly loss: DurationLaw;
  private readonly sim: Simulator;

  constructor(
    private readonly world: World,
    private readonly processes: readonly ServerProcess[],
    private readonly endpoint: Endpoint,
  ) {
    const { secrets, configMaps } = world.input.clusterWatchers ?? { secrets: 0, configMaps: 0 };
    const { connectionLoss } = world.input.network;
    const count = secrets + configMaps;
    this.sim = world.sim;
    this.kind = Uint8Array.from({ length: count }, (_, i) => (i < secrets ? KIND.Secret : KIND.ConfigMap));
    this.server = new Int16Array(count).fill(-1);
    this.watching = new Uint8Array(count);
    this.incarnation = new Uint32Array(count);
    this.version = new Float64Array(count).fill(-Infinity);
    this.openedAt = new Float64Array(count);
    this.epoch = new Uint32Array(count);
    this.draws = new Uint32Array(count);
    this.open = new Int32Array(processes.length * 2);
    this.wholes = [KIND.Secret, KIND.ConfigMap].map((kind) => wholeOf(kind, world));
    this.loss = latencyLaw(connectionLoss);
  }

  /** They have long been running. */
  start(): void {
    this.kind.forEach((_, watcher) => {
      this.server[watcher] = Math.floor(this.draw(watcher) * this.processes.length);
      this.opens(watcher, this.sim.now);
    });
  }

  openAt(server: number, kind: number): number {
    return kind <= KIND.ConfigMap ? this.open[server * 2 + kind] : 0;
  }

  eventSent(server: number, kind: number, committedAt: number): void {
    this.at(server, (watcher) => {
      if (this.kind[watcher] === kind) this.version[watcher] = committedAt;
    });
  }

  serverGone(server: number, afterUs: number): void {
    this.at(server, (watcher) => this.ends(watcher, afterUs + this.loss.at(this.draw(watcher))));
  }

  serverDrains(server: number, withinUs: number): void {
    this.at(server, (watcher) => this.ends(watcher, Math.floor(this.draw(watcher) * withinUs)));
  }

  /** A watcher tries again, or has read its resource. */
  timer(watcher: number, epoch: number): void {
    if (this.epoch[watcher] !== epoch) return;
    const server = this.server[watcher];
    if (server < 0) {
      this.connects(watcher);
    } else if (this.processes[server].incarnation === this.incarnation[watcher]) {
      this.opens(watcher, this.sim.now);
    } else {
      this.waits(watcher, RETRY_US);
    }
  }

  private connects(watcher: number): void {
    const server = this.endpoint.choose(this.draw(watcher));
    const wait = server < 0 ? RETRY_US : this.refusal(this.processes[server], this.kind[watcher]);
    if (wait > 0) {
      this.waits(watcher, wait);
      return;
    }
    this.server[watcher] = server;
    if (this.processes[server].caches[this.kind[watcher]].isGone(this.version[watcher])) this.reads(watcher, server);
    else this.rewatches(watcher, server);
  }

  /** How long a server lets a watcher wait, µs; 0: it answers. */
  private refusal(process: ServerProcess, kind: number): number {
    if (process.turnsAway(VERB.WATCH)) return process.endingRetryAfterS * SECOND_US;
    if (process.state !== SERVING) return RETRY_US;
    if (process.cacheReady[kind]) return 0;
    const { unreadyRetryAfter } = this.world.input.behaviours;
    return unreadyRetryAfterS(unreadyRetryAfter, this.sim.now - process.cacheFillsSince) * SECOND_US;
  }

  private rewatches(watcher: number, server: number): void {
    const { load, input } = this.world;
    const { watch } = input.apiServer.costs;
    this.processes[server].serve(this.sim.now, this.coreUs(watch), 0);
    load.request(server, this.sim.now, cellOf(VERB.WATCH, this.kind[watcher]), NO_CLASS, 0, watch);
    this.opens(watcher, this.version[watcher]);
  }

  /** Reads the whole resource; the answer is as new as the request. */
  private reads(watcher: number, server: number): void {
    const { load, input, latencies } = this.world;
    const kind = this.kind[watcher];
    const { bytes, work } = this.wholes[kind];
    const verb = input.behaviours.initialSync === 'watchList' ? VERB.WATCH : VERB.LIST;
    load.request(server, this.sim.now, cellOf(verb, kind), NO_CLASS, bytes, 0);
    const process = this.processes[server];
    const done = process.serve(this.sim.now, this.coreUs(work), 0);
    load.addCpu(server, done, work);
    this.incarnation[watcher] = process.incarnation;
    this.version[watcher] = this.sim.now;
    this.schedule(watcher, done + latencies.roundTripMedian);
  }

  private opens(watcher: number, version: number): void {
    const server = this.server[watcher];
    this.watching[watcher] = 1;
    this.version[watcher] = version;
    this.openedAt[watcher] = this.sim.now;
    this.open[server * 2 + this.kind[watcher]]++;
    this.world.load.watches[server].up(this.sim.now);
  }

  /** The watch is over; the watcher sees it `delay` µs later. It knows its resource up to the last bookmark. */
  private ends(watcher: number, delay: number): void {
    const { now } = this.sim;
    const server = this.server[watcher];
    const minutes = Math.floor((now - this.openedAt[watcher]) / MINUTE_US);
    if (minutes > 0)
      this.version[watcher] = Math.max(this.version[watcher], this.openedAt[watcher] + minutes * MINUTE_US);
    this.watching[watcher] = 0;
    this.open[server * 2 + this.kind[watcher]]--;
    this.world.load.watches[server].down(now);
    this.waits(watcher, delay);
  }

  private waits(watcher: number, us: number): void {
    this.server[watcher] = -1;
    this.schedule(watcher, this.sim.now + us);
  }

  private schedule(watcher: number, at: number): void {
    this.sim.schedule(Math.round(at), EVENT.CLUSTER_WATCHER, watcher, ++this.epoch[watcher]);
  }

  /** Visits the watchers with an open watch at a server. */
  private at(server: number, visit: (watcher: number) => void): void {
    for (let watcher = 0; watcher < this.kind.length; watcher++)
      if (this.watching[watcher] === 1 && this.server[watcher] === server) visit(watcher);
  }

  private coreUs(ns: number): number {
    return (ns * this.world.input.apiServer.cpuScale) / 1e3;
  }

  private draw(watcher: number): number {
    return this.world.random.clusterWatcher.uniform(watcher, 0, this.draws[watcher]++);
  }
}

/** What it takes to read all objects of a kind. */
function wholeOf(kind: number, { input, population }: World): { readonly bytes: number; readonly work: number } {
  const { costs } = input.apiServer;
  let bytes = 0;
  let work = costs.watch;
  if (input.clusterWatchers === undefined) return { bytes, work };
  for (let object = 0; object < population.objectCount; object++) {
    if (population.objectKind[object] !== kind) continue;
    const size = population.objectSize[object] + OBJECT_OVERHEAD_BYTES;
    bytes += size;
    work += cpuNs(costs.event, size);
  }
  return { bytes, work };
}
