import { EXECUTE, QUEUED, REJECTED } from './decision.js';
import type { PriorityLevel } from './priority-levels.js';
import { type RequestTable, FLOW } from './request-table.js';
import { SeatDemand } from './seat-demand.js';
import { ESTIMATED_SERVICE_DURATION_US, seatSeconds } from './seat-seconds.js';
import { Dealer } from './shuffle-sharding.js';

/**
 * The queues of one priority level: Fair Queuing for Server Requests
 * (fairqueuing/queueset/queueset.go and doc.go, as of the releases from about 1.27 on).
 *
 * A flow's request joins the queue with the least waiting work of its hand. The progress meter R tells how many
 * seat-seconds an active queue has been due since the start; the queue whose oldest request ends first in that
 * virtual time is next, ties going round robin. A request too wide for the free seats holds up the others.
 *
 * Simplified: requests whose wait limit is over leave when the caller says so (up to 1.26 the server noticed
 * it only at the next arrival in the same queue); older releases, which estimated the service time otherwise and at
 * first counted every request as one seat, use the same code; a request wider than the limit waits until all
 * seats are free (Kubernetes: until nothing executes, lingering seats aside) and then takes the limit.
 */
export class QueueSet {
  /** Seats occupied by executing and lingering requests. */
  seatsInUse = 0;
  waiting = 0;
  executing = 0;
  readonly demand = new SeatDemand();
  /** Seats of the waiting requests. */
  private seatsWaiting = 0;
  private readonly queues: number;
  private readonly unlimited: boolean;
  private readonly dealer: Dealer;
  private enqueues = 0;
  private robinIndex = 0;
  /** Progress meter and when it was read; not whole numbers at first, so that V8 keeps them as doubles from the start. */
  private currentR = NaN;
  private lastTime = NaN;
  /** Queues with waiting or executing requests. */
  private activeQueues = 0;
  private readonly active: Int32Array;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly length: Int32Array;
  /** Queues that are as long as they may be, or longer. */
  private fullQueues = 0;
  /** Work of a queue's waiting requests, and of the oldest of them; Infinity where there is none. */
  private readonly work: Float64Array;
  private readonly headWork: Float64Array;
  /** R at which a queue's next request is dispatched in the virtual world. */
  private readonly nextDispatchR: Float64Array;

  constructor(
    private readonly level: PriorityLevel,
    /** Seats (`ConcurrencyLimit`); borrowing changes it. */
    public limit: number,
    private readonly table: RequestTable,
  ) {
    this.unlimited = level.queues < 0;
    this.queues = Math.max(0, level.queues);
    this.dealer = new Dealer(this.queues, level.handSize);
    this.active = new Int32Array(this.queues);
    this.head = new Int32Array(this.queues).fill(-1);
    this.tail = new Int32Array(this.queues).fill(-1);
    this.length = new Int32Array(this.queues);
    this.work = new Float64Array(this.queues);
    this.headWork = new Float64Array(this.queues);
    this.nextDispatchR = new Float64Array(this.queues);
    this.reset(0);
  }

  /** The server starts anew at `now`: no request, no history. */
  reset(now: number): void {
    this.seatsInUse = 0;
    this.waiting = 0;
    this.executing = 0;
    this.seatsWaiting = 0;
    this.enqueues = 0;
    this.robinIndex = 0;
    this.currentR = 0;
    this.lastTime = now;
    this.activeQueues = 0;
    this.active.fill(0);
    this.head.fill(-1);
    this.tail.fill(-1);
    this.length.fill(0);
    this.fullQueues = 0;
    this.work.fill(0);
    this.headWork.fill(Infinity);
    this.nextDispatchR.fill(0);
    this.demand.reset(now);
  }

  /** A request, whose seats and extra latency stand in the table, arrives: EXECUTE, QUEUED or REJECTED. */
  arrive(id: number, flowHigh: number, flowLow: number, now: number): number {
    const { table } = this;
    this.syncTime(now);
    if (this.queues === 0) {
      if (!this.canAccommodate(table.seats[id])) return REJECTED;
      table.queue[id] = -1;
      this.start(id, now);
      return EXECUTE;
    }
    const isTaken = this.seatsInUse >= this.limit;
    if (isTaken && this.fullQueues === this.queues) {
      // Whatever its hand.
      this.enqueues++;
      return REJECTED;
    }
    const queue = this.shuffleShard(flowHigh, flowLow);
    if (isTaken && this.length[queue] >= this.level.queueLengthLimit) return REJECTED;
    this.enqueue(id, queue, now);
    if (isTaken) return QUEUED;
    // Whoever else waits could not be dispatched before and still cannot: only the new one may be next.
    const chosen = this.waiting === 1 ? queue : this.findDispatchQueue();
    if (this.head[chosen] !== id || !this.canAccommodate(table.seats[id])) return QUEUED;
    this.dispatchFrom(chosen, now);
    return EXECUTE;
  }

  /** Dispatches the next request that may execute; -1: none may. */
  dispatch(now: number): number {
    if (this.waiting === 0 || this.seatsInUse >= this.limit) return -1;
    this.syncTime(now);
    const queue = this.findDispatchQueue();
    const id = this.head[queue];
    if (!this.canAccommodate(this.table.seats[id])) return -1;
    this.dispatchFrom(queue, now);
    return id;
  }

  /** An executing request has been answered. Returns how long its seats stay taken, µs; 0: they are free. */
  finish(id: number, now: number): number {
    const { table } = this;
    this.syncTime(now);
    this.executing--;
    const queue = table.queue[id];
    if (queue >= 0) {
      this.leave(queue);
      const unspentUs = ESTIMATED_SERVICE_DURATION_US - (now - table.start[id]);
      this.nextDispatchR[queue] -= seatSeconds(table.initialSeats[id], unspentUs);
      this.boundNextDispatch(queue);
    }
    if (table.extraUs[id] > 0) {
      table.state[id] = FLOW.LINGERING;
      return table.extraUs[id];
    }
    this.releaseSeats(id, now);
    return 0;
  }

  /** The extra latency of an answered request is over. */
  release(id: number, now: number): void {
    this.syncTime(now);
    this.releaseSeats(id, now);
  }

  /** A waiting request leaves its queue unserved. */
  cancel(id: number, now: number): void {
    this.syncTime(now);
    const queue = this.table.queue[id];
    this.unlink(id, queue);
    this.leave(queue);
    this.boundNextDispatch(queue);
    this.table.state[id] = FLOW.GONE;
    this.demand.set(now, this.seatsInUse + this.seatsWaiting);
  }

  /** Moves R on: each active queue is due an equal part of the seats that are asked for, at most the limit. */
  private syncTime(now: number): void {
    const elapsed = now - this.lastTime;
    this.lastTime = now;
    if (this.activeQueues === 0) return;
    const seats = Math.min(this.seatsInUse + this.seatsWaiting, this.limit);
    this.currentR += seatSeconds(seats / this.activeQueues, elapsed);
  }

  /** The queue with the least waiting work of the flow's hand; the looking starts at another card each time. */
  private shuffleShard(flowHigh: number, flowLow: number): number {
    this.dealer.deal(flowHigh, flowLow);
    const { hand } = this.dealer;
    const offset = this.enqueues++ % hand.length;
    let best = -1;
    for (let i = 0; i < hand.length; i++) {
      const queue = hand[(offset + i) % hand.length];
      if (best < 0 || this.work[queue] < this.work[best]) best = queue;
    }
    return best;
  }

  private enqueue(id: number, queue: number, now: number): void {
    const { table } = this;
    if (this.active[queue]++ === 0) {
      this.activeQueues++;
      this.nextDispatchR[queue] = this.currentR;
    }
    table.state[id] = FLOW.WAITING;
    table.queue[id] = queue;
    table.arrivalR[id] = this.currentR;
    table.work[id] =
      seatSeconds(table.initialSeats[id], ESTIMATED_SERVICE_DURATION_US) +
      seatSeconds(table.finalSeats[id], table.extraUs[id]);
    const last = this.tail[queue];
    table.previous[id] = last;
    table.next[id] = -1;
    if (last < 0) this.leads(queue, id);
    else table.next[last] = id;
    this.tail[queue] = id;
    if (++this.length[queue] === this.level.queueLengthLimit) this.fullQueues++;
    this.work[queue] += table.work[id];
    this.waiting++;
    this.seatsWaiting += table.seats[id];
    this.boundNextDispatch(queue);
    this.demand.set(now, this.seatsInUse + this.seatsWaiting);
  }

  private unlink(id: number, queue: number): void {
    const { table } = this;
    const before = table.previous[id];
    const after = table.next[id];
    if (before < 0) this.leads(queue, after);
    else table.next[before] = after;
    if (after < 0) this.tail[queue] = before;
    else table.previous[after] = before;
    if (this.length[queue]-- === this.level.queueLengthLimit) this.fullQueues--;
    this.work[queue] -= table.work[id];
    this.waiting--;
    this.seatsWaiting -= table.seats[id];
  }

  /** The oldest request of a queue is another one; −1: there is none. */
  private leads(queue: number, id: number): void {
    this.head[queue] = id;
    this.headWork[queue] = id < 0 ? Infinity : this.table.work[id];
  }

  /** A queue has one waiting or executing request less. */
  private leave(queue: number): void {
    if (--this.active[queue] === 0) this.activeQueues--;
  }

  /** The first queue after the last one dispatched whose oldest request has the least virtual finish time. */
  private findDispatchQueue(): number {
    const { headWork, nextDispatchR, queues } = this;
    let best = -1;
    let minVirtualFinish = Infinity;
    let queue = this.robinIndex;
    for (let i = 0; i < queues; i++) {
      if (++queue === queues) queue = 0;
      const virtualFinish = nextDispatchR[queue] + headWork[queue];
      if (virtualFinish < minVirtualFinish) {
        minVirtualFinish = virtualFinish;
        best = queue;
      }
    }
    return best;
  }

  private canAccommodate(seats: number): boolean {
    if (this.unlimited) return true;
    if (seats > this.limit) return this.seatsInUse === 0;
    return this.seatsInUse + seats <= this.limit;
  }

  private dispatchFrom(queue: number, now: number): void {
    const id = this.head[queue];
    this.unlink(id, queue);
    this.robinIndex = queue;
    this.nextDispatchR[queue] += this.table.work[id];
    this.boundNextDispatch(queue);
    this.start(id, now);
  }

  private start(id: number, now: number): void {
    const { table, limit } = this;
    if (!this.unlimited && table.seats[id] > limit) {
      // Narrower and longer, of equal work.
      if (table.finalSeats[id] > limit)
        table.extraUs[id] = Math.round((table.extraUs[id] * table.finalSeats[id]) / limit);
      table.seats[id] = limit;
    }
    table.state[id] = FLOW.EXECUTING;
    table.start[id] = now;
    this.executing++;
    this.seatsInUse += table.seats[id];
    this.demand.set(now, this.seatsInUse + this.seatsWaiting);
  }

  private releaseSeats(id: number, now: number): void {
    this.seatsInUse -= this.table.seats[id];
    this.table.state[id] = FLOW.GONE;
    this.demand.set(now, this.seatsInUse + this.seatsWaiting);
  }

  /** A queue that did not use its part must not hoard it: dispatch does not precede arrival in the virtual world. */
  private boundNextDispatch(queue: number): void {
    const oldest = this.head[queue];
    if (oldest < 0) return;
    const bound = this.table.arrivalR[oldest];
    if (this.nextDispatchR[queue] < bound) this.nextDispatchR[queue] = bound;
  }
}
