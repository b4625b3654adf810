import { SECOND_US } from '../../sim/units.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Latencies } from '../world/latencies.js';
import { CacheReads, FRESHNESS, RESOURCE_VERSION_TOO_HIGH_RETRY_S } from './cache-reads.js';
import type { Encryption } from './encryption.js';
import type { Etcd } from '../etcd/etcd.js';
import { EVENT } from '../model/events.js';
import { EXECUTE, type FlowControl, READS, QUEUE_WAIT_LIMIT_US, QUEUED, SYSTEM, WORKLOAD_LOW } from './flow-control.js';
import type { Load } from '../meters/load.js';
import { VERB } from '../model/verbs.js';
import type { RunInput } from '../model/model-input.js';
import type { Servers } from './servers.js';
import type { Watchers } from './callers.js';
import type { World } from '../world/world.js';
import type { NodeAuthorizer } from './node-authorizer.js';
import { isPost, type Requests, STATUSES, REQUEST, STATUS, SEATS } from './requests.js';
import { SERVING, type ServerProcess, STOPPED } from './server-process.js';
import { unreadyRetryAfterS } from './unready-cache.js';
import type { RequestCosts } from './request-costs.js';
import type { Population } from '../population/population.js';
import type { WatchDispatch } from './watch-dispatch.js';

/** Requests that read, watch or write one object (`request/width.go`). */
const ONE_SEAT = 1;

/**
 * What an API server does with a request (`apiserver/pkg/server/filters`, `endpoints/handlers`): flow control
 * gives it seats or lets it wait, the cores work on it, the watch cache or etcd answers.
 */
export class RequestHandling {
  /** The longest that a request waited for a core, µs. */
  longestWaitUs = 0;
  /** Answers, by status of `requests.ts`. */
  readonly answers = new Float64Array(STATUSES.length);
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
    private readonly authorizer: NodeAuthorizer,
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
    this.perNs = input.apiServer.cpuScale / 1e3;
  }

  /** A request reaches its server. */
  arrive(id: number): void {
    const process = this.processOf(id);
    this.requests.arrivedAt[id] = this.sim.now;
    if (process.state === SERVING) this.admit(id);
    else if (process.state !== STOPPED) process.held.push(id, this.requests.generation[id]);
  }

  /**
   * A serving server takes a request in: it waits for a core, and asks for seats when it runs. A request is read,
   * authenticated and dispatched by one goroutine after another, each ready to run at once (`runnext` of the Go
   * scheduler), so it runs on from there; in the measured storm 1,300 LISTs were answered in one second while
   * thousands of requests waited for the core, which 88 seats held through that wait would not allow. A WATCH that takes a
   * seat passes the cores twice, for it keeps that seat until another goroutine has initialised it.
   */
  private admit(id: number): void {
    const { requests, sim } = this;
    const process = this.processOf(id);
    this.costs.count(id);
    if (process.turnsAway(requests.verb[id])) {
      this.turnAway(id, process);
      return;
    }
    requests.state[id] = REQUEST.RUNNABLE;
    const twice = this.costs.passesTwice(id);
    const workUs = this.costs.intakeNs(id) * this.perNs;
    const done = process.serve(sim.now, workUs, 0);
    requests.doneAt[id] = done;
    const starts = process.startOf(done, workUs);
    this.longestWaitUs = Math.max(this.longestWaitUs, starts - sim.now);
    const runs = twice ? done : starts;
    if (runs > sim.now) sim.schedule(runs, EVENT.RUNS, id, requests.generation[id]);
    else this.runs(id);
  }

  /** A core has come to a request: is it allowed, and are there seats for it? */
  runs(id: number): void {
    const { requests, sim } = this;
    const process = this.processOf(id);
    const verb = requests.verb[id];
    if (verb !== VERB.WRITE && !this.authorizer.allows(requests, id, sim.now, process.knowsPods)) {
      this.refuse(id, STATUS.FORBIDDEN);
      return;
    }
    const { flow } = process;
    if (flow === null || (verb === VERB.WATCH && flow.watchesAreExempt)) {
      this.execute(id, requests.doneAt[id]);
      return;
    }
    const decision = this.askForSeats(id, flow);
    if (decision === EXECUTE) {
      this.noteSeats(id, flow);
      this.execute(id, this.costs.passesTwice(id) ? this.serveRest(id) : requests.doneAt[id]);
    } else if (decision === QUEUED) {
      if (!this.costs.passesTwice(id)) process.cpu?.refund(sim.now, this.costs.workNs(id) * this.perNs);
      requests.state[id] = REQUEST.IN_QUEUE;
      sim.schedule(sim.now + QUEUE_WAIT_LIMIT_US, EVENT.QUEUE_LIMIT, id, requests.generation[id]);
      this.load.noteQueued(requests.server[id], sim.now, flow.queued);
    } else {
      requests.seats[id] = SEATS.NONE;
      this.reject(id, flow.retryAfterS(this.levelOf(id)));
    }
  }

  /** A queued request has waited for as long as it may. */
  queueLimit(id: number): void {
    if (this.requests.state[id] !== REQUEST.IN_QUEUE) return;
    const { flow } = this.processOf(id);
    flow?.cancel(id, this.sim.now);
    this.reject(id, flow?.retryAfterS(this.levelOf(id)) ?? 1);
    this.dispatchQueued(this.requests.server[id]);
  }

  /** A watch cache has been filled: the requests that waited for it go on. */
  cacheFilled(server: number, kind: number): void {
    const process = this.processes[server];
    process.cacheReady[kind] = true;
    for (const id of process.blocked[kind].splice(0)) this.execute(id, this.sim.now);
  }

  /** The event of a revision has reached a server's watch cache: requests that waited for that go on. */
  cacheAdvanced(server: number, revision: number): void {
    const kind = this.population.objectKind[this.etcd.object[revision]];
    for (const id of this.reads.released(server, kind)) this.execute(id, this.sim.now);
  }

  /** A request that waits for its server's watch cache looks again, or has waited for too long. */
  looksAgain(id: number): void {
    const found = this.reads.look(id);
    if (found === FRESHNESS.FRESH) this.execute(id, this.sim.now);
    if (found !== FRESHNESS.TOO_LARGE) return;
    this.requests.retryAfterUs[id] = RESOURCE_VERSION_TOO_HIGH_RETRY_S * SECOND_US;
    this.refuse(id, STATUS.TOO_LARGE);
  }

  /** The server has done what a request asked for. */
  served(id: number): void {
    const { requests, sim, input } = this;
    this.load.addCpu(requests.server[id], sim.now, this.costs.workNs(id));
    if (requests.verb[id] === VERB.WATCH) {
      // Where they are ended, a real one is opened and ended in its turn (assumption).
      if (this.processOf(id).endsWatches) this.turnAway(id, this.processOf(id));
      else this.watchServed(id);
      return;
    }
    if (sim.now - requests.arrivedAt[id] > input.apiServer.requestTimeoutUs) {
      this.respond(id, STATUS.TIMED_OUT);
      return;
    }
    if (requests.verb[id] === VERB.WRITE) {
      this.encryption.written(this.costs.objectOf(id), requests.server[id]);
      const revision = this.servers.writing.served(id, sim.now);
      if (revision >= 0) {
        this.committed(revision);
        this.dispatch.committed(revision);
      }
    } else if (!isPost(requests.verb[id])) {
      const object = this.population.entryObject[requests.subject[id]];
      const server = requests.server[id];
      const revision = this.latencies.revisionAt(object, sim.now, server, requests.quorum[id] === 1);
      requests.revision[id] = revision;
      if (requests.verb[id] === VERB.LIST && this.watchers.isCurrent(id))
        this.watchers.listServed(id, revision, this.versionOf(id));
    }
    this.respond(id, STATUS.OK);
  }

  /** The extra latency of a write with many watchers is over. */
  seatsFree(id: number): void {
    const server = this.requests.server[id];
    this.processes[server].flow?.release(id, this.sim.now);
    this.requests.seats[id] = SEATS.NONE;
    if (this.requests.state[id] === REQUEST.LINGERING) this.requests.close(id);
    this.dispatchQueued(server);
  }

  /** Queued requests that have seats now are executed. */
  dispatchQueued(server: number): void {
    const { flow } = this.processes[server];
    if (flow === null) return;
    const { now } = this.sim;
    for (let id = flow.next(now); id >= 0; id = flow.next(now)) {
      this.noteSeats(id, flow);
      this.execute(id, this.serveRest(id));
    }
    this.load.noteQueued(server, this.sim.now, flow.queued);
  }

  private watchServed(id: number): void {
    const { requests, watchers, sim, population } = this;
    const entry = requests.subject[id];
    const server = requests.server[id];
    this.freeSeats(id);
    if (!watchers.isCurrent(id)) {
      // The client has stopped its reflector meanwhile.
      this.answers[STATUS.OK]++;
      this.servers.connections.becameStream(id);
      return;
    }
    const kind = population.objectKind[population.entryObject[entry]];
    const initial = requests.initial[id] === 1;
    if (!initial && this.dispatch.isGone(server, kind, watchers.versionOf(entry))) {
      const { watchGone, watch } = this.input.apiServer.costs;
      const more = watchGone - watch;
      const done = more > 0 ? this.processes[server].serve(sim.now, more * this.perNs, 0) : sim.now;
      this.load.addCpu(server, done, more);
      this.respond(id, STATUS.GONE, done);
      return;
    }
    this.answers[STATUS.OK]++;
    watchers.watchServed(entry, server, sim.now);
    this.servers.memory.grown(server);
    if (initial) {
      const asked = requests.quorum[id] === 1;
      if (asked) this.reads.progresses(id);
      const revision = this.latencies.revisionAt(population.entryObject[entry], sim.now, server, asked);
      requests.revision[id] = revision;
      watchers.listServed(id, revision, this.versionOf(id));
      requests.state[id] = REQUEST.ANSWERED;
      // The client may have sent it again after an error.
      requests.status[id] = STATUS.OK;
      sim.schedule(sim.now + requests.oneWay[id], EVENT.RESPONSE, id, requests.generation[id]);
      return;
    }
    this.servers.connections.becameStream(id);
    watchers.eachOn(entry, (each) => this.dispatch.replay(each, server));
  }

  /** Up to when an answer knows the resource: etcd's, or one that had to be as new as etcd, up to now. */
  private versionOf(id: number): number {
    const { requests, sim, dispatch } = this;
    return requests.quorum[id] === 1 ? sim.now : dispatch.versionAt(requests.server[id], this.costs.kindOf(id));
  }

  private askForSeats(id: number, flow: FlowControl): number {
    const { requests, population, sim } = this;
    requests.seats[id] = SEATS.TAKEN;
    if (requests.verb[id] === VERB.WRITE) {
      const watchers = this.dispatch.interestedIn(this.servers.writing.objectOf(id), requests.server[id]);
      flow.announce(id, WORKLOAD_LOW, ONE_SEAT, watchers);
      return flow.arrive(id, 0, 0, sim.now);
    }
    const node = requests.node[id];
    const listed = requests.verb[id] === VERB.LIST ? this.watchers.listed(id) : 0;
    const seats = listed > 0 ? flow.listSeats(SYSTEM, listed, listed * this.costs.bytesOf(id)) : ONE_SEAT;
    flow.announce(id, SYSTEM, seats, READS);
    return flow.arrive(id, population.nodeNameHigh[node], population.nodeNameLow[node], sim.now);
  }

  /** A request that has seats waits for a core; returns when its work is done. */
  private serveRest(id: number): number {
    return this.processOf(id).serve(this.sim.now, this.costs.restNs(id) * this.perNs, 0);
  }

  private levelOf(id: number): typeof SYSTEM | typeof WORKLOAD_LOW {
    return this.requests.verb[id] === VERB.WRITE ? WORKLOAD_LOW : SYSTEM;
  }

  private noteSeats(id: number, flow: FlowControl): void {
    this.load.noteSeats(this.requests.server[id], this.sim.now, flow.seatsInUse(this.levelOf(id)));
  }

  /** A request executes, whose work on a core is done at `done`. */
  private execute(id: number, done: number): void {
    const { requests, sim } = this;
    const process = this.processOf(id);
    requests.state[id] = REQUEST.EXECUTING;
    const kind = this.costs.kindOf(id);
    if (!process.cacheReady[kind] && this.reads.needsFilled(id)) {
      this.waitsForCache(id, process, kind);
      return;
    }
    if (this.reads.holds(id)) return;
    const rest = Math.max(0, requests.service[id] - this.costs.workNs(id) * this.perNs);
    sim.schedule(done + Math.round(rest + this.costs.keyWaitUs(id)), EVENT.SERVED, id, requests.generation[id]);
  }

  /** The watch cache that a request needs is being filled: the request waits, or is told to come again. */
  private waitsForCache(id: number, process: ServerProcess, kind: number): void {
    if (this.input.behaviours.cacheNotReady === 'block') {
      process.blocked[kind].push(id);
      return;
    }
    const { unreadyRetryAfter } = this.input.behaviours;
    this.reject(id, unreadyRetryAfterS(unreadyRetryAfter, this.sim.now - process.cacheFillsSince));
  }

  private turnAway(id: number, process: ServerProcess): void {
    if (process.turnsAllAway) this.servers.connections.sentAway(id);
    this.reject(id, process.endingRetryAfterS);
  }

  private reject(id: number, retryAfterS: number): void {
    this.load.rejected(this.requests.server[id], this.sim.now);
    this.requests.retryAfterUs[id] = retryAfterS * SECOND_US;
    this.refuse(id, STATUS.TOO_MANY_REQUESTS);
  }

  /** Answers a request without doing what it asks for. */
  private refuse(id: number, status: number): void {
    const { sim, requests, load, input } = this;
    const { rejected } = input.apiServer.costs;
    const taken = this.costs.passesTwice(id);
    const running = requests.state[id] === REQUEST.RUNNABLE && !taken;
    // Of the work that was put down for it, only the refusal is done.
    if (running) this.processOf(id).cpu?.refund(sim.now, (this.costs.workNs(id) - rejected) * this.perNs);
    const done = sim.now + (taken ? 0 : Math.round(rejected * this.perNs));
    load.addCpu(requests.server[id], done, rejected);
    this.respond(id, status, done);
  }

  /** Sends the answer at `at`. */
  private respond(id: number, status: number, at = this.sim.now): void {
    const { requests, sim } = this;
    this.answers[status]++;
    requests.status[id] = status;
    const kept = this.freeSeats(id);
    requests.state[id] = REQUEST.ANSWERED;
    sim.schedule(at + requests.oneWay[id], EVENT.RESPONSE, id, requests.generation[id]);
    if (kept > 0) {
      requests.seats[id] = SEATS.KEPT;
      sim.schedule(sim.now + kept, EVENT.SEATS_FREE, id, requests.generation[id]);
    }
  }

  /** Gives back the request's seats; returns for how many µs they stay taken. */
  private freeSeats(id: number): number {
    const { requests, sim } = this;
    if (requests.seats[id] !== SEATS.TAKEN || requests.state[id] !== REQUEST.EXECUTING) return 0;
    requests.seats[id] = SEATS.NONE;
    const server = requests.server[id];
    const kept = this.processes[server].flow?.finish(id, sim.now) ?? 0;
    this.dispatchQueued(server);
    return kept;
  }

  private processOf(id: number): ServerProcess {
    return this.processes[this.requests.server[id]];
  }
}
