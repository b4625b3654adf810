import type { Fingerprint } from '../../sim/fingerprint.js';
import type { Memory } from '../../sim/memory.js';
import type { DelayCollector } from './delay-collector.js';
import { NEVER_ENV, NEVER_IMMUTABLE, NEVER_LONE, NEVER_SUB_PATH, NOT_DUE, WAITING } from './slot-states.js';
import { Staleness } from './staleness.js';
import type { UpdateAccounts } from './update-accounts.js';
import type { Etcd } from '../etcd/etcd.js';
import type { RunInput } from '../model/model-input.js';
import { MODE } from '../model/kinds.js';
import type { Writes } from '../workload/writes.js';
import { DUE, type Population, UPDATABLE } from '../population/population.js';

/** Kind of effect in the fingerprint. */
export const PROJECTION = 1;

/** Knows since when a kubelet could have read a revision of the object of one of its entries, µs. */
export interface ReadyTimes {
  readyAt(entry: number, revision: number): number;
}

/** When a pod took the place of another. */
export interface Succession {
  /** Since when its kubelet has known of it, and when it ran, µs. */
  readonly knownAt: number;
  readonly at: number;
  /** True where its kubelet does not watch the object, because the one it knows is immutable. */
  readonly blind: boolean;
}

/**
 * The accounts of all updates: who is due when an update commits, and when each consumer has it.
 * due = reached + never + waiting, exactly, at every moment.
 */
export class UpdateLedger {
  /** First slot of each update; consumer c of its object stands at slot + consumerRank[c]. */
  readonly firstSlot: Float64Array;
  private slotsUsed = 0;
  /** When each consumer was reached, µs; NaN: not due, Infinity: waits, negative: nothing but a new pod reaches it. */
  readonly slots: Float64Array;
  /** Consumers that wait, over all updates. */
  private waits = 0;
  /** Consumers that only a new pod can reach, over all updates. */
  private nevers = 0;
  /** What containers show meanwhile. */
  readonly stale: Staleness;
  /** 1 for slots that a new pod has reached. */
  readonly byNewPod: Uint8Array;
  /** End of the measured period, µs: how long a drain is simulated depends on who still waits. */
  private readonly measuredUntil: number;

  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    writes: Writes,
    readonly accounts: UpdateAccounts,
    private readonly fingerprint: Fingerprint,
    { durationUs, memory }: Pick<RunInput, 'durationUs'> & { readonly memory: Memory },
  ) {
    this.measuredUntil = durationUs;
    this.firstSlot = accounts.firstSlot;
    etcd.eachUpdate((update) => {
      this.opens(update);
    });
    const slots = etcd.isComplete ? this.slotsUsed : writes.audiences(population.objectConsumerCount);
    this.slots = memory.float64(slots).fill(NOT_DUE);
    this.stale = new Staleness(population, etcd, writes.count > 0, memory);
    this.byNewPod = memory.uint8(slots);
  }

  /** Consumers for whose new content a drain waits. `replacing`: whether pods are under way that take others' places. */
  waiting(replacing: boolean): number {
    return this.waits + this.stale.catchingUp + (replacing ? this.nevers : 0);
  }

  /** Opens the account of an update that has been committed. */
  opens(update: number): void {
    this.firstSlot[update] = this.slotsUsed;
    this.slotsUsed += this.population.objectConsumerCount[this.etcd.updateAudience[update]];
  }

  /** The nodes are done: what their containers show at the end of the measured period counts. */
  settle(): void {
    this.accounts.staleUs += this.stale.total(this.measuredUntil);
    this.accounts.startedStale += this.stale.startedStale;
  }

  /**
   * A consumer of a running pod is outdated by the update that commits, and becomes due for it where its pod is the one
   * that holds its place (`current`; another may still be there beside it). `blind`: its kubelet does not watch the
   * object any more, because the object it knows is immutable.
   */
  becomesDue(consumer: number, update: number, blind: boolean, current: boolean): void {
    const flags = this.population.consumerFlags[consumer];
    if ((flags & DUE) === 0) return;
    this.stale.outdated(consumer, this.etcd.committedAt[this.etcd.updateRevision[update]]);
    if (!current) return;
    this.accounts.due[update]++;
    this.open(consumer, update, blind);
  }

  /** A consumer waits for an update, or will have it with a new pod only. */
  private open(consumer: number, update: number, blind: boolean): void {
    const slot = this.slotOf(consumer, update);
    const mode = this.population.consumerMode[consumer];
    if (mode === MODE.subPath) this.never(slot, update, NEVER_SUB_PATH);
    else if (mode === MODE.env) this.never(slot, update, NEVER_ENV);
    else if (blind) this.never(slot, update, NEVER_IMMUTABLE);
    else this.wait(slot);
  }

  /** `state`: why. */
  private never(slot: number, update: number, state: number): void {
    this.accounts.neverOf(state)[update]++;
    this.nevers++;
    this.slots[slot] = state;
  }

  private wait(slot: number): void {
    this.slots[slot] = WAITING;
    this.waits++;
  }

  /** Takes a consumer out of an update's account that is still open; false where it is not. */
  private takeOut(consumer: number, update: number): boolean {
    const slot = this.slotOf(consumer, update);
    const state = this.slots[slot];
    if (state === WAITING) {
      this.waits--;
    } else if (state < 0) {
      this.nevers--;
      this.accounts.neverOf(state)[update]--;
    } else {
      return false;
    }
    this.slots[slot] = NOT_DUE;
    return true;
  }

  /** Where an update's account has a consumer. */
  slotOf(consumer: number, update: number): number {
    return this.firstSlot[update] + this.population.consumerRank[consumer];
  }

  /**
   * The files of a consumer show `revision` from `at` on; before, they showed content number `before`.
   * The sync whose read found it began at `syncStart`; `ready` knows since when the kubelet could have read it.
   * Completes every update in between.
   */
  projected(
    consumer: number,
    before: number,
    revision: number,
    syncStart: number,
    at: number,
    ready: ReadyTimes,
  ): void {
    if ((this.population.consumerFlags[consumer] & UPDATABLE) === 0) return;
    if (at < this.measuredUntil) this.fingerprint.add(at, PROJECTION, this.numberOf(consumer), revision);
    this.completes(consumer, before, revision, syncStart, at, ready);
  }

  /**
   * Completes the updates that files show up to a revision, as `projected` does, of files that have been counted before
   * the update commits: the effect is one.
   */
  completes(
    consumer: number,
    before: number,
    revision: number,
    syncStart: number,
    at: number,
    ready: ReadyTimes,
  ): void {
    const { population, etcd } = this;
    if ((population.consumerFlags[consumer] & UPDATABLE) === 0) return;
    this.stale.shows(consumer, revision, at);
    for (let r = revision; r >= 0 && etcd.content[r] > before; r = etcd.previous[r]) {
      const update = etcd.update[r];
      if (update < 0) continue;
      const slot = this.slotOf(consumer, update);
      // A kubelet that has restarted sees a new object of the name.
      if (this.slots[slot] === NEVER_IMMUTABLE) {
        this.takeOut(consumer, update);
        this.wait(slot);
      }
      if (this.slots[slot] === WAITING) this.reach(consumer, update, syncStart, at, ready);
    }
  }

  /** Consumers that waited for an update have it; their slots say when. */
  reaches(update: number, consumers: number): void {
    if (consumers === 0) return;
    this.accounts.reached[update] += consumers;
    this.waits -= consumers;
  }

  /** The place of a consumer goes: no pod will have what it still waits for. */
  gone(consumer: number): void {
    this.eachUpdateOf(this.population.consumerObject[consumer], (update) => {
      this.goneBefore(consumer, update);
    });
  }

  /** The place of a consumer goes that may wait for an update. */
  goneBefore(consumer: number, update: number): void {
    if (this.takeOut(consumer, update)) this.accounts.goneFirst[update]++;
  }

  /**
   * A consumer of a pod that runs from `at` on takes the place of another pod's, and with it what that is due for: what
   * its content `shown` has is reached, for the rest it waits. `knownAt`: since when its kubelet has known of the pod.
   */
  succeeds(consumer: number, before: number, shown: number, times: Succession): void {
    const { etcd } = this;
    this.eachUpdateOf(this.population.consumerObject[before], (update) => {
      if (!this.takeOut(before, update)) return;
      if (etcd.content[etcd.updateRevision[update]] > shown) {
        this.open(consumer, update, times.blind);
        return;
      }
      this.wait(this.slotOf(consumer, update));
      this.replacedBy(consumer, update, times.knownAt, times.at);
    });
  }

  /** Visits the updates of an object in place, the newest first. */
  private eachUpdateOf(object: number, visit: (update: number) => void): void {
    const { etcd } = this;
    for (let r = etcd.newest[object]; r >= 0; r = etcd.previous[r]) {
      const update = etcd.update[r];
      if (update >= 0 && etcd.updateAudience[update] === object) visit(update);
    }
  }

  /**
   * A consumer of a running pod becomes due for a new object in place of its own: a new pod will have it. In place of a
   * lone pod comes none, nor in that of a workload that is not rolled out: they run on with the object that their spec names.
   */
  awaitsReplacement(consumer: number, update: number): void {
    const { consumerPod, podDeployment, lifecycle } = this.population;
    const slot = this.slotOf(consumer, update);
    const deployment = podDeployment[consumerPod[consumer]];
    this.accounts.due[update]++;
    if (deployment < 0 || lifecycle?.deploymentMissing[deployment] === 0) this.never(slot, update, NEVER_LONE);
    else this.wait(slot);
    this.stale.outdated(consumer, this.etcd.committedAt[this.etcd.updateRevision[update]]);
  }

  /**
   * The pod that has come in place of a consumer's runs with the new object from `at` on; its kubelet has known
   * of it since `knownAt`: what came before counts as cache delay, what came after as refresh.
   */
  replacedBy(consumer: number, update: number, knownAt: number, at: number): void {
    const slot = this.slotOf(consumer, update);
    if (this.slots[slot] !== WAITING) return;
    const committed = this.etcd.committedAt[this.etcd.updateRevision[update]];
    const ready = Math.min(at, Math.max(committed, knownAt));
    if (at < this.measuredUntil) {
      this.fingerprint.add(at, PROJECTION, this.numberOf(consumer), this.etcd.updateRevision[update]);
    }
    this.accounts.replaced[update]++;
    this.byNewPod[slot] = 1;
    this.complete(consumer, update, ready, ready, at);
  }

  private reach(consumer: number, update: number, syncStart: number, at: number, ready: ReadyTimes): void {
    const revision = this.etcd.updateRevision[update];
    const committed = this.etcd.committedAt[revision];
    const readable = ready.readyAt(this.population.consumerEntry[consumer], revision);
    const from = Math.min(at, Math.max(committed, readable));
    this.complete(consumer, update, from, Math.min(at, Math.max(from, syncStart)), at);
  }

  private complete(consumer: number, update: number, ready: number, picked: number, at: number): void {
    const committed = this.etcd.committedAt[this.etcd.updateRevision[update]];
    const slot = this.slotOf(consumer, update);
    if (at >= this.measuredUntil)
      this.fingerprint.add(at, PROJECTION, this.numberOf(consumer), this.etcd.updateRevision[update]);
    this.slots[slot] = at;
    this.accounts.reached[update]++;
    this.waits--;
    const [cacheDelay, syncWait, refresh] = [ready - committed, picked - ready, at - picked];
    this.collectorOf(consumer).add(cacheDelay, syncWait, refresh);
    this.accounts.sampled?.add(update, this.numberOf(consumer), cacheDelay, syncWait, refresh);
  }

  /** The number of a consumer in the whole cluster. */
  private numberOf(consumer: number): number {
    return this.population.firstConsumer + consumer;
  }

  private collectorOf(consumer: number): DelayCollector {
    const { consumerObject, consumerMode, objectClass } = this.population;
    return this.accounts.collectorOf(objectClass[consumerObject[consumer]], consumerMode[consumer]);
  }
}
