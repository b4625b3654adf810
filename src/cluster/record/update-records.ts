import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { UpdateAccounts } from '../meters/update-accounts.js';
import { OBJECT_KINDS } from '../model/kinds.js';
import type { UpdateRecord } from '../model/run-record.js';
import type { Pipeline } from './pipeline.js';
import type { UpdateOutcomes } from './update-outcomes.js';

/** After which the rows say how many are reached, and shares of which they say when they are. */
const REACHED_AFTER_US = [10, 30, 60, 90].map((seconds) => seconds * SECOND_US);
const SHARES = [0.5, 0.9, 0.99, 0.999, 1];

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
    const reached = outcomes.reachedBy(update);
    const pending = outcomes.pending[update];
    const { atMost, ranked } = outcomes.delayStatistics(
      update,
      [...REACHED_AFTER_US, ...thresholds],
      SHARES.map((share) => Math.ceil(share * (reached + pending)) - 1),
    );
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
      reached,
      replaced: accounts.replaced[update],
      neverSubPath: accounts.neverSubPath[update],
      neverEnv: accounts.neverEnv[update],
      neverImmutable,
      neverDeleted,
      ...(accounts.neverLone[update] > 0 && { neverLone: accounts.neverLone[update] }),
      gone: accounts.goneFirst[update],
      pending,
      ...reachedWithin(atMost),
      ...(thresholds.length > 0 && { late: atMost.slice(REACHED_AFTER_US.length).map((count) => reached - count) }),
      ...timesTo(ranked),
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

/** How many are reached some time after the commit, by `REACHED_AFTER_US`. */
function reachedWithin([after10s, after30s, after60s, after90s]: readonly number[]): ReachedWithin {
  return {
    reachedAfter10s: after10s,
    reachedAfter30s: after30s,
    reachedAfter60s: after60s,
    reachedAfter90s: after90s,
  };
}

type TimesTo = Pick<UpdateRecord, 'timeTo50S' | 'timeTo90S' | 'timeTo99S' | 'timeTo999S' | 'timeTo100S'>;

/** When a share of those that can be reached has the update, by `SHARES`; null where that is not so by the end (NaN). */
function timesTo(us: readonly number[]): TimesTo {
  const [timeTo50S, timeTo90S, timeTo99S, timeTo999S, timeTo100S] = us.map((time) =>
    Number.isNaN(time) ? null : time / SECOND_US,
  );
  return { timeTo50S, timeTo90S, timeTo99S, timeTo999S, timeTo100S };
}
