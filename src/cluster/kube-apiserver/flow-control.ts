import { Borrowing } from './flow-control/borrowing.js';
import { EXECUTE, QUEUED, REJECTED } from './flow-control/decision.js';
import { DroppedRequestsTracker } from './flow-control/dropped-requests-tracker.js';
import { MaxInflight } from './flow-control/max-inflight.js';
import {
  CATCH_ALL,
  EXEMPT,
  NODE_HIGH,
  nominalConcurrencyLimits,
  PRIORITY_LEVELS,
  SYSTEM,
  type Level,
} from './flow-control/priority-levels.js';
import { QueueSet } from './flow-control/queue-set.js';
import { RequestTable, FLOW } from './flow-control/request-table.js';
import type { SeatDemand } from './flow-control/seat-demand.js';
import {
  listSeats,
  MINIMUM_SEATS,
  maxSeatsOfLevel,
  writeExtraLatencyUs,
  writeFinalSeats,
} from './flow-control/seats.js';
import type { Behaviours } from '../model/versions.js';

export { EXECUTE, QUEUED, REJECTED };
export { QUEUE_WAIT_LIMIT_US, queueWaitLimitUs } from './flow-control/queue-wait.js';
export { BORROWING_ADJUSTMENT_PERIOD_US } from './flow-control/seat-demand.js';
export { CATCH_ALL, EXEMPT, NODE_HIGH, SYSTEM, WORKLOAD_LOW, type Level } from './flow-control/priority-levels.js';

/** In place of the watchers of a request that writes nothing. */
export const READS = -1;

/**
 * Flow control of one API server: priority levels with seats and queues (API Priority and Fairness, KEP-1040), or
 * the limit of requests in flight of releases before it. It keeps no clock and schedules nothing: the caller tells
 * the time, which never goes back, and asks `next` for the requests that may execute whenever one has left.
 *
 * Ids are small integers, in use from `arrive` until the request is rejected, cancelled or its seats are free.
 */
export class FlowControl {
  /** Requests that wait in a queue. */
  queued = 0;
  /** Requests that execute, without those that are answered and keep their seats. */
  executing = 0;
  /** Requests rejected at their arrival, and those that left their queue unserved. */
  rejected = 0;
  cancelled = 0;
  /** True where a WATCH takes no seat and need not be told: max-inflight, and priority levels in 1.20. */
  readonly watchesAreExempt: boolean;

  /** Seats of the server (`serverConcurrencyLimit`). */
  private readonly serverLimit: number;
  private readonly table = new RequestTable();
  private readonly levels: readonly QueueSet[];
  private readonly demands: readonly SeatDemand[];
  private readonly inflight: MaxInflight | null;
  private readonly borrowing: Borrowing | null;
  private readonly trackers: readonly DroppedRequestsTracker[];
  private readonly nominal: Int32Array;
  private readonly limits: Int32Array;
  private readonly maxSeats: readonly number[];
  /** Bit per level whose queues may be able to dispatch. */
  private ready = 0;
  /** The server has read its priority levels; until then there are the mandatory ones only. */
  private configured = true;

  /** `maxRequestsInflight` and `maxMutatingRequestsInflight` as the server's flags: their sum is its number of seats. */
  constructor(
    private readonly behaviours: Behaviours,
    maxRequestsInflight: number,
    maxMutatingRequestsInflight: number,
  ) {
    this.serverLimit = maxRequestsInflight + maxMutatingRequestsInflight;
    const maxInflight = behaviours.flowControl === 'maxInflight';
    this.watchesAreExempt = maxInflight || behaviours.watchSeats === 'exempt';
    this.inflight = maxInflight ? new MaxInflight(maxRequestsInflight, maxMutatingRequestsInflight) : null;
    this.nominal = nominalConcurrencyLimits(this.serverLimit, behaviours.nodeHighLevel);
    this.limits = this.nominal.slice();
    this.borrowing = behaviours.borrowing && !maxInflight ? new Borrowing(this.nominal, this.serverLimit) : null;
    this.maxSeats = Array.from(this.nominal, (seats, code) => maxSeatsOfLevel(seats, PRIORITY_LEVELS[code].handSize));
    this.levels = PRIORITY_LEVELS.map((level, code) => new QueueSet(level, this.nominal[code], this.table));
    this.demands = this.levels.map((level) => level.demand);
    this.trackers = PRIORITY_LEVELS.map(() => new DroppedRequestsTracker());
    this.reset(0);
    this.configure(0);
  }

  /**
   * A request that will arrive at a level, and the `seats` that it wants. For a write, `watchers` is the number of this
   * server's watches that are interested in it: those of all objects of the resource, of its namespace and of its name;
   * READS for others.
   */
  announce(id: number, level: Level, seats: number, watchers: number): void {
    const { table } = this;
    table.reserve(id);
    table.expect(id, FLOW.GONE);
    const code = this.levelOf(level);
    const mutating = watchers !== READS;
    const lingers = mutating && this.behaviours.writeSeatsByWatchers;
    const maxSeats = this.maxSeats[code];
    table.level[id] = code;
    table.mutating[id] = mutating ? 1 : 0;
    table.initialSeats[id] = seats;
    table.finalSeats[id] = lingers ? writeFinalSeats(watchers, maxSeats) : 0;
    table.extraUs[id] = lingers ? writeExtraLatencyUs(watchers, maxSeats) : 0;
    table.seats[id] = Math.max(seats, table.finalSeats[id]);
  }

  /**
   * An announced request of a flow (the two words of its hash: of the user's name) arrives. EXECUTE, QUEUED, or
   * REJECTED: 429 with Retry-After.
   */
  arrive(id: number, flowHigh: number, flowLow: number, now: number): number {
    const { table } = this;
    const code = table.level[id];
    const decision =
      this.inflight === null
        ? this.levels[code].arrive(id, flowHigh, flowLow, now)
        : this.arriveInflight(id, this.inflight, table.mutating[id] === 1);
    if (decision === EXECUTE) this.executing++;
    else if (decision === QUEUED) this.queued++;
    else {
      this.rejected++;
      this.trackers[code].recordDroppedRequest(now);
    }
    return decision;
  }

  /**
   * A request has been answered. Returns 0 where its seats are free, and the id with them; else for how many µs its
   * events keep them taken: then comes `release(id, now + that)`.
   */
  finish(id: number, now: number): number {
    const { table } = this;
    table.expect(id, FLOW.EXECUTING);
    this.executing--;
    if (this.inflight !== null) {
      table.state[id] = FLOW.GONE;
      this.inflight.finish(table.mutating[id] === 1);
      return 0;
    }
    const code = table.level[id];
    this.ready |= 1 << code;
    return this.levels[code].finish(id, now);
  }

  /** The extra latency of an answered request is over: its seats are free. */
  release(id: number, now: number): void {
    this.table.expect(id, FLOW.LINGERING);
    const code = this.table.level[id];
    this.levels[code].release(id, now);
    this.ready |= 1 << code;
  }

  /** A queued request leaves: its client has gone, or its wait limit is over (429). Both count for Retry-After. */
  cancel(id: number, now: number): void {
    this.table.expect(id, FLOW.WAITING);
    const code = this.table.level[id];
    this.levels[code].cancel(id, now);
    this.ready |= 1 << code;
    this.queued--;
    this.cancelled++;
    this.trackers[code].recordDroppedRequest(now);
  }

  /** The next queued request that may execute now, or -1. Call it until then after finish, release, cancel, borrow. */
  next(now: number): number {
    while (this.ready !== 0) {
      const code = 31 - Math.clz32(this.ready);
      const id = this.levels[code].dispatch(now);
      if (id >= 0) {
        this.queued--;
        this.executing++;
        return id;
      }
      this.ready &= ~(1 << code);
    }
    return -1;
  }

  /** Retry-After in seconds for a request just rejected at a level. */
  retryAfterS(level: Level): number {
    const adaptive = this.inflight === null && this.behaviours.retryAfter === 'adaptive';
    return adaptive ? this.trackers[this.levelOf(level)].retryAfter : 1;
  }

  /** Lets levels borrow by their demand since the last time; each BORROWING_ADJUSTMENT_PERIOD_US (server ≥1.26). */
  borrow(now: number): void {
    if (this.borrowing === null) return;
    for (const demand of this.demands) demand.endPeriod(now);
    this.shareSeats();
    this.ready = (1 << this.levels.length) - 1;
  }

  /**
   * From `now` on, requests that are not simulated ask a level for this many seats. They count where levels borrow;
   * they occupy no seat.
   */
  setBackgroundDemand(level: Level, seats: number, now: number): void {
    this.levels[this.levelOf(level)].demand.setBackground(now, seats);
  }

  /**
   * The server starts anew at `now`: no request, no demand, Retry-After as at first; counters stay. It has not read its
   * priority levels yet: all requests but exempt ones share the seats of the mandatory level catch-all, which are then
   * all the server's, and whoever finds none is rejected (`newTestableController` and its
   * `lockAndDigestConfigObjects(nil, nil)`, util/flowcontrol/apf_controller.go, all releases with priority levels).
   */
  reset(now: number): void {
    this.table.state.fill(FLOW.GONE);
    this.queued = 0;
    this.executing = 0;
    this.ready = 0;
    this.inflight?.reset();
    for (const tracker of this.trackers) tracker.reset();
    for (const level of this.levels) level.reset(now);
    this.configured = this.inflight !== null;
    if (!this.configured) this.levels[CATCH_ALL].limit = this.serverLimit;
  }

  /**
   * The server has read its priority levels (`configController.Run`). Those that execute keep their seats at catch-all,
   * and count as its demand.
   */
  configure(now: number): void {
    if (this.configured) return;
    this.configured = true;
    this.demands[CATCH_ALL].endPeriod(now);
    this.shareSeats();
  }

  /** Seats occupied at a level; all requests in flight where there are no levels. */
  seatsInUse(level: Level): number {
    if (this.inflight !== null) return this.executing;
    return this.levels[this.levelOf(level)].seatsInUse;
  }

  /** Requests that wait at a level. */
  queuedAt(level: Level): number {
    return this.levels[this.levelOf(level)].waiting;
  }

  /** Seats that a LIST of `objects` objects of together `bytes` bytes asks a level for. */
  listSeats(level: Level, objects: number, bytes: number): number {
    const { listSeatsByObjects, listSeatsBySize } = this.behaviours;
    if (!listSeatsByObjects && !listSeatsBySize) return MINIMUM_SEATS;
    return listSeats(objects, bytes, listSeatsBySize, this.maxSeats[this.levelOf(level)]);
  }

  /** Seats that a level may use now, and by its shares. */
  currentLimit(level: Level): number {
    return this.levels[this.levelOf(level)].limit;
  }

  nominalLimit(level: Level): number {
    return this.nominal[this.levelOf(level)];
  }

  /**
   * Without a level of their own (server ≤1.21), leases and node status share that of the other node requests; before the
   * levels are read, all are one.
   */
  private levelOf(level: Level): Level {
    if (!this.configured && level !== EXEMPT) return CATCH_ALL;
    return level === NODE_HIGH && !this.behaviours.nodeHighLevel ? SYSTEM : level;
  }

  private shareSeats(): void {
    this.borrowing?.allocate(this.demands, this.limits);
    for (let code = 0; code < this.levels.length; code++) this.levels[code].limit = this.limits[code];
  }

  private arriveInflight(id: number, inflight: MaxInflight, mutating: boolean): number {
    const decision = inflight.arrive(mutating);
    if (decision === EXECUTE) this.table.state[id] = FLOW.EXECUTING;
    return decision;
  }
}
