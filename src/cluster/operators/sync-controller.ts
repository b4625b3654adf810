import { cpuNs } from '../model/costs.js';
import { EVENT } from '../model/events.js';
import type { World } from '../world/world.js';
import { ANSWER, type ExternalStore, STORE_RETRIES } from './external-store.js';
import { NO_SERVER_RETRY_US, type OperatorClient, REFUSED } from './operator-client.js';
import type { Component } from './component.js';
import type { SourceChanges } from './source-changes.js';
import { AFTER, BEFORE, BETWEEN, CALLING, IDLE, QUEUED, SyncItems, WRITING } from './sync-items.js';
import type { SyncLaw } from './sync-law.js';

/** Steps of an item; an event's argument is STEPS × epoch + step. */
const DUE = 0;
const CALL = 1;
const ANSWERED = 2;
const REQUEST = 3;
const REQUESTED = 4;
const TOLD = 5;
const WRITE = 6;
const STEPS = 7;

/** Bytes of an operator's own object in a request (assumption). */
const OWN_OBJECT_BYTES = 2048;

/** What a controller works with. */
export interface SyncParts {
  readonly world: World;
  readonly store: ExternalStore;
  readonly client: OperatorClient;
  readonly changes: SourceChanges;
  /** Number of its first item among the entities of all operators. */
  readonly firstEntity: number;
}

/**
 * A controller that keeps objects of the cluster like what a store holds, with a queue and some workers
 * (`controller-runtime/pkg/internal/controller`): an item that is due waits for a worker; this calls the store, writes the
 * object if what the store holds has changed, says so in a status, and only then takes the next. An item that comes due
 * while it is in hand is looked at again afterwards. What operators differ in is their law.
 */
export class SyncController implements Component {
  readonly entities: number;
  private readonly items: SyncItems;
  private readonly itemOf = new Map<number, number>();
  /** Writes that have been sent; each is, once. */
  private readonly sent = new Set<number>();
  private queue: number[] = [];
  private busy = 0;
  private stopped = false;

  constructor(
    private readonly parts: SyncParts,
    private readonly objects: Int32Array,
    private readonly law: SyncLaw,
  ) {
    this.entities = objects.length;
    this.items = new SyncItems(objects.length);
    objects.forEach((object, item) => this.itemOf.set(object, item));
  }

  start(): void {
    const { changes } = this.parts;
    this.objects.forEach((object, item) => {
      this.becomesDue(item, this.law.firstDue(item));
      if (this.law.toldAfterUs === Infinity) return;
      for (const write of changes.of(object)) this.schedule(changes.timeOf(write) + this.law.toldAfterUs, item, TOLD);
    });
  }

  handle(item: number, argument: number): void {
    const step = argument % STEPS;
    if (step === TOLD) {
      if (!this.stopped) this.enters(item);
      return;
    }
    if (Math.floor(argument / STEPS) !== this.items.epoch[item]) return;
    switch (step) {
      case DUE:
        this.enters(item);
        return;
      case CALL:
        this.calls(item);
        return;
      case ANSWERED:
        this.answered(item);
        return;
      case REQUEST:
        this.sends(item);
        return;
      case REQUESTED:
        this.items.remaining[item]--;
        this.requests(item);
        return;
      case WRITE:
        this.parts.client.countsWrite(this.parts.world.sim.now);
        return;
    }
  }

  written(write: number): void {
    const item = this.itemOf.get(this.parts.world.writes.object.get(write));
    if (item === undefined) return;
    this.items.synced[item] = Math.max(this.items.synced[item], this.items.coming[item]);
    if (this.items.state[item] === WRITING) this.phase(item, AFTER);
  }

  stop(): void {
    this.stopped = true;
    this.queue = [];
    this.busy = 0;
    this.items.again.fill(0);
    this.items.failures.fill(0);
    this.objects.forEach((_, item) => {
      this.items.epoch[item]++;
      if (this.items.state[item] !== IDLE) this.items.dueAt[item] = this.parts.world.sim.now;
      this.items.state[item] = IDLE;
    });
  }

  resume(): void {
    const { now } = this.parts.world.sim;
    const { changes } = this.parts;
    this.stopped = false;
    this.objects.forEach((object, item) => {
      // What it was told of while it was away it finds out when it lists its objects.
      const missed = this.law.toldAfterUs < Infinity && changes.count(object, now) > this.items.synced[item];
      this.becomesDue(item, missed ? now : this.law.dueAfterRestart(this.items.dueAt[item], now));
    });
  }

  /** It is told that what all of its objects are copies of has changed. */
  tell(): void {
    if (!this.stopped) this.objects.forEach((_, item) => this.enters(item));
  }

  get pending(): boolean {
    const { now } = this.parts.world.sim;
    return this.objects.some((object, item) => this.parts.changes.count(object, now) > this.items.synced[item]);
  }

  /** An item is due: it enters the queue, unless it is there. */
  private enters(item: number): void {
    if (this.items.state[item] === QUEUED) return;
    if (this.items.state[item] !== IDLE) {
      this.items.again[item] = 1;
      return;
    }
    this.items.epoch[item]++;
    this.items.state[item] = QUEUED;
    this.queue.push(item);
    this.takesNext();
  }

  /** Free workers take what waits. */
  private takesNext(): void {
    while (this.busy < this.law.concurrent) {
      const item = this.queue.shift();
      if (item === undefined) return;
      this.busy++;
      this.items.beganAt[item] = this.parts.world.sim.now;
      this.items.retries[item] = 0;
      this.phase(item, BEFORE);
    }
  }

  /** An item begins a phase of its sync. */
  private phase(item: number, phase: number): void {
    const { requests, callsStore } = this.law;
    this.items.state[item] = phase;
    if (phase === BEFORE || phase === BETWEEN || phase === AFTER) {
      this.items.remaining[item] =
        phase === BEFORE ? requests.before : phase === BETWEEN ? requests.between : requests.after;
      this.requests(item);
    } else if (phase === CALLING) {
      if (callsStore) this.calls(item);
      else this.finds(item);
    } else {
      this.writes(item);
    }
  }

  /** Sends what remains of a phase's requests, one after another; then the next phase begins. */
  private requests(item: number): void {
    if (this.items.remaining[item] > 0) this.schedule(this.parts.client.leaves(), item, REQUEST);
    else if (this.items.state[item] === AFTER) this.done(item);
    else this.phase(item, this.items.state[item] + 1);
  }

  private sends(item: number): void {
    const { client, world } = this.parts;
    const ns = cpuNs(world.input.apiServer.costs.write, OWN_OBJECT_BYTES);
    const answeredAt = client.send(ns, this.draw(item));
    if (answeredAt === REFUSED) this.schedule(world.sim.now + NO_SERVER_RETRY_US, item, REQUEST);
    else this.schedule(answeredAt, item, REQUESTED);
  }

  private calls(item: number): void {
    const { store, world } = this.parts;
    const { objectNameHigh, objectNameLow } = world.population;
    const object = this.objects[item];
    this.items.coming[item] = this.parts.changes.count(object, world.sim.now);
    this.items.answer[item] = store.call(
      world.sim.now,
      objectNameHigh[object],
      objectNameLow[object],
      this.items.draws[item]++,
    );
    this.schedule(store.answeredAt, item, ANSWERED);
  }

  private answered(item: number): void {
    if (this.items.answer[item] === ANSWER.FOUND) {
      this.compares(item);
      return;
    }
    const { store, world } = this.parts;
    const { objectNameHigh, objectNameLow } = world.population;
    const object = this.objects[item];
    if (this.items.retries[item]++ < STORE_RETRIES) {
      const wait = store.retryWait(objectNameHigh[object], objectNameLow[object], this.items.draws[item]++);
      this.schedule(world.sim.now + wait, item, CALL);
      return;
    }
    this.items.failures[item]++;
    this.leaves(item, this.law.retryAt(item, this.items.failures[item], world.sim.now));
  }

  /** What is written is in the cluster already. */
  private finds(item: number): void {
    this.items.coming[item] = this.parts.changes.count(this.objects[item], this.parts.world.sim.now);
    this.compares(item);
  }

  /** Writes the object if it is not what the store holds. */
  private compares(item: number): void {
    this.phase(item, this.items.coming[item] > this.items.synced[item] ? BETWEEN : AFTER);
  }

  private writes(item: number): void {
    const { changes, client, world } = this.parts;
    const write = changes.bring(this.objects[item], this.items.synced[item], this.items.coming[item]);
    // A process before this one has sent it: it is answered yet.
    if (this.sent.has(write)) return;
    this.sent.add(write);
    const at = client.leaves();
    world.writes.sent.set(write, at);
    this.schedule(at, item, WRITE);
    world.sim.schedule(at, EVENT.SEND_WRITE, write);
  }

  private done(item: number): void {
    this.items.failures[item] = 0;
    const { now } = this.parts.world.sim;
    this.leaves(item, this.law.nextDue(item, this.items.beganAt[item], now));
  }

  /** An item leaves its worker; it is due again at a time, or at once where it came due meanwhile. */
  private leaves(item: number, due: number): void {
    this.items.state[item] = IDLE;
    this.busy--;
    this.becomesDue(item, this.items.again[item] === 1 ? this.parts.world.sim.now : due);
    this.items.again[item] = 0;
    this.takesNext();
  }

  private becomesDue(item: number, at: number): void {
    this.items.dueAt[item] = at;
    this.items.epoch[item]++;
    if (at < Infinity) this.schedule(Math.max(at, this.parts.world.sim.now), item, DUE);
  }

  private schedule(at: number, item: number, step: number): void {
    const epoch = step === TOLD ? 0 : this.items.epoch[item];
    this.parts.world.sim.schedule(Math.round(at), EVENT.OPERATOR, this.parts.firstEntity + item, STEPS * epoch + step);
  }

  private draw(item: number): number {
    const { population, random } = this.parts.world;
    const object = this.objects[item];
    return random.operators.uniform(
      population.objectNameHigh[object],
      population.objectNameLow[object],
      this.items.draws[item]++,
    );
  }
}
