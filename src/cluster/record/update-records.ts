import { bisectRight } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import { GrowableFloat64 } from '../../sim/growable.js';
import { sortNumbers } from '../../sim/sort.js';
import type { Etcd } from '../etcd/etcd.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { Pipeline } from './pipeline.js';
import type { UpdateRecord } from '../model/run-record.js';
import type { Population } from '../population/population.js';
import type { UpdateLedger } from '../meters/update-ledger.js';
import { eachSlot } from './update-slots.js';

/** How the waiting consumers of an update are to be understood at the end of the run. */
interface Verdicts {
  readonly readsOnce: (entry: number) => boolean;
}

/** Disagreement of the pods of deployments about one update. */
interface Mixed {
  readonly mean: number | null;
  readonly max: number | null;
}

/** Makes the rows of `updates.csv` from the ledger, and settles what became of consumers that still wait. */
export class UpdateReporter {
  private readonly first: Float64Array;
  private readonly last: Float64Array;
  private readonly pods: Int32Array;
  private readonly touched: number[] = [];

  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly ledger: UpdateLedger,
    private readonly verdicts: Verdicts,
    private readonly thresholds: readonly number[] = [],
    private readonly pipeline: Pipeline | null = null,
  ) {
    this.first = new Float64Array(population.deploymentCount).fill(Infinity);
    this.last = new Float64Array(population.deploymentCount).fill(-Infinity);
    this.pods = new Int32Array(population.deploymentCount);
  }

  records(): Omit<UpdateRecord, 'boundS'>[] {
    return Array.from({ length: this.etcd.updates }, (_, update) => this.record(update));
  }

  private record(update: number): Omit<UpdateRecord, 'boundS'> {
    const { population, etcd, ledger } = this;
    const revision = etcd.updateRevision[update];
    const object = etcd.object[revision];
    const committed = etcd.committedAt[revision];
    const audience = etcd.updateAudience[update];
    const replacement = audience !== object;
    const { delays, neverImmutable, neverDeleted, pending } = this.outcomes(update);
    const updatable = delays.length + pending;
    const within = (seconds: number): number => bisectRight(delays, seconds * SECOND_US);
    const timeTo = (share: number): number | null => {
      const rank = Math.ceil(share * updatable);
      return rank < 1 || rank > delays.length ? null : delays[rank - 1] / SECOND_US;
    };
    const mixed =
      pending + neverImmutable + neverDeleted > 0 ? { mean: null, max: null } : this.mixedVersions(update, audience);
    return {
      update: update + 1,
      action: replacement ? 'replace' : etcd.actionOf(revision) === 'recreate' ? 'recreate' : 'update',
      kind: OBJECT_KINDS[population.objectKind[object]],
      object: population.objectName(object),
      objectClass: population.classNames[population.objectClass[object]],
      version: etcd.content[revision],
      sentAtS: etcd.sentAt[revision] / SECOND_US,
      committedAtS: committed / SECOND_US,
      acknowledgedAtS: etcd.acknowledgedAt[revision] / SECOND_US,
      due: ledger.due[update],
      reached: delays.length,
      replaced: ledger.replaced[update],
      neverSubPath: ledger.neverSubPath[update],
      neverEnv: ledger.neverEnv[update],
      neverImmutable,
      neverDeleted,
      gone: ledger.goneFirst[update],
      pending,
      reachedAfter10s: within(10),
      reachedAfter30s: within(30),
      reachedAfter60s: within(60),
      reachedAfter90s: within(90),
      ...(this.thresholds.length > 0 && {
        late: this.thresholds.map((us) => delays.length - bisectRight(delays, us)),
      }),
      timeTo50S: timeTo(0.5),
      timeTo90S: timeTo(0.9),
      timeTo99S: timeTo(0.99),
      timeTo999S: timeTo(0.999),
      timeTo100S: timeTo(1),
      ...(this.pipeline !== null && { pipelineS: pending > 0 ? null : this.throughPipeline(update, this.pipeline) }),
      mixedVersionMeanS: mixed.mean,
      mixedVersionMaxS: mixed.max,
    };
  }

  /** What has become of the consumers that wait for an update, and the delays of those that it has reached, ascending, µs. */
  private outcomes(update: number): {
    readonly delays: Float64Array;
    readonly neverImmutable: number;
    readonly neverDeleted: number;
    readonly pending: number;
  } {
    const { population, etcd, ledger, verdicts } = this;
    const revision = etcd.updateRevision[update];
    const object = etcd.object[revision];
    const audience = etcd.updateAudience[update];
    const deleted = etcd.contentAt(object, etcd.newest[object]) === 0;
    const reached = new GrowableFloat64();
    let neverImmutable = ledger.neverImmutable[update];
    let neverDeleted = 0;
    let pending = 0;
    eachSlot(population, ledger, update, audience, (consumer, at) => {
      if (!(at >= 0)) return;
      if (at < Infinity) reached.push(at - etcd.committedAt[revision]);
      else if (audience === object && verdicts.readsOnce(population.consumerEntry[consumer])) neverImmutable++;
      else if (deleted) neverDeleted++;
      else pending++;
    });
    return { delays: sortNumbers(reached.view()), neverImmutable, neverDeleted, pending };
  }

  /** From the change at the source until the last application works with it, s; null where no pod is reached. */
  private throughPipeline(update: number, pipeline: Pipeline): number | null {
    const { population, etcd, ledger } = this;
    const revision = etcd.updateRevision[update];
    const object = etcd.object[revision];
    const version = etcd.content[revision];
    const audience = etcd.updateAudience[update];
    let last = -Infinity;
    eachSlot(population, ledger, update, audience, (consumer, at) => {
      if (!(at >= 0 && at < Infinity)) return;
      // A pod in place of another reads its files as it starts.
      const inPlace = ledger.byNewPod[ledger.slotOf(consumer, update)] === 0;
      const reload = inPlace ? pipeline.reload(population.consumerPod[consumer], object, version) : 0;
      last = Math.max(last, at - etcd.committedAt[revision] + reload);
    });
    return last === -Infinity ? null : (pipeline.sourceWait(revision) + last) / SECOND_US;
  }

  /** From a deployment's first reached pod to its last, over deployments with at least two. */
  private mixedVersions(update: number, object: number): Mixed {
    const { population, ledger, first, last, pods, touched } = this;
    eachSlot(population, ledger, update, object, (consumer, at) => {
      const deployment = population.podDeployment[population.consumerPod[consumer]];
      if (!(at >= 0 && at < Infinity) || deployment < 0) return;
      if (pods[deployment]++ === 0) touched.push(deployment);
      if (at < first[deployment]) first[deployment] = at;
      if (at > last[deployment]) last[deployment] = at;
    });
    let sum = 0;
    let count = 0;
    let max: number | null = null;
    for (const deployment of touched) {
      if (pods[deployment] > 1) {
        const span = last[deployment] - first[deployment];
        sum += span;
        count++;
        max = Math.max(max ?? 0, span);
      }
      pods[deployment] = 0;
      first[deployment] = Infinity;
      last[deployment] = -Infinity;
    }
    touched.length = 0;
    return { mean: count === 0 ? null : sum / count / SECOND_US, max: max === null ? null : max / SECOND_US };
  }
}
