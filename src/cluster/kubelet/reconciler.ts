import { EVENT } from '../model/events.js';
import { ProjectionsTogether, type ShownTogether } from '../meters/projections-together.js';
import type { FoundRead } from './lookahead/lookahead.js';
import type { KubeletParts } from './parts.js';
import { TOKEN_READ, VOLUME_READ } from './reads.js';
import { FAILED, NOT_FOUND, PENDING } from './content-numbers.js';
import { CONTINUES, HEAD, OPTIONAL, READS } from '../population/population.js';

/** Of a volume's first source: it is read, and there is no second. */
const ALONE = READS | CONTINUES;
const ALONE_READ = READS;

/** A read that was answered with a revision before the simulation came to its commit. */
interface Ahead {
  readonly syncStart: number;
  readonly at: number;
  /** True where the ledger has been told of the files: those of a running pod. */
  readonly counted: boolean;
}

/**
 * What the reconciler does with volumes (`pkg/kubelet/volumemanager/reconciler`, `pkg/volume/{secret,
 * configmap,projected}` SetUpAt, `pkg/volume/util/atomic_writer.go`): read all sources of a volume, then
 * swap its files at one instant, or leave the old ones where a required source is missing and retry.
 */
export class Reconciler {
  /** Content number that each consumer's files show; 0 before the first. */
  readonly shown: Int32Array;
  /** Failures in a row of the volume that begins with a consumer. */
  readonly failures: Uint8Array;
  /** Mount failures in the measured period. */
  mountFailures = 0;
  /** Until when the last operation on the volume that begins with a consumer lasts: there is one at a time. */
  private readonly busyUntil: Float64Array;
  /** Consumers that show a revision whose commit is still to come: their read was under way. */
  private readonly ahead = new Map<number, Ahead>();
  /** Revision and content of each source that was read last; of all consumers where reads can wait, else of one volume. */
  private readonly revisions: Int32Array;
  private readonly contents: Int32Array;
  private readonly projections: ProjectionsTogether;

  /** `mounted`: told of every volume that was set up in a pod that does not run yet. */
  constructor(
    private readonly parts: KubeletParts,
    private readonly mounted: (head: number, doneAt: number) => void,
  ) {
    const { population, memory, etcd, ledger, fingerprint, input } = parts.world;
    this.shown = memory.int32(population.consumerCount);
    this.failures = memory.uint8(population.consumerCount);
    this.busyUntil = memory.float64(population.consumerCount);
    this.revisions = new Int32Array(parts.coupled ? population.consumerCount : population.longestVolume);
    this.contents = new Int32Array(this.revisions.length);
    this.projections = new ProjectionsTogether(population, etcd, ledger, fingerprint, input.durationUs);
  }

  /** The volumes of the consumers from `first` to `last` (exclusive) are idle. */
  initialize(first: number, last: number): void {
    this.busyUntil.fill(-Infinity, first, last);
  }

  /**
   * Reads one volume of a pod at `at`, its sources one after another. Where all are found, new content
   * shows, picked up by the sync that began at `syncStart`; else the operation is tried again later.
   * `failures`: in a row, before this.
   */
  private setUp(head: number, at: number, syncStart: number, failures: number): void {
    this.proceed(head, head, at, syncStart, failures, false);
  }

  /**
   * Carries out a read of a volume of one source that is still to come, and of which nothing changes before what it
   * finds. False where the volume may not be idle by then.
   */
  readAhead(head: number, at: number, syncStart: number): boolean {
    if (!this.isIdle(head, at)) return false;
    this.setUp(head, at, syncStart, 0);
    return true;
  }

  /** Carries out a read of a volume of one source, in a running pod that meets no other, of which it is known what it finds. */
  finds({ consumer, revision, syncStart, doneAt }: FoundRead): void {
    this.revisions[0] = revision;
    this.contents[0] = this.parts.world.etcd.content[revision];
    this.finish(consumer, consumer, syncStart, 0, doneAt);
  }

  /** True for a volume that is neither under way nor in back-off at a time that is still to come, as far as is known. */
  isIdle(head: number, at: number): boolean {
    return this.failures[head] === 0 && this.busyUntil[head] <= at;
  }

  /**
   * Carries out the first `count` reads of some rows, which are still to come: of idle volumes of running pods, all of one
   * entry's object, of which they find what a read finds now, and wait for as it does. Returns when the last comes that a
   * drain waits for, µs; −Infinity: it waits for none.
   */
  readTogether(entry: number, rows: ShownTogether, count: number): number {
    const { world, manager } = this.parts;
    const { shown, busyUntil } = this;
    const { consumers, before, syncStarts, reads, at } = rows;
    manager.get(entry, world.sim.now);
    const { content, revision, doneAt } = manager;
    let changed = 0;
    for (let row = 0; row < count; row++) {
      const consumer = consumers[row];
      const done = Math.max(reads[row], doneAt);
      busyUntil[consumer] = done;
      if (shown[consumer] === content) continue;
      consumers[changed] = consumer;
      before[changed] = shown[consumer];
      syncStarts[changed] = syncStarts[row];
      reads[changed] = reads[row];
      at[changed++] = done + world.input.kubelet.volumeWriteDurationUs;
      shown[consumer] = content;
    }
    const last = this.projections.add(rows, changed, revision, manager);
    return last < 0 ? -Infinity : reads[last];
  }

  /** The answer is there for which the volume's set-up waited, at its source `consumer`. */
  resume(head: number, consumer: number, syncStart: number, failures: number): void {
    this.proceed(head, consumer, this.parts.world.sim.now, syncStart, failures, true);
  }

  /** A volume's token was asked for; `valid`: the pod has one. Without, the whole volume fails. */
  resumeWithToken(head: number, consumer: number, syncStart: number, failures: number, valid: boolean): void {
    if (valid) this.proceed(head, consumer, this.parts.world.sim.now, syncStart, failures, false);
    else this.mountFailed(head, this.parts.world.sim.now, failures + 1);
  }

  /**
   * Re-reads the volumes of a pod now; volumes in back-off are left to their retries. False where a volume was left out
   * because an operation on it is under way.
   */
  refresh(pod: number, syncStart: number): boolean {
    const { world, manager } = this.parts;
    const { population, sim } = world;
    const { consumerFlags, consumerEntry, podConsumerStart } = population;
    const { shown, busyUntil } = this;
    const end = podConsumerStart[pod + 1];
    let complete = true;
    for (let c = podConsumerStart[pod]; c < end; c++) {
      const flags = consumerFlags[c];
      if ((flags & HEAD) === 0) continue;
      if (busyUntil[c] > sim.now) complete = false;
      if (this.failures[c] > 0 || busyUntil[c] > sim.now) continue;
      // A volume of one source that is as it was stays as it is.
      if ((flags & ALONE) === ALONE_READ && manager.finds(consumerEntry[c], sim.now, shown[c])) {
        busyUntil[c] = manager.doneAt;
        continue;
      }
      this.setUp(c, sim.now, syncStart, 0);
    }
    return complete;
  }

  /** The time for a volume's first set-up or its retry has come, unless the pod or its kubelet has begun anew. */
  due(head: number, failures: number): void {
    const { world, pods } = this.parts;
    if (pods.isLeaving(world.population.consumerPod[head]) || this.failures[head] !== Math.min(failures, 255)) return;
    if (this.busyUntil[head] === Infinity) return;
    // A retry belongs to no sync: nothing was waited for but itself.
    this.setUp(head, this.parts.world.sim.now, -Infinity, failures);
  }

  /** The kubelet restarts: operations under way and their back-off are forgotten. */
  forget(head: number): void {
    this.failures[head] = 0;
    this.busyUntil[head] = -Infinity;
  }

  /** An update commits that the consumer already shows: its read was under way, and was answered with it. */
  commits(consumer: number, revision: number): void {
    const { world, manager } = this.parts;
    const { etcd, ledger, sim } = world;
    const read = this.ahead.get(consumer);
    const before = etcd.content[revision] - 1;
    if (read?.counted === true) ledger.completes(consumer, before, revision, read.syncStart, read.at, manager);
    else ledger.projected(consumer, before, revision, read?.syncStart ?? -Infinity, read?.at ?? sim.now, manager);
  }

  /** Reads the sources of a volume from `from` on; `answered`: the first of them has just been answered. */
  private proceed(
    head: number,
    from: number,
    at: number,
    syncStart: number,
    failures: number,
    answered: boolean,
  ): void {
    const { world, manager, tokens } = this.parts;
    const { consumerFlags, consumerEntry } = world.population;
    const base = this.parts.coupled ? 0 : head;
    let done = at;
    let c = from;
    for (; ; c++) {
      if (consumerFlags[c] & READS) {
        // A set-up asks for its token once, before it reads: one that comes due meanwhile is the next set-up's.
        const read = answered && c === from;
        if (!read && tokens.needs(c, done)) {
          this.waitForToken(head, c, syncStart, failures, done);
          return;
        }
        if (!read) manager.get(consumerEntry[c], done);
        if (manager.content === PENDING) {
          this.wait(head, c, syncStart, failures, done);
          return;
        }
        done = manager.doneAt;
        this.revisions[c - base] = manager.revision;
        this.contents[c - base] = manager.content;
      } else {
        this.contents[c - base] = NOT_FOUND;
      }
      if ((consumerFlags[c] & CONTINUES) === 0) break;
    }
    this.finish(head, c, syncStart, failures, done);
  }

  private wait(head: number, consumer: number, syncStart: number, failures: number, at: number): void {
    const { world, manager } = this.parts;
    const read = this.waitingRead(VOLUME_READ, head, consumer, syncStart, failures, at);
    manager.wait(world.population.consumerEntry[consumer], read);
  }

  private waitForToken(head: number, consumer: number, syncStart: number, failures: number, at: number): void {
    const { world, tokens } = this.parts;
    const read = this.waitingRead(TOKEN_READ, head, consumer, syncStart, failures, at);
    tokens.request(world.population.consumerPod[head], read);
  }

  /** The set-up of a volume waits from `at` on. */
  private waitingRead(
    kind: number,
    head: number,
    consumer: number,
    syncStart: number,
    failures: number,
    at: number,
  ): number {
    const { world, pods, reads } = this.parts;
    this.busyUntil[head] = Infinity;
    const read = reads.open(kind, head, consumer, at, pods.incarnation[world.population.consumerPod[head]]);
    reads.state[read] = failures;
    reads.syncStart[read] = syncStart;
    return read;
  }

  /** All sources from `head` to `last` have been read by `done`. */
  private finish(head: number, last: number, syncStart: number, failures: number, done: number): void {
    const { world, pods } = this.parts;
    const { population, input } = world;
    const { consumerFlags } = population;
    const base = this.parts.coupled ? 0 : head;
    let complete = true;
    let changed = false;
    for (let c = head; c <= last; c++) {
      if ((consumerFlags[c] & READS) === 0) continue;
      const content = this.contents[c - base];
      if (content === FAILED || (content === NOT_FOUND && (consumerFlags[c] & OPTIONAL) === 0)) complete = false;
      else if (content !== this.shown[c] && content !== NOT_FOUND) changed = true;
    }
    this.busyUntil[head] = done;
    if (!complete) {
      this.mountFailed(head, done, failures + 1);
      return;
    }
    this.failures[head] = 0;
    if (changed) this.show(head, last, syncStart, done + input.kubelet.volumeWriteDurationUs);
    if (!pods.isRunning(population.consumerPod[head])) this.mounted(head, done);
  }

  /** Counts a mount failure and schedules the retry. `failures`: in a row, this one included. */
  private mountFailed(head: number, failedAt: number, failures: number): void {
    const { world, volumes } = this.parts;
    const { sim, population, input } = world;
    this.failures[head] = Math.min(failures, 255);
    this.busyUntil[head] = failedAt;
    if (failedAt >= 0 && failedAt < input.durationUs) this.mountFailures++;
    const node = population.podNode[population.consumerPod[head]];
    sim.schedule(volumes.retryTime(node, failedAt, failures), EVENT.VOLUME, head, failures);
  }

  /** The files of a volume's sources show what the last `setUp` read. */
  private show(head: number, last: number, syncStart: number, at: number): void {
    const { world, pods, manager } = this.parts;
    const { population, ledger, etcd, sim } = world;
    const base = this.parts.coupled ? 0 : head;
    for (let c = head; c <= last; c++) {
      const content = this.contents[c - base];
      const before = this.shown[c];
      if (content === NOT_FOUND || content === before) continue;
      this.shown[c] = content;
      const revision = this.revisions[c - base];
      const counted = pods.isRunning(population.consumerPod[c]);
      if (revision >= 0 && etcd.committedAt[revision] > sim.now) this.ahead.set(c, { syncStart, at, counted });
      if (counted) ledger.projected(c, before, revision, syncStart, at, manager);
    }
  }
}
