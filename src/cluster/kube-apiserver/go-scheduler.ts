import { IntQueue } from '../../sim/int-queue.js';
import type { Simulator } from '../../sim/simulator.js';
import { EVENT } from '../model/events.js';
import { GOROUTINE, type Goroutines } from './goroutines.js';
import { OwnTimers } from './own-timers.js';
import { ReadyGoroutines } from './ready-goroutines.js';

/** Most of the capacity that background traffic may take, so that work always ends. */
export const MAX_BACKGROUND_SHARE = 0.99;

/** Goroutines that the queue of a P holds (`p.runq`, runtime/runtime2.go). */
export const LOCAL_QUEUE = 256;
/** Each 61st time a P looks into the global queue first (`findRunnable`, runtime/proc.go). */
const GLOBAL_FIRST = 61;
/** A goroutine that has run for so long makes room for others (`forcePreemptNS`, runtime/proc.go), µs. */
export const FORCE_PREEMPT_US = 10e3;
/** Where more cores than these are idle, nobody would take the place of one that makes room, so it goes on: assumption. */
const PLENTY = 64;
/** Starts of a process that an event tells apart, and cores. */
const EPOCHS = 1024;
const CORE_BITS = 12;
const CORES = 2 ** CORE_BITS;

/**
 * The cores of one server, and the Go scheduler on them (`runtime/proc.go`, all releases). Each core has a P. That runs
 * the goroutine which the one before has made ready last (`runnext`), then those of its own queue, then a batch of the
 * global queue, in which those stand whom the network has made ready; else it takes half of another P's queue. A goroutine
 * that makes several others ready pushes all but the last into its P's queue; where this is full, half of it goes to the
 * end of the global queue, behind all that has come from the network.
 *
 * So who is woken by another goroutine waits for some tens of milliseconds in an overloaded server, while a new connection
 * waits for seconds; and at times those wait for seconds, too, with all that they hold.
 *
 * The network is looked at at once (a P without work does; of a busy one, sysmon does each 10 ms), and who is woken has
 * 10 ms of its own before it is preempted: assumptions, both small beside the waits that matter. A fraction of a core, as a container's CPU
 * limit gives it, means ceil(c) cores of speed c / ceil(c).
 *
 * Times are microseconds; inside they keep their fractions, so that bursts of a fraction of a microsecond add up.
 */
export class GoScheduler {
  private ready = new ReadyGoroutines();
  private readonly global = new IntQueue(1024);
  private readonly locals: readonly IntQueue[];
  private readonly runNext: Int32Array;
  /** What runs on each core, −1: nothing. */
  private readonly running: Int32Array;
  private readonly timers: OwnTimers;
  private idleCores: number;
  /** When the goroutine that runs on each core began, µs. */
  private readonly beganAt: Float64Array;
  private readonly endsAt: Float64Array;
  /** Goroutines that each P has begun with a time slice of their own (`p.schedtick`). */
  private readonly ticks: Int32Array;
  private readonly coreSpeed: number;
  /** Speed of a core after background traffic. */
  private speed = NaN;
  /** Work that no core has begun, of the goroutines that run now, too. */
  private waitingUs = NaN;
  private epoch = 0;
  /** The P whose timer was the last to end. */
  private timerP = 0;
  /** The core whose goroutine makes others ready now, −1: none. */
  private current = -1;

  /** Throws a RangeError for a number of cores that is not positive and finite. */
  constructor(
    private readonly sim: Simulator,
    private readonly server: number,
    cores: number,
  ) {
    if (!(cores > 0 && cores < CORES)) throw new RangeError(`a server with ${cores} cores`);
    const count = Math.ceil(cores);
    this.locals = Array.from({ length: count }, () => new IntQueue(LOCAL_QUEUE));
    this.runNext = new Int32Array(count).fill(-1);
    this.running = new Int32Array(count).fill(-1);
    this.idleCores = count;
    this.endsAt = new Float64Array(count);
    this.beganAt = new Float64Array(count);
    this.timers = new OwnTimers(count);
    this.ticks = new Int32Array(count);
    this.coreSpeed = cores / count;
    this.speed = this.coreSpeed;
    this.waitingUs = 0;
  }

  /**
   * Background traffic takes this share of the capacity, as a fluid: what starts later runs that much slower.
   * Throws a RangeError outside 0 … MAX_BACKGROUND_SHARE.
   */
  setBackground(share: number): void {
    if (!(share >= 0 && share <= MAX_BACKGROUND_SHARE)) throw new RangeError(`background share ${share}`);
    this.speed = this.coreSpeed * (1 - share);
  }

  /** Its informers have not synced, and goroutines ask again and again whether they have. */
  syncs(unsynced: boolean): void {
    this.timers.unsynced = unsynced;
  }

  /** True where no core is idle. */
  get isBusy(): boolean {
    return this.idleCores === 0;
  }

  /** The network, or a clock, makes a goroutine ready. */
  netReady(kind: number, subject: number, generation: number, workUs: number): void {
    const row = this.open(kind, subject, generation, workUs);
    if (this.idleCores > 0) this.start(this.idleCore(), row);
    else this.global.push(row);
  }

  /** The goroutine that runs now makes another ready, which runs next. */
  wake(kind: number, subject: number, generation: number, workUs: number): void {
    if (this.current < 0) {
      this.wakeLater(kind, subject, generation, workUs);
      return;
    }
    const kicked = this.runNext[this.current];
    this.runNext[this.current] = this.open(kind, subject, generation, workUs);
    if (kicked >= 0) this.pushLocal(this.current, kicked);
  }

  /** The same, where further goroutines are made ready behind it, so that it has lost its turn to them. */
  wakeLater(kind: number, subject: number, generation: number, workUs: number): void {
    // A timer belongs to a P, too.
    const core = this.current < 0 ? (this.timerP = (this.timerP + 1) % this.locals.length) : this.current;
    this.pushLocal(core, this.open(kind, subject, generation, workUs));
  }

  /** Takes in work whose end nobody is told of; returns when it will be done as far as that is known, in whole µs. */
  work(now: number, workUs: number): number {
    const done = Math.round(now + this.backlogUs(now) + workUs / this.speed);
    const { last } = this.global;
    if (this.idleCores === 0 && last >= 0 && this.ready.kind[last] === GOROUTINE.WORK) {
      this.ready.workUs[last] += workUs;
      this.waitingUs += workUs;
    } else this.netReady(GOROUTINE.WORK, 0, 0, workUs);
    return done;
  }

  /** How long what the network makes ready at `now` will wait for a core, if all that is ready comes before it. */
  backlogUs(now: number): number {
    if (this.idleCores > 0) return 0;
    let left = this.waitingUs / this.speed;
    for (const end of this.endsAt) left += Math.max(0, end - now);
    return left / this.running.length;
  }

  /** A core has done what it began (EVENT.CORE). It goes on with what it begins next while nothing comes in between. */
  coreDone(argument: number, goroutines: Goroutines): void {
    if (argument >>> CORE_BITS !== this.epoch) return;
    const { sim, server } = this;
    const core = argument & (CORES - 1);
    for (;;) {
      this.turnEnds(core, goroutines);
      const next = this.findRunnable(core);
      if (next < 0) return;
      const at = this.begin(core, next);
      const ends = this.epoch * CORES + core;
      if (!sim.comesNext(at, EVENT.CORE, server, ends)) {
        sim.schedule(at, EVENT.CORE, server, ends);
        return;
      }
    }
  }

  /** A goroutine has run for as long as it wanted to, or makes room for others. */
  private turnEnds(core: number, goroutines: Goroutines): void {
    const { ready, running } = this;
    const row = running[core];
    if (ready.workUs[row] > 0) {
      this.global.push(row);
    } else {
      const kind = ready.kind[row];
      const subject = ready.subject[row];
      const generation = ready.subjectGeneration[row];
      ready.close(row);
      this.current = core;
      if (kind !== GOROUTINE.WORK) goroutines.ran(this.server, kind, subject, generation);
      this.current = -1;
    }
    if (this.runNext[core] >= 0 && this.timers.end(core, this.beganAt[core], this.sim.now)) this.losesTurn(core);
    running[core] = -1;
    this.idleCores++;
  }

  /** A timer of a core has woken a goroutine, which goes before the one that would have been next. */
  private losesTurn(core: number): void {
    const next = this.runNext[core];
    this.runNext[core] = -1;
    this.pushLocal(core, next);
  }

  /** The process starts anew at `now`: what was waiting or running is gone. */
  reset(now: number): void {
    this.epoch = (this.epoch + 1) % EPOCHS;
    this.ready = new ReadyGoroutines();
    this.global.clear();
    for (const local of this.locals) local.clear();
    this.runNext.fill(-1);
    this.running.fill(-1);
    this.idleCores = this.running.length;
    this.endsAt.fill(now);
    this.waitingUs = 0;
  }

  private open(kind: number, subject: number, generation: number, workUs: number): number {
    this.waitingUs += workUs;
    return this.ready.open(kind, subject, generation, workUs);
  }

  private idleCore(): number {
    return this.running.indexOf(-1);
  }

  private pushLocal(core: number, row: number): void {
    const { global } = this;
    const local = this.locals[core];
    if (this.idleCores > 0) {
      // An idle P is woken, and takes it.
      this.start(this.idleCore(), row);
    } else if (local.length < LOCAL_QUEUE) {
      local.push(row);
    } else {
      for (let moved = 0; moved < LOCAL_QUEUE / 2; moved++) global.push(local.shift());
      global.push(row);
    }
  }

  private findRunnable(core: number): number {
    const { global, runNext } = this;
    const local = this.locals[core];
    if (this.ticks[core] % GLOBAL_FIRST === 0 && global.length > 0) return global.shift();
    const next = runNext[core];
    if (next >= 0) {
      runNext[core] = -1;
      // It goes on with the time slice of the one before.
      this.ticks[core]--;
      return next;
    }
    if (local.length > 0) return local.shift();
    return global.length > 0 ? this.takeBatch(local) : this.steal(core);
  }

  /** `globrunqgetbatch`: the first of a P's share of the global queue; the others go to the P's own. */
  private takeBatch(local: IntQueue): number {
    const { global } = this;
    const share = Math.floor(global.length / this.locals.length) + 1;
    const batch = Math.min(share, global.length, LOCAL_QUEUE / 2);
    const first = global.shift();
    for (let taken = 1; taken < batch; taken++) local.push(global.shift());
    return first;
  }

  /** `runqsteal`: half of what the next P has, which is not the one that Go would draw. */
  private steal(core: number): number {
    const { locals } = this;
    for (let other = 1; other < locals.length; other++) {
      const victim = locals[(core + other) % locals.length];
      if (victim.length === 0) continue;
      const half = Math.ceil(victim.length / 2);
      const first = victim.shift();
      for (let taken = 1; taken < half; taken++) locals[core].push(victim.shift());
      return first;
    }
    return -1;
  }

  private start(core: number, row: number): void {
    const at = this.begin(core, row);
    this.sim.schedule(at, EVENT.CORE, this.server, this.epoch * CORES + core);
  }

  /** A core begins with a goroutine; returns when its turn ends, µs. */
  private begin(core: number, row: number): number {
    const { ready, sim, endsAt } = this;
    const slice = this.idleCores > PLENTY ? ready.workUs[row] : Math.min(ready.workUs[row], FORCE_PREEMPT_US);
    this.waitingUs -= slice;
    ready.workUs[row] -= slice;
    this.running[core] = row;
    this.ticks[core]++;
    this.idleCores--;
    // Back to back, fractions of a microsecond are kept.
    const begins = Math.abs(endsAt[core] - sim.now) < 1 ? endsAt[core] : sim.now;
    this.beganAt[core] = begins;
    endsAt[core] = begins + slice / this.speed;
    return Math.max(sim.now, Math.round(endsAt[core]));
  }
}
