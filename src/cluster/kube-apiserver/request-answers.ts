import { SECOND_US } from '../../sim/units.js';
import { EVENT } from '../model/events.js';
import type { World } from '../world/world.js';
import { ANSWER_NS } from './frame-writers.js';
import { GOROUTINE } from './goroutines.js';
import type { RequestCosts } from './request-costs.js';
import { REQUEST, type Requests, SEATS, STATUS, STATUSES } from './requests.js';
import type { ServerProcess } from './server-process.js';
import type { Servers } from './servers.js';

/** The answers of the API servers. */
export class RequestAnswers {
  /** How many there were, by status of `requests.ts`. */
  readonly counts = new Float64Array(STATUSES.length);
  private readonly requests: Requests;

  /** `freeSeats` gives a request's seats back; returns for how many µs they stay taken. */
  constructor(
    private readonly world: World,
    private readonly servers: Servers,
    private readonly costs: RequestCosts,
    private readonly freeSeats: (request: number) => number,
  ) {
    this.requests = servers.requests;
  }

  /** The server of a request is about to end. */
  turnAway(id: number, process: ServerProcess): void {
    if (process.turnsAllAway) this.servers.connections.sentAway(id);
    this.reject(id, process.endingRetryAfterS);
  }

  /** A request is told to come again after so many seconds. */
  reject(id: number, retryAfterS: number): void {
    this.world.load.rejected(this.requests.server[id], this.world.sim.now);
    this.requests.retryAfterUs[id] = retryAfterS * SECOND_US;
    this.refuse(id, STATUS.TOO_MANY_REQUESTS);
  }

  /** Answers a request without doing what it asks for. */
  refuse(id: number, status: number): void {
    const { requests } = this;
    const { sim, load, input } = this.world;
    const { costs, cpuScale } = input.apiServer;
    const server = requests.server[id];
    const { cpu } = this.servers.processes[server];
    if (cpu === null || requests.state[id] === REQUEST.SENT) {
      const done = sim.now + Math.round((costs.rejected * cpuScale) / 1e3);
      load.addCpu(server, done, costs.rejected);
      this.respond(id, status, done);
      return;
    }
    // A core has done what it took to get here, and goes on with the answer.
    const answerNs = this.costs.refusalNs(id);
    load.addCpu(server, sim.now, answerNs);
    cpu.wake(GOROUTINE.WORK, 0, 0, (Math.max(0, answerNs - ANSWER_NS) * cpuScale) / 1e3);
    this.respond(id, status);
  }

  /** Sends the answer at `at`. */
  respond(id: number, status: number, at = this.world.sim.now): void {
    const { requests } = this;
    const { sim } = this.world;
    this.counts[status]++;
    requests.status[id] = status;
    const kept = this.freeSeats(id);
    // The error of a watch has been written by now.
    const node = requests.node[id];
    const { frames } = this.servers.processes[requests.server[id]];
    if (node >= 0 && status !== STATUS.GONE) frames?.answer(node);
    requests.state[id] = REQUEST.ANSWERED;
    this.servers.connections.answerArrives(id, at + requests.oneWay[id]);
    if (kept > 0) {
      requests.seats[id] = SEATS.KEPT;
      sim.schedule(sim.now + kept, EVENT.SEATS_FREE, id, requests.generation[id]);
    }
  }
}
