import { type Chunk, ChunkedNumbers, GrowableFloat64, GrowableInt32 } from '../../sim/growable.js';
import { type OrderStatistics, orderStatistics } from '../../sim/order-statistics.js';
import type { Etcd } from '../etcd/etcd.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import type { Population } from '../population/population.js';
import type { Pipeline } from './pipeline.js';
import { UpdateRuns } from './update-runs.js';
import { eachSlot } from './update-slots.js';

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
      for (let i = from; i < to; i++) {
        spanOf.add(this.spanDeployment.get(i), this.spanPods.get(i), this.spanFirst.get(i), this.spanLast.get(i));
      }
    });
    let [sum, max, deployments] = [0, 0, 0];
    spanOf.take((_, pods, first, last) => {
      if (pods < 2) return;
      sum += last - first;
      max = Math.max(max, last - first);
      deployments++;
    });
    return { sum, max, deployments };
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
    const committed = etcd.committedAt[revision];
    const deleted = etcd.contentAt(object, etcd.newest[object]) === 0;
    const inPlace = etcd.updateAudience[update] === object;
    const from = this.delays.length;
    eachSlot(population, ledger, update, audience, (consumer, at, byNewPod) => {
      if (!(at >= 0)) return;
      if (at < Infinity) {
        const pod = population.consumerPod[consumer];
        this.delays.push(at - committed);
        spanOf.add(population.podDeployment[pod], 1, at, at);
        if (this.pipeline !== null) this.reloads(update, population, pod, at - committed, byNewPod);
      } else if (inPlace && readsOnce(population.consumerEntry[consumer])) this.neverImmutable[update]++;
      else if (deleted) this.neverDeleted[update]++;
      else this.pending[update]++;
    });
    this.delayRuns.add(update, this.delays.length - from);
    const spans = this.spanDeployment.length;
    spanOf.take((deployment, pods, first, last) => {
      this.spanDeployment.push(deployment);
      this.spanPods.push(pods);
      this.spanFirst.push(first);
      this.spanLast.push(last);
    });
    this.spanRuns.add(update, this.spanDeployment.length - spans);
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
  private readonly pods: Int32Array;
  private readonly first: Float64Array;
  private readonly last: Float64Array;
  private readonly touched = new GrowableInt32();

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

  /** Visits what has been added, and forgets it. */
  take(visit: (deployment: number, pods: number, first: number, last: number) => void): void {
    for (let i = 0; i < this.touched.length; i++) {
      const deployment = this.touched.get(i);
      visit(deployment, this.pods[deployment], this.first[deployment], this.last[deployment]);
      this.pods[deployment] = 0;
    }
    this.touched.length = 0;
  }
}
