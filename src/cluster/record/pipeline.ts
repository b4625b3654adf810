import { extendName } from '../../sim/names.js';
import type { PipelineInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { StoredObjects } from '../population/node-source.js';
import type { Population } from '../population/population.js';

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
    private readonly stored: Pick<StoredObjects, 'objectNameHigh' | 'objectNameLow'>,
    private readonly random: Pick<Randomness, 'sourcePoll' | 'reload'>,
  ) {}

  /** From the change at the source until the poll that finds it, of an object's `version`, µs. */
  sourceWait(object: number, version: number): number {
    const { refreshIntervalUs } = this.input;
    if (refreshIntervalUs === 0) return 0;
    const { objectNameHigh, objectNameLow } = this.stored;
    const u = this.random.sourcePoll.uniform(objectNameHigh[object], objectNameLow[object], version);
    return Math.floor(u * refreshIntervalUs);
  }

  /** From the new files of an object's `version` in a pod until its application works with them, µs. */
  reload({ podNameHigh, podNameLow }: PodNames, pod: number, object: number, version: number): number {
    const { reloadIntervalUs, reloadDelayUs } = this.input;
    if (reloadIntervalUs === 0) return reloadDelayUs;
    const { objectNameHigh, objectNameLow } = this.stored;
    const name = { high: podNameHigh[pod], low: podNameLow[pod] };
    const { high, low } = extendName(name, objectNameHigh[object], objectNameLow[object]);
    return reloadDelayUs + Math.floor(this.random.reload.uniform(high, low, version) * reloadIntervalUs);
  }
}
