import { extendName } from '../../sim/names.js';
import type { PipelineInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { Etcd } from '../etcd/etcd.js';
import type { Population } from '../population/population.js';
import type { Writes } from '../workload/writes.js';

/** What a run has once that delays are read from. */
interface PipelineWorld {
  readonly random: Pick<Randomness, 'sourcePoll' | 'reload'>;
  readonly etcd: Etcd;
  readonly writes: Writes;
}

type PodNames = Pick<Population, 'podNameHigh' | 'podNameLow'>;

/**
 * What stands before and behind the kubelet when a credential is rotated: an operator that polls a store and writes
 * the object, and applications that read their files anew. Neither acts on the cluster, so their delays are added
 * once the run is over. All are drawn by what is polled and who polls, not in order: a poll of phase unknown to the
 * one who changes the credential is U[0, interval) late.
 */
export class Pipeline {
  constructor(
    private readonly input: PipelineInput,
    private readonly world: PipelineWorld,
  ) {}

  /**
   * From the change at the source until what a revision is was committed, µs: as operators have brought it, or else until
   * the poll that finds it.
   */
  sourceWait(revision: number): number {
    const { etcd, writes, random } = this.world;
    const changedAt = writes.changedAt.get(etcd.write[revision]);
    if (changedAt !== undefined) return etcd.committedAt[revision] - changedAt;
    const { refreshIntervalUs } = this.input;
    if (refreshIntervalUs === 0) return 0;
    const { objectNameHigh, objectNameLow } = etcd.stored;
    const [object, version] = [etcd.object[revision], etcd.content[revision]];
    const u = random.sourcePoll.uniform(objectNameHigh[object], objectNameLow[object], version);
    return Math.floor(u * refreshIntervalUs);
  }

  /** From the new files of an object's `version` in a pod until its application works with them, µs. */
  reload({ podNameHigh, podNameLow }: PodNames, pod: number, object: number, version: number): number {
    const { reloadIntervalUs, reloadDelayUs } = this.input;
    if (reloadIntervalUs === 0) return reloadDelayUs;
    const { objectNameHigh, objectNameLow } = this.world.etcd.stored;
    const name = { high: podNameHigh[pod], low: podNameLow[pod] };
    const { high, low } = extendName(name, objectNameHigh[object], objectNameLow[object]);
    return reloadDelayUs + Math.floor(this.world.random.reload.uniform(high, low, version) * reloadIntervalUs);
  }
}
