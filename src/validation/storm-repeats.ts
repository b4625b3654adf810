import { max, min } from 'd3-array';
import type { Standing } from './agreement.js';
import type { Laboratory } from './laboratory.js';
import type { MeasuredStorm } from './storm.js';

/** A storm, and where it was measured. */
interface LaboratoryStorm {
  readonly laboratory: Pick<Laboratory, 'release'>;
  readonly storm: Pick<MeasuredStorm, 'clients' | 'reflectors' | 'listsFirst'>;
}

/** True for two measurements of one storm: the same release, clients and way to begin. */
export function isRepeat(a: LaboratoryStorm, b: LaboratoryStorm): boolean {
  return (
    a.laboratory.release === b.laboratory.release &&
    a.storm.clients === b.storm.clients &&
    a.storm.reflectors === b.storm.reflectors &&
    a.storm.listsFirst === b.storm.listsFirst
  );
}

/**
 * Why a figure of a storm misses, where the storm was measured more than once: how far its measurements lie apart is
 * said beside the reason, and is a reason of its own where the simulated mean lies among them.
 * @param measured the figure in each measurement of the storm
 * @param reason what is known of why it misses; empty: nothing
 */
export function besideRepeats(
  measured: readonly number[],
  unit: string,
  { simulated }: Pick<Standing, 'simulated'>,
  reason: string,
): string {
  const low = min(measured);
  const high = max(measured);
  if (measured.length < 2 || low === undefined || high === undefined) return reason;
  const range = `${measured.length} measurements gave ${low} to ${high}${unit === '1' ? '' : ` ${unit}`}`;
  if (low <= simulated && simulated <= high) return `the simulated mean is among what was measured: ${range}`;
  return reason === '' ? '' : `${reason}; ${range}`;
}
