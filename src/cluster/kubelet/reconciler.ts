import { ENDED, IS_RUNNING, VOLUME } from '../model/events.js';
import type { KubeletParts } from './parts.js';
import { TOKEN_READ, VOLUME_READ } from './reads.js';
import type { TokenManager } from './token-manager.js';
import { FAILED, NOT_FOUND, PENDING } from './secret-manager/manager.js';
import { CONTINUES, HEAD, OPTIONAL, READS } from '../population/population.js';

/** Of a volume's first source: it is read, and there is no second. */
const ALONE = READS | CONTINUES;
const ALONE_READ = READS;

/** A read that was answered with a revision before the simulation came to its commit. */
interface Ahead {
  readonly syncStart: number;
  readonly at: number;
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
  private readonly readsWait: boolean;

  /** `phase`: the phase of each pod. `mounted`: told of every volume that was set up in a pod that does not run yet. */
  constructor(
    private readonly parts: KubeletParts,
    private readonly phase: Uint8Array,
    private readonly mounted: (head: number, doneAt: number) => void,
  ) {
    const { population } = parts;
    this.readsWait = parts.reads !== null;
    this.shown = new Int32Array(population.consumerCount);
    this.failures = new Uint8Array(population.consumerCount);
    this.busyUntil = new Float64Array(population.consumerCount);
    this.revisions = new Int32Array(this.readsWait ? population.consumerCount : population.longestVolume);
    this.contents = new Int32Array(this.revisions.length);
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

  /** The answer is there for which the volume's set-up waited, at its source `consumer`. */
  resume(head: number, consumer: number, syncStart: number, failures: number): void {
    this.proceed(head, consumer, this.parts.sim.now, syncStart, failures, true);
  }

  /** A volume's token was asked for; `valid`: the pod has one. Without, the whole volume fails. */
  resumeWithToken(head: number, consumer: number, syncStart: number, failures: number, valid: boolean): void {
    if (valid) this.proceed(head, consumer, this.parts.sim.now, syncStart, failures, false);
    else this.mountFailed(head, this.parts.sim.now, failures + 1);
  }

  /**
   * Re-reads the volumes of a pod now; volumes in back-off are left to their retries. False where a volume was left out
   * because an operation on it is under way.
   */
  refresh(pod: number, syncStart: number): boolean {
    const { population, sim, manager } = this.parts;
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
    const pod = this.parts.population.consumerPod[head];
    if (this.phase[pod] === ENDED || this.failures[head] !== Math.min(failures, 255)) return;
    if (this.busyUntil[head] === Infinity) return;
    this.retry(head, failures);
  }

  /** Sets up a volume that has failed `failures` times. A retry belongs to no sync: nothing was waited for but itself. */
  private retry(head: number, failures: number): void {
    this.setUp(head, this.parts.sim.now, -Infinity, failures);
  }

  /** The kubelet restarts: operations under way and their back-off are forgotten. */
  forget(head: number): void {
    this.failures[head] = 0;
    this.busyUntil[head] = -Infinity;
  }

  /**
   * An update commits that the consumer already shows: its read was under way, and was answered with it.
   * Nothing happens where it does not show it yet.
   */
  commits(consumer: number, revision: number): void {
    const { etcd, ledger, sim } = this.parts;
    if (this.shown[consumer] < etcd.content[revision]) return;
    const read = this.ahead.get(consumer);
    const before = etcd.content[revision] - 1;
    ledger.projected(consumer, before, revision, read?.syncStart ?? -Infinity, read?.at ?? sim.now);
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
    const { population, manager, tokens } = this.parts;
    const { consumerFlags, consumerEntry } = population;
    const base = this.readsWait ? 0 : head;
    let done = at;
    let c = from;
    for (; ; c++) {
      if (consumerFlags[c] & READS) {
        if (tokens?.needs(c, done) === true) {
          this.waitForToken(head, c, syncStart, failures, done, tokens);
          return;
        }
        if (!answered || c > from) manager.get(consumerEntry[c], done);
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
    const { reads, population, manager } = this.parts;
    if (reads === null) throw new RangeError('a read waits although nothing can answer it');
    this.busyUntil[head] = Infinity;
    const pod = population.consumerPod[head];
    const read = reads.open(VOLUME_READ, head, consumer, failures, syncStart, at, this.parts.incarnation[pod]);
    manager.wait(population.consumerEntry[consumer], read);
  }

  private waitForToken(
    head: number,
    consumer: number,
    syncStart: number,
    failures: number,
    at: number,
    tokens: TokenManager,
  ): void {
    const { reads, population, incarnation } = this.parts;
    if (reads === null) throw new RangeError('a token is asked for although nothing can answer');
    this.busyUntil[head] = Infinity;
    const pod = population.consumerPod[head];
    tokens.request(pod, reads.open(TOKEN_READ, head, consumer, failures, syncStart, at, incarnation[pod]));
  }

  /** All sources from `head` to `last` have been read by `done`. */
  private finish(head: number, last: number, syncStart: number, failures: number, done: number): void {
    const { population, input } = this.parts;
    const { consumerFlags } = population;
    const base = this.readsWait ? 0 : head;
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
    if (this.phase[population.consumerPod[head]] !== IS_RUNNING) this.mounted(head, done);
  }

  /** Counts a mount failure and schedules the retry. `failures`: in a row, this one included. */
  private mountFailed(head: number, failedAt: number, failures: number): void {
    const { sim, population, volumes, input } = this.parts;
    this.failures[head] = Math.min(failures, 255);
    this.busyUntil[head] = failedAt;
    if (failedAt >= 0 && failedAt < input.durationUs) this.mountFailures++;
    const node = population.podNode[population.consumerPod[head]];
    sim.schedule(volumes.retryTime(node, failedAt, failures), VOLUME, head, failures);
  }

  /** The files of a volume's sources show what the last `setUp` read. */
  private show(head: number, last: number, syncStart: number, at: number): void {
    const { population, ledger, etcd, sim } = this.parts;
    const base = this.readsWait ? 0 : head;
    for (let c = head; c <= last; c++) {
      const content = this.contents[c - base];
      const before = this.shown[c];
      if (content === NOT_FOUND || content === before) continue;
      this.shown[c] = content;
      const revision = this.revisions[c - base];
      if (revision >= 0 && etcd.committedAt[revision] > sim.now) this.ahead.set(c, { syncStart, at });
      if (this.phase[population.consumerPod[c]] === IS_RUNNING) ledger.projected(c, before, revision, syncStart, at);
    }
  }
}
