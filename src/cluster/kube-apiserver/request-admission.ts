import type { Simulator } from '../../sim/simulator.js';
import { TimedRows } from '../../sim/timed-rows.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { Load } from '../meters/load.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import type { Watchers } from './callers.js';
import { EXECUTE, type FlowControl, QUEUE_WAIT_LIMIT_US, QUEUED, READS, SYSTEM, WORKLOAD_LOW } from './flow-control.js';
import { GOROUTINE } from './goroutines.js';
import type { NodeAuthorizer } from './node-authorizer.js';
import type { RequestCosts } from './request-costs.js';
import type { RequestAnswers } from './request-answers.js';
import { REQUEST, type Requests, SEATS, STATUS } from './requests.js';
import { SERVING, type ServerProcess, STOPPED } from './server-process.js';
import type { Servers } from './servers.js';
import type { WatchDispatch } from './watch-dispatch.js';

/** Requests that read, watch or write one object (`request/width.go`). */
const ONE_SEAT = 1;

/** What becomes of a request behind the filters. */
export interface Handler {
  /** It executes; `dispatched`: from a queue, by one that has given back its seats. */
  execute(request: number, dispatched?: boolean): void;
  readonly answers: RequestAnswers;
}

/**
 * The filters of an API server (`apiserver/pkg/server/filters`): a request waits for a core, the authorizer allows it, and
 * flow control gives it seats or lets it wait.
 */
export class RequestAdmission {
  /** The longest that a request waited for a core, µs. */
  longestWaitUs = 0;
  private readonly perNs: number;
  /** The requests that have joined a queue, until they have waited for as long as they may: there is an event for the first. */
  private readonly limits = new TimedRows();

  private readonly sim: Simulator;
  private readonly population: Population;
  private readonly load: Load;
  private readonly requests: Requests;
  private readonly processes: readonly ServerProcess[];
  private readonly watchers: Watchers;

  constructor(
    world: World,
    private readonly servers: Servers,
    private readonly dispatch: WatchDispatch,
    private readonly authorizer: NodeAuthorizer,
    private readonly costs: RequestCosts,
    private readonly handler: Handler,
  ) {
    this.sim = world.sim;
    this.population = world.population;
    this.load = world.load;
    this.requests = servers.requests;
    this.processes = servers.processes;
    this.watchers = servers.watchers;
    this.perNs = world.input.apiServer.cpuScale / 1e3;
  }

  /** A request reaches its server. */
  arrive(id: number): void {
    const process = this.processOf(id);
    this.requests.arrivedAt[id] = this.sim.now;
    if (process.state === SERVING) this.admit(id);
    else if (process.state !== STOPPED) process.held.push(id, this.requests.generation[id]);
    // It was sent while the process was being ended.
    else this.servers.connections.breaks(id, 0);
  }

  /**
   * A serving server takes a request in: it waits for a core, and asks for seats when it runs. A request is read,
   * authenticated and dispatched by one goroutine after another, each ready to run at once (`runnext` of the Go
   * scheduler), so it runs on from there; in the measured storm 1,300 LISTs were answered in one second while
   * thousands of requests waited for the core, which 88 seats held through that wait would not allow.
   */
  private admit(id: number): void {
    const { requests } = this;
    const process = this.processOf(id);
    this.costs.count(id);
    if (process.turnsAway(requests.verb[id])) {
      this.handler.answers.turnAway(id, process);
      return;
    }
    requests.state[id] = REQUEST.RUNNABLE;
    if (process.cpu === null) {
      this.runs(id);
      return;
    }
    requests.foundBusy[id] = process.cpu.isBusy ? 1 : 0;
    const node = requests.node[id];
    if (node < 0) {
      process.cpu.netReady(GOROUTINE.INTAKE, id, requests.generation[id], this.costs.intakeNs(id) * this.perNs);
      return;
    }
    const readerIsReady = process.shakesHands[node] === 1 || !process.unread.isEmpty(node);
    process.unread.push(node, id, requests.generation[id]);
    if (!readerIsReady) process.cpu.netReady(GOROUTINE.READER, node, 0, 0);
  }

  /** The frames of a connection are read: a goroutine for each request. */
  read(server: number, node: number): void {
    const { unread, cpu } = this.processes[server];
    while (unread.shift(node)) {
      const { first: id, second: generation } = unread;
      if (this.requests.generation[id] === generation)
        cpu?.wake(GOROUTINE.INTAKE, id, generation, this.costs.intakeNs(id) * this.perNs);
    }
  }

  /** A core has taken a request in. */
  takenIn(id: number): void {
    this.load.addCpu(this.requests.server[id], this.sim.now, this.costs.intakeNs(id));
    this.runs(id);
  }

  /** Is a request allowed, and are there seats for it? */
  private runs(id: number): void {
    const { requests, sim } = this;
    const process = this.processOf(id);
    this.longestWaitUs = Math.max(this.longestWaitUs, sim.now - requests.arrivedAt[id]);
    const verb = requests.verb[id];
    if (verb !== VERB.WRITE && !this.authorizer.allows(requests, id, sim.now, process.knowsPods)) {
      this.handler.answers.refuse(id, STATUS.FORBIDDEN);
      return;
    }
    const { flow } = process;
    if (flow === null || (verb === VERB.WATCH && flow.watchesAreExempt)) {
      this.handler.execute(id);
      return;
    }
    const decision = this.askForSeats(id, flow);
    if (decision === EXECUTE) {
      this.noteSeats(id, flow);
      this.handler.execute(id);
    } else if (decision === QUEUED) {
      requests.state[id] = REQUEST.IN_QUEUE;
      requests.queuedUntil[id] = sim.now + QUEUE_WAIT_LIMIT_US;
      this.limits.add(requests.queuedUntil[id], id);
      if (this.limits.count === 1) this.scheduleLimit();
      this.load.noteQueued(requests.server[id], sim.now, flow.queued);
    } else {
      requests.seats[id] = SEATS.NONE;
      this.handler.answers.reject(id, flow.retryAfterS(this.levelOf(id)));
    }
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

  /** The first of the requests that have joined a queue has waited for as long as it may, or has left it before. */
  queueLimit(): void {
    const { limits } = this;
    const id = limits.row;
    const waits = this.waitsUntil(id, limits.time);
    limits.shift();
    while (limits.count > 0 && !this.waitsUntil(limits.row, limits.time)) limits.shift();
    if (limits.count > 0) this.scheduleLimit();
    if (!waits) return;
    const { flow } = this.processOf(id);
    flow?.cancel(id, this.sim.now);
    this.handler.answers.reject(id, flow?.retryAfterS(this.levelOf(id)) ?? 1);
    this.dispatchQueued(this.requests.server[id]);
  }

  /** True where a request is in a queue that it leaves at a time at the latest. */
  private waitsUntil(id: number, time: number): boolean {
    return this.requests.state[id] === REQUEST.IN_QUEUE && this.requests.queuedUntil[id] === time;
  }

  private scheduleLimit(): void {
    // Of one instant, requests have their turns in the order of their rows, so it does not matter who is first by then.
    this.sim.schedule(this.limits.time, EVENT.QUEUE_LIMIT, 0);
  }

  /** The extra latency of a write with many watchers is over. */
  seatsFree(id: number): void {
    const server = this.requests.server[id];
    this.processes[server].flow?.release(id, this.sim.now);
    this.requests.seats[id] = SEATS.NONE;
    if (this.requests.state[id] === REQUEST.LINGERING) this.requests.close(id);
    this.dispatchQueued(server);
  }

  /** Gives back the request's seats; returns for how many µs they stay taken. */
  freeSeats(id: number): number {
    const { requests, sim } = this;
    if (requests.seats[id] !== SEATS.TAKEN || requests.state[id] !== REQUEST.EXECUTING) return 0;
    requests.seats[id] = SEATS.NONE;
    const server = requests.server[id];
    const kept = this.processes[server].flow?.finish(id, sim.now) ?? 0;
    this.dispatchQueued(server);
    return kept;
  }

  /** Queued requests that have seats now are executed. */
  dispatchQueued(server: number): void {
    const { flow } = this.processes[server];
    if (flow === null) return;
    const { now } = this.sim;
    for (let id = flow.next(now); id >= 0; id = flow.next(now)) {
      this.noteSeats(id, flow);
      this.handler.execute(id, true);
    }
    this.load.noteQueued(server, this.sim.now, flow.queued);
  }

  private levelOf(id: number): typeof SYSTEM | typeof WORKLOAD_LOW {
    return this.requests.verb[id] === VERB.WRITE ? WORKLOAD_LOW : SYSTEM;
  }

  private noteSeats(id: number, flow: FlowControl): void {
    this.load.noteSeats(this.requests.server[id], this.sim.now, flow.seatsInUse(this.levelOf(id)));
  }

  private processOf(id: number): ServerProcess {
    return this.processes[this.requests.server[id]];
  }
}
