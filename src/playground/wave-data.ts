import type { RunWaves } from '../cluster/record/waves.js';
import { endOf, type FieldData, fieldOf } from '../report/html/wave/field.js';

/** The wave of the update through the cluster, as its player in the page needs it. */
export interface WaveData {
  readonly horizonS: number;
  readonly field: FieldData;
}

/** The shortest time that a wave is shown for, seconds. */
const HORIZON_MIN_S = 1e-3;

/** The wave of a run; null where no pod sees an update. */
export function waveDataOf(waves: RunWaves): WaveData | null {
  if (waves.updates === null || waves.updates.node.length === 0) return null;
  const horizonS = Math.max(endOf(waves.updates), HORIZON_MIN_S);
  return { horizonS, field: fieldOf('all nodes', waves.updates, waves, horizonS) };
}
