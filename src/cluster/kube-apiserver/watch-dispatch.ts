import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../world/latencies.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import type { Encryption } from './encryption.js';
import type { Etcd } from '../etcd/etcd.js';
import { EVENT } from '../model/events.js';
import { hasOwnManager, isStored, KIND, OBJECT_KINDS } from '../model/kinds.js';
import type { Load } from '../meters/load.js';
import type { RunInput } from '../model/model-input.js';
import type { Servers } from './servers.js';
import type { ClusterWide, Watchers } from './callers.js';
import type { World } from '../world/world.js';
import { type Requests, ROW, REQUEST } from './requests.js';
import type { ServerMemory } from './server-memory.js';
import type { ServerProcess } from './server-process.js';
import type { ToldVersions } from './told-versions.js';
import type { Population } from '../population/population.js';

/**
 * Slots between the dispatcher and a watcher of one object: the input and the result channel of a cacheWatcher
 * with a name trigger (`cacher.go` Watch: chanSize 10, cacheWatcher: two channels). A watcher that has no slot left
 * blocks the dispatcher for the rest of its budget, 50 to 100 ms a second (`time_budget.go`), and is then closed.
 */
const WATCHER_SLOTS = 20;

/**
 * How a write reaches watchers (`apiserver/pkg/storage/cacher`): etcd's event enters the watch cache of each
 * server, whose dispatcher hands it to the watchers of that name, in whatever namespace.
 */
export class WatchDispatch {
  /** Streams that were closed because their client was too slow. */
  terminated = 0;
  /** Events of each entry on their way to the kubelet. */
  private readonly underWay: Uint8Array;
  private readonly perNs: number;
  private readonly objects: readonly number[];
  private readonly told: ToldVersions;

  private readonly sim: Simulator;
  private readonly input: RunInput;
  private readonly population: Population;
  private readonly etcd: Etcd;
  private readonly latencies: Latencies;
  private readonly load: Load;
  private readonly requests: Requests;
  private readonly processes: readonly ServerProcess[];
  private readonly watchers: Watchers;
  private readonly clusterWide: ClusterWide;
  private readonly encryption: Encryption;
  private readonly memory: ServerMemory;

  constructor(world: World, servers: Servers) {
    const { input, population } = world;
    this.sim = world.sim;
    this.input = input;
    this.population = population;
    this.etcd = world.etcd;
    this.told = servers.told;
    this.latencies = world.latencies;
    this.load = world.load;
    this.requests = servers.requests;
    this.processes = servers.processes;
    this.watchers = servers.watchers;
    this.clusterWide = servers.clusterWide;
    this.encryption = servers.encryption;
    this.memory = servers.memory;
    this.underWay = new Uint8Array(population.entryCount);
    this.perNs = input.apiServer.cpuScale / 1e3;
    this.objects = OBJECT_KINDS.map((_, kind) => population.objectKind.reduce((n, k) => n + +(k === kind), 0));
  }

  /** True where there is a watch cache of a kind that matters: what comes by informers may not be there at all. */
  caches(kind: number): boolean {
    return !hasOwnManager(kind) || (isStored(kind) && this.objects[kind] > 0);
  }

  /** Objects of a kind in the cluster. */
  objectsOf(kind: number): number {
    return this.objects[kind];
  }

  /** A write has been committed: it is on its way to the watch cache of each server that has one. */
  committed(revision: number): void {
    const object = this.etcd.object[revision];
    const kind = this.population.objectKind[object];
    this.watchers.written(kind, this.sim.now);
    this.told.written(kind, this.sim.now);
    this.processes.forEach((process, server) => {
      if (!process.cacheReady[kind]) return;
      const wait = kind === KIND.Secret ? this.encryption.eventWaitUs(server, object, this.sim.now) : 0;
      this.sim.schedule(this.latencies.visibleAt(revision, server) + wait, EVENT.CACHED, server, revision);
    });
  }

  /** The event of a revision reaches the watch cache of a server. */
  cached(server: number, revision: number): void {
    const { etcd, population, sim, watchers } = this;
    const process = this.processes[server];
    const object = etcd.object[revision];
    const kind = population.objectKind[object];
    // The cache was filled anew since, with the revision in it.
    if (!process.cacheReady[kind] || etcd.committedAt[revision] <= this.latencies.cacheFrom[server]) return;
    process.caches[kind].add(etcd.committedAt[revision], sim.now);
    this.memory.cachesChanged(server);
    this.sendToAll(object, server, revision);
    if (!watchers.watching) return;
    this.filter(object, server);
    for (let i = population.objectEntryStart[object]; i < population.objectEntryStart[object + 1]; i++) {
      const entry = population.objectEntries[i];
      if (watchers.watchesAt(entry, server) && watchers.sentTo(entry) < revision) this.send(entry, server, revision);
    }
  }

  /** A watch has just been opened: what happened after the version that its client knows is sent. */
  replay(entry: number, server: number): void {
    const revision = this.latencies.revisionAt(this.population.entryObject[entry], this.sim.now, server, false);
    if (revision > this.watchers.sentTo(entry)) this.send(entry, server, revision);
  }

  /** An event that was on its way is not any more: it has arrived, or its stream broke. */
  gone(entry: number): void {
    this.underWay[entry]--;
  }

  /** An event has arrived. */
  arrived(entry: number, server: number): void {
    this.gone(entry);
    this.watchers.eventArrived(entry);
    const bytes = this.bytesOf(entry);
    this.load.event(server, this.sim.now, bytes, cpuNs(this.input.apiServer.costs.event, bytes));
  }

  /** Up to when a server's watch cache knows a kind of object. */
  versionAt(server: number, kind: number): number {
    return Math.max(this.processes[server].caches[kind].version, this.told.knownAt(server, kind, this.sim.now));
  }

  /** True where a server's watch cache does not reach back to a version: 410. */
  isGone(server: number, kind: number, version: number): boolean {
    return this.processes[server].caches[kind].isGone(version);
  }

  /** Watches of an object that are open at a server. */
  watchersAt(object: number, server: number): number {
    const { population, watchers } = this;
    if (!watchers.watching) return 0;
    let open = 0;
    for (let i = population.objectEntryStart[object]; i < population.objectEntryStart[object + 1]; i++) {
      if (watchers.watchesAt(population.objectEntries[i], server)) open++;
    }
    return open;
  }

  /** Watches that wait for an object at a server, and those of its whole kind (`watch_tracker.go`). */
  interestedIn(object: number, server: number): number {
    return this.watchersAt(object, server) + this.clusterWide.openAt(server, this.population.objectKind[object]);
  }

  /** An event is sent to those who watch the whole kind: whatever its name. */
  private sendToAll(object: number, server: number, revision: number): void {
    const kind = this.population.objectKind[object];
    const open = this.clusterWide.openAt(server, kind);
    if (open === 0) return;
    const bytes = this.population.objectSize[object] + OBJECT_OVERHEAD_BYTES;
    const workNs = cpuNs(this.input.apiServer.costs.event, bytes);
    const done = this.processes[server].serve(this.sim.now, open * workNs * this.perNs, 0);
    for (let watcher = 0; watcher < open; watcher++) this.load.event(server, done, bytes, workNs);
    this.clusterWide.eventSent(server, kind, this.etcd.committedAt[revision]);
  }

  private bytesOf(entry: number): number {
    return this.population.objectSize[this.population.entryObject[entry]] + OBJECT_OVERHEAD_BYTES;
  }

  /**
   * Watchers of the same name in other namespaces are woken and filter the event out (`cacher.go` triggerValues). A
   * stream of all objects of a node has no name by which it could be found (a what-if).
   */
  private filter(object: number, server: number): void {
    if (this.input.kubelet.whatIf.watchPerNode) return;
    const others = this.watchers.namesakes(object, server) - this.watchersAt(object, server);
    const workNs = others * this.input.apiServer.costs.filteredEvent;
    this.load.addCpu(server, this.processes[server].serve(this.sim.now, workNs * this.perNs, 0), workNs);
  }

  private send(entry: number, server: number, revision: number): void {
    const { sim, requests, population, latencies, watchers } = this;
    if (this.underWay[entry] >= WATCHER_SLOTS) {
      this.terminated++;
      watchers.breakStreamOf(entry, Math.round(latencies.roundTripMedian / 2));
      return;
    }
    watchers.eventSent(entry, revision, this.etcd.committedAt[revision]);
    this.underWay[entry]++;
    latencies.drawEvent(entry, revision);
    const workUs = cpuNs(this.input.apiServer.costs.event, this.bytesOf(entry)) * this.perNs;
    const done = this.processes[server].serve(sim.now, workUs, Math.max(0, latencies.service - workUs));
    const id = requests.open(ROW.EVENT_IN_FLIGHT, population.entryNode[entry], entry);
    requests.state[id] = REQUEST.SENT;
    requests.server[id] = server;
    requests.revision[id] = revision;
    sim.schedule(done + latencies.oneWay, EVENT.RESPONSE, id, requests.generation[id]);
  }
}
