import { SECOND_US } from '../../sim/units.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Load } from '../meters/load.js';
import { EVENT } from '../model/events.js';
import type { RunInput } from '../model/model-input.js';
import { VERB } from '../model/verbs.js';
import type { Population } from '../population/population.js';
import type { Latencies } from '../world/latencies.js';
import type { World } from '../world/world.js';
import { CacheReads, FRESHNESS, RESOURCE_VERSION_TOO_HIGH_RETRY_S } from './cache-reads.js';
import type { Watchers } from './callers.js';
import type { Encryption } from './encryption.js';
import { GOROUTINE } from './goroutines.js';
import type { NodeAuthorizer } from './node-authorizer.js';
import { type Handler, RequestAdmission } from './request-admission.js';
import { RequestAnswers } from './request-answers.js';
import type { RequestCosts } from './request-costs.js';
import { isPost, REQUEST, type Requests, STATUS } from './requests.js';
import type { ServerProcess } from './server-process.js';
import type { Servers } from './servers.js';
import { unreadyRetryAfterS } from './unready-cache.js';
import type { WatchDispatch } from './watch-dispatch.js';
import { WatchStages } from './watch-stages.js';

/**
 * What an API server does with a request that its filters let pass (`apiserver/pkg/endpoints/handlers`): the cores work on
 * it, the watch cache or etcd answers.
 */
export class RequestHandling implements Handler {
  /** What comes first. */
  readonly admission: RequestAdmission;
  readonly answers: RequestAnswers;
  private readonly stages: WatchStages;
  private readonly perNs: number;

  private readonly sim: Simulator;
  private readonly input: RunInput;
  private readonly population: Population;
  private readonly latencies: Latencies;
  private readonly load: Load;
  private readonly requests: Requests;
  private readonly processes: readonly ServerProcess[];
  private readonly encryption: Encryption;
  private readonly watchers: Watchers;
  private readonly etcd: Etcd;
  private readonly reads: CacheReads;

  /** `committed`: told of every write that has been committed, before any watch cache is. */
  constructor(
    world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
    authorizer: NodeAuthorizer,
    private readonly costs: RequestCosts,
    private readonly committed: (revision: number) => void,
  ) {
    const { input } = world;
    this.sim = world.sim;
    this.input = input;
    this.population = world.population;
    this.latencies = world.latencies;
    this.load = world.load;
    this.requests = servers.requests;
    this.processes = servers.processes;
    this.encryption = servers.encryption;
    this.watchers = servers.watchers;
    this.etcd = world.etcd;
    this.reads = new CacheReads(world, servers, dispatch, costs);
    this.answers = new RequestAnswers(world, servers, costs, (id) => this.admission.freeSeats(id));
    this.admission = new RequestAdmission(world, servers, dispatch, authorizer, costs, this);
    this.perNs = input.apiServer.cpuScale / 1e3;
    const listener = {
      isGone: (id: number) => this.isGone(id),
      begins: (id: number) => this.admission.freeSeats(id),
      streams: (id: number) => this.streams(id),
    };
    this.stages = new WatchStages(servers.requests, servers.processes, listener, this.perNs);
  }

  /** The goroutine that sends a watch's events has begun. */
  sends(id: number): void {
    this.stages.sends(id);
  }

  /** The goroutine of a WATCH has had its turn after a frame. */
  resumed(id: number): void {
    this.stages.resumed(id);
  }

  /** The goroutine of a request has had a core for its work. */
  handled(id: number): void {
    const { costs } = this;
    this.load.addCpu(this.requests.server[id], this.sim.now, costs.workNs(id) - costs.intakeNs(id));
    this.answersAfter(id, 0);
  }

  /** True for a WATCH from a version that its server's watch cache does not reach back to. */
  private isGone(id: number): boolean {
    const { requests, watchers } = this;
    if (requests.initial[id] === 1 || !watchers.isCurrent(id)) return false;
    return this.dispatch.isGone(requests.server[id], this.costs.kindOf(id), watchers.versionOf(requests.subject[id]));
  }

  /**
   * What a request needs besides its work, which is done in `workUs`, takes the rest of its time. That was measured on a
   * server with idle cores; where none is, only etcd takes time.
   */
  private answersAfter(id: number, workUs: number): void {
    const { requests, sim, costs } = this;
    const waits = requests.foundBusy[id] === 0 || this.asksEtcd(id);
    const beside = waits ? Math.max(0, requests.service[id] - costs.workNs(id) * this.perNs) : 0;
    const rest = beside + costs.keyWaitUs(id);
    if (workUs + rest < 0.5) this.answered(id);
    else sim.schedule(sim.now + workUs + Math.round(rest), EVENT.SERVED, id, requests.generation[id]);
  }

  /** A request executes; `dispatched`: from a queue, by one that has given back its seats. */
  execute(id: number, dispatched = false): void {
    const { requests } = this;
    const process = this.processOf(id);
    requests.state[id] = REQUEST.EXECUTING;
    const kind = this.costs.kindOf(id);
    if (!process.cacheReady[kind] && this.reads.needsFilled(id)) {
      this.waitsForCache(id, process, kind);
      return;
    }
    if (this.reads.holds(id)) return;
    if (process.cpu === null) {
      this.answersAfter(id, Math.round(this.costs.workNs(id) * this.perNs));
      return;
    }
    const work = Math.max(0, this.costs.workNs(id) - this.costs.intakeNs(id) - this.stages.laterNs(id));
    // Who is dispatched has lost its turn to the end of the request that did it (priority-and-fairness.go, Handle).
    if (dispatched) process.cpu.wakeLater(GOROUTINE.HANDLER, id, requests.generation[id], work * this.perNs);
    else process.cpu.wake(GOROUTINE.HANDLER, id, requests.generation[id], work * this.perNs);
  }

  /** The watch cache that a request needs is being filled: the request waits, or is told to come again. */
  private waitsForCache(id: number, process: ServerProcess, kind: number): void {
    if (this.input.behaviours.cacheNotReady === 'block') {
      process.blocked[kind].push(id);
      return;
    }
    const { unreadyRetryAfter } = this.input.behaviours;
    this.answers.reject(id, unreadyRetryAfterS(unreadyRetryAfter, this.sim.now - process.cacheFillsSince));
  }

  /** A watch cache has been filled: the requests that waited for it go on. */
  cacheFilled(server: number, kind: number): void {
    const process = this.processes[server];
    process.cacheReady[kind] = true;
    for (const id of process.blocked[kind].splice(0)) this.execute(id);
  }

  /** The event of a revision has reached a server's watch cache: requests that waited for that go on. */
  cacheAdvanced(server: number, revision: number): void {
    const kind = this.population.objectKind[this.etcd.object[revision]];
    for (const id of this.reads.released(server, kind)) this.execute(id);
  }

  /** A request that waits for its server's watch cache looks again, or has waited for too long. */
  looksAgain(id: number): void {
    const found = this.reads.look(id);
    if (found === FRESHNESS.FRESH) this.execute(id);
    if (found !== FRESHNESS.TOO_LARGE) return;
    this.requests.retryAfterUs[id] = RESOURCE_VERSION_TOO_HIGH_RETRY_S * SECOND_US;
    this.answers.refuse(id, STATUS.TOO_LARGE);
  }

  /** All that a request had to wait for is done; an answer of etcd is still to be read. */
  answered(id: number): void {
    const { requests, sim, input } = this;
    const { cpu, etcdAnswers } = this.processOf(id);
    if (cpu === null) this.load.addCpu(requests.server[id], sim.now, this.costs.workNs(id));
    const verb = requests.verb[id];
    if (verb !== VERB.WATCH) {
      if (sim.now - requests.arrivedAt[id] > input.apiServer.requestTimeoutUs) {
        this.answers.respond(id, STATUS.TIMED_OUT);
        return;
      }
      if (verb === VERB.WRITE) this.writes(id);
      else if (!isPost(verb)) this.finds(id);
    }
    if (cpu === null || !this.asksEtcd(id)) {
      this.etcdRead(id);
      return;
    }
    const kind = this.costs.kindOf(id);
    if (etcdAnswers[kind].length === 0) cpu.netReady(GOROUTINE.ETCD_READER, kind, 0, 0);
    etcdAnswers[kind].push(id, requests.generation[id]);
  }

  private asksEtcd(id: number): boolean {
    const { quorum, verb } = this.requests;
    return quorum[id] === 1 || verb[id] === VERB.WRITE;
  }

  /** What a request asked etcd for has been read, or it asked for nothing. */
  etcdRead(id: number): void {
    if (this.requests.verb[id] !== VERB.WATCH) this.answers.respond(id, STATUS.OK);
    else if (this.processOf(id).cpu === null) this.streams(id);
    else this.stages.starts(id);
  }

  /** etcd has written the object of a request. */
  private writes(id: number): void {
    const { requests, servers } = this;
    this.encryption.written(this.costs.objectOf(id), requests.server[id]);
    const revision = servers.writing.served(id, this.sim.now);
    if (revision < 0) return;
    this.committed(revision);
    this.dispatch.committed(revision);
  }

  /** What a GET or a LIST finds. */
  private finds(id: number): void {
    const { requests, watchers, sim } = this;
    const object = this.population.entryObject[requests.subject[id]];
    const revision = this.latencies.revisionAt(object, sim.now, requests.server[id], requests.quorum[id] === 1);
    requests.revision[id] = revision;
    if (requests.verb[id] === VERB.LIST && watchers.isCurrent(id))
      watchers.listServed(id, revision, this.versionOf(id));
  }

  /** A WATCH becomes a stream; where they are ended, a real one is opened and ended in its turn (assumption). */
  private streams(id: number): void {
    if (this.processOf(id).endsWatches) this.answers.turnAway(id, this.processOf(id));
    else this.watchServed(id);
  }

  private watchServed(id: number): void {
    const { requests, watchers, sim, population } = this;
    const entry = requests.subject[id];
    const server = requests.server[id];
    this.admission.freeSeats(id);
    if (!watchers.isCurrent(id)) {
      // The client has stopped its reflector meanwhile.
      this.answers.counts[STATUS.OK]++;
      this.servers.connections.becameStream(id);
      return;
    }
    const initial = requests.initial[id] === 1;
    if (this.isGone(id)) {
      const { watchGone, watch, busyShare } = this.input.apiServer.costs;
      // What a WATCH costs has been spent before it is known: less is not possible.
      const more = Math.max(
        0,
        Math.round((watchGone - watch) * (requests.foundBusy[id] === 1 ? busyShare.fromMemory : 1)),
      );
      const done = more > 0 ? this.processes[server].serve(sim.now, more * this.perNs, 0) : sim.now;
      this.load.addCpu(server, done, more);
      this.answers.respond(id, STATUS.GONE, done);
      return;
    }
    this.answers.counts[STATUS.OK]++;
    watchers.watchServed(entry, server, sim.now);
    this.servers.memory.grown(server);
    this.growsTo(server, this.load.watches[server].level);
    if (initial) {
      const asked = requests.quorum[id] === 1;
      if (asked) this.reads.progresses(id);
      const revision = this.latencies.revisionAt(population.entryObject[entry], sim.now, server, asked);
      requests.revision[id] = revision;
      watchers.listServed(id, revision, this.versionOf(id));
      requests.state[id] = REQUEST.ANSWERED;
      // The client may have sent it again after an error.
      requests.status[id] = STATUS.OK;
      this.servers.connections.answerArrives(id, sim.now + requests.oneWay[id]);
      return;
    }
    this.servers.connections.becameStream(id);
    watchers.eachOn(entry, (each) => this.dispatch.replay(each, server));
  }

  /** A server with cores has so many watches open. */
  private growsTo(server: number, watches: number): void {
    const process = this.processes[server];
    if (process.cpu === null || watches <= process.mostWatches) return;
    process.mostWatches = watches;
    const { watchGrowth } = this.input.apiServer.costs;
    this.load.addCpu(server, process.serve(this.sim.now, watchGrowth * this.perNs, 0), watchGrowth);
  }

  /** Up to when an answer knows the resource: etcd's, or one that had to be as new as etcd, up to now. */
  private versionOf(id: number): number {
    const { requests, sim, dispatch } = this;
    return requests.quorum[id] === 1 ? sim.now : dispatch.versionAt(requests.server[id], this.costs.kindOf(id));
  }

  private processOf(id: number): ServerProcess {
    return this.processes[this.requests.server[id]];
  }
}
