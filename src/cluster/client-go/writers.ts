import { SECOND_US } from '../../sim/units.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Etcd } from '../etcd/etcd.js';
import { EVENT } from '../model/events.js';
import { VERB } from '../model/verbs.js';
import type { Randomness } from '../model/randomness.js';
import { type Requests, REQUEST, STATUS } from '../kube-apiserver/requests.js';
import type { Endpoint, Writing } from '../kube-apiserver/callers.js';
import type { World } from '../world/world.js';
import type { Population } from '../population/population.js';
import { REWRITE, type Writes } from '../workload/writes.js';

/** How long a writer waits that found no server, or whose connection broke (assumption: client-go's 1 s). */
const RETRY_US = SECOND_US;

/**
 * Those who write objects: operators and scripts outside of the kubelets. Each write is a request to some
 * server; a write that is refused, rejected or lost is sent again.
 */
export class Writers implements Writing {
  /** Writes that have been sent at least once and are not answered. */
  unanswered = 0;
  sent = 0;
  refused = 0;
  private readonly attempts: Uint32Array;
  /** 1 for a write that is committed, whatever its writer knows. */
  private readonly carriedOut: Uint8Array;
  /** Per batch: writes that those after them wait for yet. */
  private readonly awaited: number[];

  private readonly sim: Simulator;
  private readonly population: Population;
  private readonly etcd: Etcd;
  private readonly writes: Writes;
  private readonly random: Randomness;

  /** `written`: told of writes that have been answered, of what somebody brings who is in charge of their object. */
  constructor(
    private readonly world: World,
    private readonly requests: Requests,
    private readonly endpoint: Endpoint,
    private readonly written: (write: number) => void,
  ) {
    const { writes } = world;
    this.sim = world.sim;
    this.population = world.population;
    this.etcd = world.etcd;
    this.writes = writes;
    this.random = world.random;
    this.attempts = new Uint32Array(writes.count);
    this.carriedOut = new Uint8Array(writes.count);
    this.awaited = writes.batches.map(({ from, middle }) => middle - from);
  }

  /** Schedules all writes of the timeline that wait for nothing. */
  schedule(): void {
    const { chained, batches, brought } = this.writes;
    for (let write = 0; write < this.writes.count; write++) {
      if (brought.has(write) || chained.has(write) || batches.some(({ middle, to }) => write >= middle && write < to))
        continue;
      this.sim.schedule(Math.max(this.sim.now, this.writes.sent.get(write)), EVENT.SEND_WRITE, write);
    }
  }

  /** Sends a write, for the first time or again. */
  send(write: number): void {
    const { requests, writes, sim, population } = this;
    const object = writes.object.get(write);
    if (this.attempts[write] === 0) {
      this.unanswered++;
      // A write that waited for the answer to others is sent when that has come.
      writes.sent.set(write, Math.max(sim.now, writes.sent.get(write)));
    }
    // The first attempt goes where it goes when nothing queues.
    const purpose = this.attempts[write] === 0 ? 1 : 2 + this.attempts[write];
    const draw = this.random.connection.uniform(write, population.objectNameLow[object], purpose);
    this.attempts[write]++;
    this.sent++;
    const server = this.endpoint.choose(draw);
    if (server < 0) {
      this.refused++;
      sim.schedule(sim.now + this.world.latencies.roundTripMedian + RETRY_US, EVENT.SEND_WRITE, write);
      return;
    }
    const id = requests.open(VERB.WRITE, -1, write);
    requests.server[id] = server;
    requests.state[id] = REQUEST.SENT;
    requests.oneWay[id] = writes.oneWay.get(write);
    requests.service[id] = writes.service.get(write);
    sim.schedule(sim.now + requests.oneWay[id], EVENT.ARRIVE, id, requests.generation[id]);
  }

  /** The object of a write's request. */
  objectOf(request: number): number {
    return this.writes.object.get(this.requests.subject[request]);
  }

  /**
   * A server carries a write out; returns its revision, −1: it changes nothing. So does one whose answer was lost, and that is
   * sent again: its object has that content already (`storage/etcd3/store.go` GuaranteedUpdate stores no equal data).
   */
  served(request: number, now: number): number {
    const write = this.requests.subject[request];
    if (this.carriedOut[write] === 1) return -1;
    const revision = this.etcd.commit(write, now, now + this.requests.oneWay[request]);
    if (revision >= 0) this.carriedOut[write] = 1;
    return revision;
  }

  /** The answer has reached the writer. */
  answered(request: number): void {
    const { requests, sim } = this;
    const status = requests.status[request];
    if (status === STATUS.OK) {
      this.unanswered--;
      const write = requests.subject[request];
      if (this.writes.chained.has(write + 1)) this.follows(write + 1);
      this.batchAnswered(write);
      if (this.writes.brought.has(write)) this.written(write);
      return;
    }
    const wait = status === STATUS.TOO_MANY_REQUESTS ? requests.retryAfterUs[request] : RETRY_US;
    sim.schedule(sim.now + wait, EVENT.SEND_WRITE, requests.subject[request]);
  }

  /** A write follows the one before it: at once, or when its client may send it; a migration ends with the measured time. */
  private follows(write: number): void {
    const at = this.writes.sent.get(write);
    if (this.writes.action.get(write) === REWRITE && this.sim.now >= this.world.input.durationUs) return;
    if (at <= this.sim.now) this.send(write);
    else this.sim.schedule(at, EVENT.SEND_WRITE, write);
  }

  /** The last answer of a batch's first writes: those that wait for it follow, one after another. */
  private batchAnswered(write: number): void {
    const { batches } = this.writes;
    const index = batches.findIndex(({ from, middle }) => write >= from && write < middle);
    if (index < 0 || --this.awaited[index] > 0) return;
    const { middle, to, spacingUs } = batches[index];
    for (let next = middle; next < to; next++) {
      const at = this.sim.now + (next - middle) * spacingUs;
      if (at < this.world.input.durationUs) this.sim.schedule(at, EVENT.SEND_WRITE, next);
    }
  }
}
