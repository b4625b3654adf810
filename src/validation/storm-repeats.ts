import { max, min } from 'd3-array';
import type { Standing } from './agreement.js';
import type { Laboratory } from './laboratory.js';
import { slownessOf } from './storm-cpu.js';
import type { MeasuredStorm } from './measured-storm.js';

/** A storm, and where it was measured. */
interface LaboratoryStorm {
  readonly laboratory: Pick<Laboratory, 'release'>;
  readonly storm: MeasuredStorm;
}

/** True for two measurements of one storm: the same release, clients and way to begin, on machines as fast. */
export function isRepeat(a: LaboratoryStorm, b: LaboratoryStorm): boolean {
  return (
    a.laboratory.release === b.laboratory.release &&
    a.storm.clients === b.storm.clients &&
    a.storm.reflectors === b.storm.reflectors &&
    a.storm.listsFirst === b.storm.listsFirst &&
    a.storm.serverCores === b.storm.serverCores &&
    speedOf(a) === speedOf(b)
  );
}

function speedOf({ laboratory, storm }: LaboratoryStorm): string {
  const { server, clients } = slownessOf(laboratory.release, storm);
  return [server, clients].map((each) => each.toFixed(1)).join();
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
