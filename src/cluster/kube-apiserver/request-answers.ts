import { SECOND_US } from '../../sim/units.js';
import { EVENT } from '../model/events.js';
import type { World } from '../world/world.js';
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
    const { rejected } = input.apiServer.costs;
    const server = requests.server[id];
    // What it took to get here is the work of a refusal, where a core has done it.
    const isDone = this.servers.processes[server].cpu !== null && requests.state[id] !== REQUEST.SENT;
    const done = isDone ? sim.now : sim.now + Math.round((rejected * input.apiServer.cpuScale) / 1e3);
    if (!isDone) load.addCpu(server, done, rejected);
    this.respond(id, status, done);
  }

  /** Sends the answer at `at`. */
  respond(id: number, status: number, at = this.world.sim.now): void {
    const { requests } = this;
    const { sim } = this.world;
    this.counts[status]++;
    requests.status[id] = status;
    const kept = this.freeSeats(id);
    requests.state[id] = REQUEST.ANSWERED;
    const known = this.servers.connections.takenInAt(id, at + requests.oneWay[id]);
    sim.schedule(known, EVENT.RESPONSE, id, requests.generation[id]);
    if (kept > 0) {
      requests.seats[id] = SEATS.KEPT;
      sim.schedule(sim.now + kept, EVENT.SEATS_FREE, id, requests.generation[id]);
    }
  }
}
