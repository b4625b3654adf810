import { bisectRight } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { UpdateAccounts } from '../meters/update-accounts.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { UpdateRecord } from '../model/run-record.js';
import type { Pipeline } from './pipeline.js';
import type { UpdateOutcomes } from './update-outcomes.js';

/** Makes the rows of `updates.csv` from the accounts of all nodes. */
export class UpdateReporter {
  constructor(
    private readonly etcd: Etcd,
    private readonly accounts: UpdateAccounts,
    private readonly outcomes: UpdateOutcomes,
    private readonly thresholds: readonly number[] = [],
    private readonly pipeline: Pipeline | null = null,
  ) {}

  records(): Omit<UpdateRecord, 'boundS'>[] {
    return Array.from({ length: this.etcd.updates }, (_, update) => this.record(update));
  }

  private record(update: number): Omit<UpdateRecord, 'boundS'> {
    const { etcd, accounts, outcomes, thresholds } = this;
    const { stored } = etcd;
    const revision = etcd.updateRevision[update];
    const object = etcd.object[revision];
    const replacement = etcd.updateAudience[update] !== object;
    const delays = outcomes.delaysOf(update);
    const pending = outcomes.pending[update];
    const neverImmutable = accounts.neverImmutable[update] + outcomes.neverImmutable[update];
    const neverDeleted = outcomes.neverDeleted[update];
    const mixed = pending + neverImmutable + neverDeleted > 0 ? null : outcomes.spansOf(update);
    return {
      update: update + 1,
      action: replacement ? 'replace' : etcd.actionOf(revision) === 'recreate' ? 'recreate' : 'update',
      kind: OBJECT_KINDS[stored.objectKind[object]],
      object: stored.objectName(object),
      objectClass: stored.classNames[stored.objectClass[object]],
      version: etcd.content[revision],
      sentAtS: etcd.sentAt[revision] / SECOND_US,
      committedAtS: etcd.committedAt[revision] / SECOND_US,
      acknowledgedAtS: etcd.acknowledgedAt[revision] / SECOND_US,
      due: accounts.due[update],
      reached: delays.length,
      replaced: accounts.replaced[update],
      neverSubPath: accounts.neverSubPath[update],
      neverEnv: accounts.neverEnv[update],
      neverImmutable,
      neverDeleted,
      ...(accounts.neverLone[update] > 0 && { neverLone: accounts.neverLone[update] }),
      gone: accounts.goneFirst[update],
      pending,
      ...reachedWithin(delays),
      ...(thresholds.length > 0 && { late: thresholds.map((us) => delays.length - bisectRight(delays, us)) }),
      ...timesTo(delays, delays.length + pending),
      ...(this.pipeline !== null && { pipelineS: pending > 0 ? null : this.throughPipeline(update, this.pipeline) }),
      mixedVersionMeanS: !mixed?.deployments ? null : mixed.sum / mixed.deployments / SECOND_US,
      mixedVersionMaxS: !mixed?.deployments ? null : mixed.max / SECOND_US,
    };
  }

  /** From the change at the source until the last application works with it, s; null where no pod is reached. */
  private throughPipeline(update: number, pipeline: Pipeline): number | null {
    const { etcd, outcomes } = this;
    const last = outcomes.lastWithReload[update];
    if (last === -Infinity) return null;
    const revision = etcd.updateRevision[update];
    return (pipeline.sourceWait(revision) + last) / SECOND_US;
  }
}

type ReachedWithin = Pick<UpdateRecord, 'reachedAfter10s' | 'reachedAfter30s' | 'reachedAfter60s' | 'reachedAfter90s'>;

/** How many are reached some time after the commit, by ascending delays. */
function reachedWithin(delays: Float64Array): ReachedWithin {
  const within = (seconds: number): number => bisectRight(delays, seconds * SECOND_US);
  return {
    reachedAfter10s: within(10),
    reachedAfter30s: within(30),
    reachedAfter60s: within(60),
    reachedAfter90s: within(90),
  };
}

type TimesTo = Pick<UpdateRecord, 'timeTo50S' | 'timeTo90S' | 'timeTo99S' | 'timeTo999S' | 'timeTo100S'>;

/** When a share of `updatable` consumers has the update, by ascending delays; null where that is not so by the end. */
function timesTo(delays: Float64Array, updatable: number): TimesTo {
  const timeTo = (share: number): number | null => {
    const rank = Math.ceil(share * updatable);
    return rank < 1 || rank > delays.length ? null : delays[rank - 1] / SECOND_US;
  };
  return {
    timeTo50S: timeTo(0.5),
    timeTo90S: timeTo(0.9),
    timeTo99S: timeTo(0.99),
    timeTo999S: timeTo(0.999),
    timeTo100S: timeTo(1),
  };
}
