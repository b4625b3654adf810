import { type Chunk, ChunkedNumbers, GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import { type OrderStatistics, orderStatistics } from '../../sim/order-statistics.js';
import type { Etcd } from '../etcd/etcd.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import type { Population } from '../population/population.js';
import type { Pipeline } from './pipeline.js';
import { UpdateRuns } from './update-runs.js';

/** Some of a run's nodes, which are done. */
export interface DoneNodes {
  readonly population: Population;
  readonly ledger: UpdateLedger;
  /** The history with the numbers of their objects. */
  readonly etcd: Etcd;
  /** True for an entry whose object a kubelet knows as immutable. */
  readonly readsOnce: (entry: number) => boolean;
}

const COUNTED = ['neverImmutable', 'neverDeleted', 'pending'] as const;

/** What became of the consumers of some nodes. */
export interface OutcomesPart extends Readonly<Record<(typeof COUNTED)[number], Int32Array>> {
  readonly lastWithReload: Float64Array;
  readonly delays: readonly Chunk[];
  readonly delayRuns: readonly Int32Array[];
  readonly spanTimes: readonly Float64Array[];
  readonly spanCounts: readonly Int32Array[];
  readonly spanRuns: readonly Int32Array[];
}

/** How far a deployment's pods were apart about an update. */
interface Spans {
  readonly sum: number;
  readonly max: number;
  /** Deployments with at least two pods that were reached. */
  readonly deployments: number;
}

/** Reads off the ledgers of a run's nodes, once they are done, what became of each update. */
export class UpdateOutcomes {
  /** Per update, of consumers that wait at the end: they see an immutable object, one that is gone, or they still wait. */
  readonly neverImmutable: Int32Array;
  readonly neverDeleted: Int32Array;
  readonly pending: Int32Array;
  /** From the commit until the last application has reloaded, µs; −Infinity: none has. */
  readonly lastWithReload: Float64Array;
  private readonly delays = new ChunkedNumbers();
  private readonly delayRuns: UpdateRuns;
  /** Of each deployment in each section: pods reached, and when the first and the last of them were, µs. */
  private readonly spanDeployment = new GrowableInt32();
  private readonly spanPods = new GrowableInt32();
  private readonly spanFirst = new GrowableFloat64();
  private readonly spanLast = new GrowableFloat64();
  private readonly spanRuns: UpdateRuns;
  private readonly spanOf: SpanTable;

  /** `etcd`: the whole history. `deployments`: of the whole cluster. */
  constructor(
    private readonly etcd: Etcd,
    updates: number,
    deployments: number,
    private readonly pipeline: Pipeline | null,
  ) {
    this.neverImmutable = new Int32Array(updates);
    this.neverDeleted = new Int32Array(updates);
    this.pending = new Int32Array(updates);
    this.lastWithReload = new Float64Array(updates).fill(-Infinity);
    this.delayRuns = new UpdateRuns(updates);
    this.spanRuns = new UpdateRuns(updates);
    this.spanOf = new SpanTable(deployments);
  }

  /** Takes stock of nodes that are done. */
  add(nodes: DoneNodes): void {
    nodes.etcd.eachUpdate((update) => {
      this.addUpdate(nodes, update, nodes.etcd.updateAudience[update]);
    });
  }

  /** How many an update has reached. */
  reachedBy(update: number): number {
    let count = 0;
    this.delayRuns.each(update, (from, to) => (count += to - from));
    return count;
  }

  /** What is asked of the delays of those that an update has reached, µs, in ascending order. */
  delayStatistics(update: number, bounds: readonly number[], ranks: readonly number[]): OrderStatistics {
    return orderStatistics(
      this.delays,
      (visit) => {
        this.delayRuns.each(update, visit);
      },
      bounds,
      ranks,
    );
  }

  /** From a deployment's first reached pod to its last, over deployments with at least two. */
  spansOf(update: number): Spans {
    const { spanOf } = this;
    this.spanRuns.each(update, (from, to) => {
      this.addSpans(from, to);
    });
    const { touched, pods, first, last } = spanOf;
    let [sum, max, deployments] = [0, 0, 0];
    for (let i = 0; i < touched.length; i++) {
      const deployment = touched.get(i);
      if (pods[deployment] < 2) continue;
      const span = last[deployment] - first[deployment];
      sum += span;
      max = Math.max(max, span);
      deployments++;
    }
    spanOf.forget();
    return { sum, max, deployments };
  }

  /** Adds what sections tell of their deployments, from one row to another (exclusive). */
  private addSpans(from: number, to: number): void {
    const { spanOf, spanDeployment, spanPods, spanFirst, spanLast } = this;
    for (let i = from; i < to; i++)
      spanOf.add(spanDeployment.get(i), spanPods.get(i), spanFirst.get(i), spanLast.get(i));
  }

  /** What has been added so far, to be added to the outcomes of other nodes. */
  part(): OutcomesPart {
    const { neverImmutable, neverDeleted, pending, lastWithReload } = this;
    return {
      neverImmutable,
      neverDeleted,
      pending,
      lastWithReload,
      delays: this.delays.part(),
      delayRuns: this.delayRuns.part(),
      spanTimes: [this.spanFirst.view().slice(), this.spanLast.view().slice()],
      spanCounts: [this.spanDeployment.view().slice(), this.spanPods.view().slice()],
      spanRuns: this.spanRuns.part(),
    };
  }

  /** Adds the outcomes of other nodes. */
  absorb(part: OutcomesPart): void {
    for (const column of COUNTED) part[column].forEach((count, update) => (this[column][update] += count));
    part.lastWithReload.forEach((last, update) => {
      this.lastWithReload[update] = Math.max(this.lastWithReload[update], last);
    });
    for (const chunk of part.delays) this.delays.append(chunk);
    this.delayRuns.absorb(part.delayRuns);
    this.spanFirst.append(part.spanTimes[0]);
    this.spanLast.append(part.spanTimes[1]);
    this.spanDeployment.append(part.spanCounts[0]);
    this.spanPods.append(part.spanCounts[1]);
    this.spanRuns.absorb(part.spanRuns);
  }

  private addUpdate({ population, ledger, readsOnce }: DoneNodes, update: number, audience: number): void {
    const { etcd, spanOf } = this;
    const revision = etcd.updateRevision[update];
    const object = etcd.object[revision];
    const deleted = etcd.contentAt(object, etcd.newest[object]) === 0;
    const inPlace = etcd.updateAudience[update] === object;
    const from = this.delays.length;
    const { objectEntryStart, objectEntries, entryConsumerStart, entryConsumers } = population;
    const { slots, byNewPod } = ledger;
    let slot = ledger.firstSlot[update];
    for (let i = objectEntryStart[audience]; i < objectEntryStart[audience + 1]; i++) {
      const entry = objectEntries[i];
      for (let j = entryConsumerStart[entry]; j < entryConsumerStart[entry + 1]; j++, slot++) {
        const at = slots[slot];
        if (!(at >= 0)) continue;
        if (at < Infinity) this.reaches(update, population, entryConsumers[j], at, byNewPod[slot] === 1);
        else if (inPlace && readsOnce(entry)) this.neverImmutable[update]++;
        else if (deleted) this.neverDeleted[update]++;
        else this.pending[update]++;
      }
    }
    this.delayRuns.add(update, this.delays.length - from);
    const spans = this.spanDeployment.length;
    const { touched, pods, first, last } = spanOf;
    for (let i = 0; i < touched.length; i++) {
      const deployment = touched.get(i);
      this.spanDeployment.push(deployment);
      this.spanPods.push(pods[deployment]);
      this.spanFirst.push(first[deployment]);
      this.spanLast.push(last[deployment]);
    }
    spanOf.forget();
    this.spanRuns.add(update, this.spanDeployment.length - spans);
  }

  /** An update has reached a consumer at `at`. */
  private reaches(update: number, population: Population, consumer: number, at: number, byNewPod: boolean): void {
    const pod = population.consumerPod[consumer];
    const delay = at - this.etcd.committedAt[this.etcd.updateRevision[update]];
    this.delays.push(delay);
    this.spanOf.add(population.podDeployment[pod], 1, at, at);
    if (this.pipeline !== null) this.reloads(update, population, pod, delay, byNewPod);
  }

  /** An application works with the new files some time after it has them; a pod in place of another reads them as it starts. */
  private reloads(update: number, population: Population, pod: number, delay: number, byNewPod: boolean): void {
    const revision = this.etcd.updateRevision[update];
    const reload =
      byNewPod || this.pipeline === null
        ? 0
        : this.pipeline.reload(population, pod, this.etcd.object[revision], this.etcd.content[revision]);
    this.lastWithReload[update] = Math.max(this.lastWithReload[update], delay + reload);
  }
}

/** Times of deployments, kept for a while: those that are touched are known. */
class SpanTable {
  /** By deployment: pods that were reached, and when the first and the last of them were, µs. */
  readonly pods: Int32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Those that have any. */
  readonly touched = new GrowableInt32();

  constructor(deployments: number) {
    this.pods = new Int32Array(deployments);
    this.first = new Float64Array(deployments);
    this.last = new Float64Array(deployments);
  }

  /** Adds pods of a deployment; −1: they are of none. */
  add(deployment: number, pods: number, first: number, last: number): void {
    if (deployment < 0) return;
    if (this.pods[deployment] === 0) {
      this.touched.push(deployment);
      this.first[deployment] = first;
      this.last[deployment] = last;
    } else {
      this.first[deployment] = Math.min(this.first[deployment], first);
      this.last[deployment] = Math.max(this.last[deployment], last);
    }
    this.pods[deployment] += pods;
  }

  /** Forgets what has been added. */
  forget(): void {
    for (let i = 0; i < this.touched.length; i++) this.pods[this.touched.get(i)] = 0;
    this.touched.length = 0;
  }
}
