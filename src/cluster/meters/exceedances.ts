import { sum } from 'd3-array';
import { MILLISECOND_US, SECOND_US } from '../../sim/units.js';
import type { ExceedanceMetric, UpdateRecord } from '../model/run-record.js';

/** A threshold as names of columns have it: `60s`, `1500ms`. Whole milliseconds only. */
function label(thresholdUs: number): string {
  return thresholdUs % SECOND_US === 0 ? `${thresholdUs / SECOND_US}s` : `${thresholdUs / MILLISECOND_US}ms`;
}

/** The metrics that tell how often delays are longer than these thresholds, two of each. */
export function exceedanceMetrics(thresholdsUs: readonly number[]): readonly ExceedanceMetric[] {
  return thresholdsUs.flatMap((us): ExceedanceMetric[] => [
    `delay_over_${label(us)}_share`,
    `last_pod_over_${label(us)}_share`,
  ]);
}

/**
 * P(delay > threshold) in one run, as shares of its projections and of its updates (any pod late). Consumers
 * still waiting at the end are late if they have waited for longer than the threshold; else it is not known, and
 * they and their update are left out. null where nothing is left.
 * @param thresholdsUs in the order of the updates' `late`
 * @param endUs end of the simulation
 */
export function exceedances(
  updates: readonly UpdateRecord[],
  thresholdsUs: readonly number[],
  endUs: number,
): Record<ExceedanceMetric, number | null> {
  const values = thresholdsUs.flatMap((us, index) => {
    const accounts = updates.map(({ late = [], reached, pending, committedAtS }) => {
      const overdue = endUs - committedAtS * SECOND_US > us ? pending : 0;
      return { late: late[index] + overdue, known: reached + overdue, unknown: pending - overdue };
    });
    const judged = accounts.filter(({ known, unknown, late }) => known > 0 && (unknown === 0 || late > 0));
    return [
      share(
        sum(accounts, ({ late }) => late),
        sum(accounts, ({ known }) => known),
      ),
      share(judged.filter(({ late }) => late > 0).length, judged.length),
    ];
  });
  return Object.fromEntries(exceedanceMetrics(thresholdsUs).map((metric, index) => [metric, values[index]]));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
