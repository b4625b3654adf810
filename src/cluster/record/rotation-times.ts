import type { RotationTimes, UpdateRecord } from '../model/run-record.js';

/** What is asked of an update. */
type Rotated = Pick<UpdateRecord, 'reached' | 'pending' | 'timeTo100S' | 'pipelineS'>;

/** Time until the last due pod of each update that any pod can see, s; Infinity while one is pending. */
export function lastPodTimes(updates: readonly Rotated[]): Float64Array {
  return Float64Array.from(updates.filter(isSeen), ({ timeTo100S }) => timeTo100S ?? Infinity);
}

/** How long each rotation of a run took, by the kubelets alone and through the whole pipeline. */
export function rotationTimes(updates: readonly Rotated[], pipeline: boolean): RotationTimes {
  const throughPipeline = (): Float64Array =>
    Float64Array.from(updates.filter(isSeen), ({ pipelineS }) => pipelineS ?? Infinity);
  return { kubeletS: lastPodTimes(updates), pipelineS: pipeline ? throughPipeline() : null };
}

function isSeen({ reached, pending }: Rotated): boolean {
  return reached + pending > 0;
}
