import type { RunWaves, Wave } from '../cluster/record/waves.js';
import { endOf, type FieldData, fieldOf } from '../report/html/wave/field.js';
import type { FinishedRun, PlainWaves } from './finished-run.js';

/** Waves through the cluster, one for each scenario that has one, as their player in the page needs them. */
export interface WaveData {
  readonly of: 'updates' | 'watches';
  readonly horizonS: number;
  readonly fields: readonly FieldData[];
}

/** The shortest time that a wave is shown for, seconds. */
const HORIZON_MIN_S = 1e-3;

/** The waves of updates, and those of watches that come back; none where no run has any. */
export function waveData(runs: readonly FinishedRun[], labels: readonly string[]): readonly WaveData[] {
  return (['updates', 'watches'] as const).flatMap((of) => {
    const shown = runs.flatMap(({ scenario, waves }) => {
      const wave = waves?.[of] ?? null;
      return waves === null || wave === null || wave.node.length === 0
        ? []
        : [{ label: labels[scenario], waves, wave }];
    });
    if (shown.length === 0) return [];
    const horizonS = Math.max(...shown.map(({ wave }) => endOf(wave)), HORIZON_MIN_S);
    return [{ of, horizonS, fields: shown.map(({ label, waves, wave }) => field(label, wave, waves, horizonS)) }];
  });
}

function field(label: string, wave: Wave, { nodeNames, updates, watches }: PlainWaves, horizonS: number): FieldData {
  const run: RunWaves = { nodeCount: nodeNames.length, nodeName: (node) => nodeNames[node], updates, watches };
  return fieldOf(label, wave, run, horizonS);
}
