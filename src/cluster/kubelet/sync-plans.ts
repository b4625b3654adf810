import { BATCH_SIZE } from '../../sim/random-batch.js';
import { EVENT } from '../model/events.js';
import type { FoundRead, Lookahead } from './lookahead/lookahead.js';
import type { KubeletParts } from './parts.js';
import { isAlone, isUndisturbed, plainPods } from '../population/plain-pods.js';
import { OPTIONAL, READS } from '../population/population.js';
import { ReadsTogether } from './reads-together.js';
import type { Reconciler } from './reconciler.js';

/**
 * Which syncs of the pods are events. A sync that finds all volumes as they are has no effect, so a pod's clock is
 * walked to the first sync whose read has one: under Watch when an event has arrived, under Cache and Get when the
 * lookahead says so, and it counts what is passed. The clock itself stays where it is until that read, for what
 * happens before may make an earlier one matter. Without `lazy` every sync is an event, with the same result.
 */
export class SyncPlans {
  /** Time of the READ that is planned for a pod; Infinity: none. */
  private readonly planned: Float64Array;
  /** Where the clock stands at that read: start of its sync, and intervals drawn. */
  private readonly plannedStart: Float64Array;
  private readonly plannedIndex: Uint32Array;
  /** The pod whose read is carried out now, and will be followed; −1: none. */
  private taken = -1;
  /** True where pods that run from the start do so undisturbed, and their reads have no effect but on their volumes. */
  private readonly undisturbed: boolean;
  /** 1 for pods whose reads find all their objects, and whose syncs read nothing else. */
  private readonly plain: Uint8Array;
  /** True where no read of a pod that has been running for long matters before something has happened. */
  readonly awaitEvents: boolean;
  /** Reads that are carried out many at a time; null: they are not, because clocks may stand still. */
  private readonly together: ReadsTogether | null;
  /** When the last of the reads comes that consumers wait for and that are carried out already, µs; −Infinity: none is. */
  readsUntil = -Infinity;

  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    /** True where clocks are walked. */
    readonly lazy: boolean,
    /** Present where reads are requests and clocks are walked. */
    private readonly lookahead: Lookahead | null,
    /** No read at or after this time can matter, µs: the simulation ends. */
    private readonly horizon: number,
  ) {
    const { population, input } = parts.world;
    this.plain = plainPods(population);
    this.undisturbed = !parts.coupled && input.start === 'steady' && isUndisturbed(input.timeline);
    const pods = lazy ? population.podCount : 0;
    this.planned = parts.world.memory.float64(pods);
    this.plannedStart = parts.world.memory.float64(pods);
    this.plannedIndex = parts.world.memory.uint32(pods);
    this.together = lazy && this.undisturbed ? new ReadsTogether(parts, reconciler, this.planned, horizon) : null;
    this.awaitEvents =
      this.together !== null && lookahead === null && !this.plain.includes(0) && !parts.pods.beginsMatter.includes(1);
  }

  /** Nothing is planned for the pods from `first` to `last` (exclusive). */
  initialize(first: number, last: number): void {
    this.planned.fill(Infinity, first, last);
    this.plannedStart.fill(NaN, first, last);
  }

  /** True where the pod's clock is walked. */
  walks(pod: number): boolean {
    return this.lazy && (this.lookahead?.walks(pod) ?? this.parts.pods.beginsMatter[pod] === 0);
  }

  /** The clocks of a node's pods stand at their first syncs. */
  inspect(node: number): void {
    this.lookahead?.inspect(node, this.horizon);
  }

  /** The pod's clock has been set to its next sync: plans the first read that can matter, if it can be told. */
  begin(pod: number): void {
    if (this.lookahead === null && this.plain[pod] === 1) return;
    if (this.lookahead !== null || this.missesRequired(pod)) this.planFrom(pod, this.parts.world.sim.now);
  }

  /** A sync of the pod begins now, and reads at `read`. */
  beginSync(pod: number, read: number): void {
    this.note(pod, read);
  }

  /** Nothing is planned for the pod any more. */
  forget(pod: number): void {
    if (!this.lazy) return;
    this.planned[pod] = Infinity;
    this.plannedStart[pod] = NaN;
  }

  /** Takes a READ that comes up now: true where it is the planned one. The clock then stands at it. */
  take(pod: number): boolean {
    if (this.planned[pod] !== this.parts.world.sim.now) return false;
    this.planned[pod] = Infinity;
    this.taken = pod;
    const { workers } = this.parts;
    workers.syncStart[pod] = this.plannedStart[pod];
    workers.index[pod] = this.plannedIndex[pod];
    this.lookahead?.carriesOut(pod, workers.syncStart[pod]);
    return true;
  }

  /** A revision of an entry's object is committed, and its consumers are due for it. */
  committed(entry: number, revision: number): void {
    this.lookahead?.committed(entry, revision);
  }

  /** Carries out a read of which it is known what it finds. */
  carryOut(read: FoundRead): void {
    const { ledger } = this.parts.world;
    const waiting = ledger.waiting(false);
    this.reconciler.finds(read);
    if (ledger.waiting(false) < waiting) this.readsUntil = Math.max(this.readsUntil, read.at);
  }

  /** Counts the reads of the pods from `first` to `last` (exclusive) that nobody has waited for, at the end of the measured period. */
  finish(first: number, last: number, end: number): void {
    if (this.lookahead === null) return;
    for (let pod = first; pod < last; pod++) this.lookahead.finish(pod, end);
  }

  /** All nodes are done. */
  settle(): void {
    this.lookahead?.settle();
  }

  /** True where a READ is planned for the pod at a time. */
  isPlannedAt(pod: number, read: number): boolean {
    return this.planned[pod] === read;
  }

  /** The planned read is over; under Cache and Get the next one that matters is planned. */
  follow(pod: number): void {
    this.taken = -1;
    if (this.lookahead === null) return;
    const { workers, world } = this.parts;
    const { sim } = world;
    workers.syncStart[pod] = workers.following(pod, workers.syncStart[pod] + workers.syncDuration);
    this.lookahead.follow(pod, sim.now);
    this.planFrom(pod, sim.now);
  }

  /**
   * Plans the next read of every running pod that reads the entry at its syncs: it will have an effect.
   * @param from the first time that it may have, by pod
   */
  planReads(entry: number, from: (pod: number) => number): void {
    const { entryConsumerStart, entryConsumers } = this.parts.world.population;
    const [first, last] = [entryConsumerStart[entry], entryConsumerStart[entry + 1]];
    if (this.together === null || this.lookahead?.isAhead(entry) === false) {
      for (let i = first; i < last; i++) this.planRead(entry, entryConsumers[i], from);
      return;
    }
    for (let i = first; i < last; i += BATCH_SIZE) {
      const left = this.together.carryOut(entry, i, Math.min(last, i + BATCH_SIZE), this.taken);
      this.readsUntil = Math.max(this.readsUntil, this.together.until);
      for (let k = 0; k < left; k++) this.planRead(entry, this.together.left[k], from);
    }
  }

  /** Plans the next read of a consumer of an entry. */
  private planRead(entry: number, consumer: number, from: (pod: number) => number): void {
    const { consumerPod, consumerFlags } = this.parts.world.population;
    const pod = consumerPod[consumer];
    if ((consumerFlags[consumer] & READS) === 0 || !this.parts.pods.isRunning(pod) || !this.walks(pod)) return;
    if (!this.readsAhead(consumer, entry, from(pod))) this.plan(pod, from(pod));
  }

  /** Carries out the first read of a consumer from a time on, where it is certain already what it finds; false where it is not. */
  private readsAhead(consumer: number, entry: number, time: number): boolean {
    const { workers, manager, world } = this.parts;
    const { population, ledger } = world;
    const pod = population.consumerPod[consumer];
    if (!this.undisturbed || pod === this.taken || this.lookahead?.isAhead(entry) === false) return false;
    if (!isAlone(population.consumerFlags[consumer]) || this.plain[pod] === 0) return false;
    const start = workers.syncStart[pod];
    const index = workers.index[pod];
    const read = this.nextRead(pod, time);
    const waiting = ledger.waiting(false);
    const certain = read < this.planned[pod] && read < this.horizon && manager.isSettled(entry, read);
    const done = certain && this.reconciler.readAhead(consumer, read, workers.syncStart[pod]);
    if (done && ledger.waiting(false) < waiting) this.readsUntil = Math.max(this.readsUntil, read);
    workers.syncStart[pod] = start;
    workers.index[pod] = index;
    return done;
  }

  /** Does the same, where that read comes before `until`. */
  private planReadsBefore(entry: number, until: number, from: (pod: number) => number): void {
    const { workers, world } = this.parts;
    const { population, sim } = world;
    const { entryConsumerStart, entryConsumers, consumerPod, consumerFlags } = population;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      const consumer = entryConsumers[i];
      const pod = consumerPod[consumer];
      if ((consumerFlags[consumer] & READS) === 0 || pod === this.taken) continue;
      const start = workers.syncStart[pod];
      if (start >= until) continue;
      // Mostly the sync that the clock stands at is planned already, or has just read and the next comes too late.
      const stands = start === this.plannedStart[pod];
      if (stands && (this.planned[pod] < Infinity || start + workers.shortestInterval >= until)) continue;
      if (!this.parts.pods.isRunning(pod) || !this.walks(pod)) continue;
      // What lies behind is over: its intervals are drawn once only.
      this.nextRead(pod, sim.now);
      this.plan(pod, from(pod), until);
    }
  }

  /** An entry has been fetched, and is answered at a time: reads before that wait for it. */
  fetched(entry: number, answeredAt: number, from: (pod: number) => number): void {
    if (this.lookahead?.isAhead(entry) === false) this.planReadsBefore(entry, answeredAt, from);
  }

  /** Plans the pod's first read at or after a time, where it comes before `until`. */
  plan(pod: number, time: number, until = Infinity): void {
    const { workers } = this.parts;
    const start = workers.syncStart[pod];
    const index = workers.index[pod];
    const read = this.nextRead(pod, time);
    if (this.planned[pod] > read && read < until) {
      this.note(pod, read);
      this.parts.world.sim.schedule(read, EVENT.READ, pod, this.parts.pods.epoch[pod]);
    }
    workers.syncStart[pod] = start;
    workers.index[pod] = index;
  }

  /** Walks a pod's clock to the first sync that reads at or after `time`; returns the time of its read. */
  nextRead(pod: number, time: number): number {
    const { workers, volumes, clocks, world } = this.parts;
    const { podNode } = world.population;
    const { syncStart, syncDuration } = workers;
    clocks.walkTo(pod, time - volumes.longestWait);
    for (;;) {
      const start = syncStart[pod];
      const read = volumes.readTime(podNode[pod], start);
      if (read >= time) return read;
      syncStart[pod] = workers.following(pod, start + syncDuration);
    }
  }

  private planFrom(pod: number, now: number): void {
    const from = Math.max(now, this.lookahead?.mattersFrom(pod, now) ?? -Infinity);
    if (from < this.horizon) this.plan(pod, from);
  }

  /** Remembers that the clock, as it stands, reads at `read`. */
  private note(pod: number, read: number): void {
    const { workers } = this.parts;
    this.planned[pod] = read;
    this.plannedStart[pod] = workers.syncStart[pod];
    this.plannedIndex[pod] = workers.index[pod];
  }

  /** True where a volume of the pod will fail at its next read, because a required object is missing. */
  private missesRequired(pod: number): boolean {
    const { podConsumerStart, consumerFlags, consumerObject, objectExists } = this.parts.world.population;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const required = (consumerFlags[c] & READS) !== 0 && (consumerFlags[c] & OPTIONAL) === 0;
      if (required && objectExists[consumerObject[c]] === 0) return true;
    }
    return false;
  }
}
