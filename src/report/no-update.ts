import type { RunMetrics } from '../cluster/model/run-record.js';
import type { Summary } from '../experiment/statistics/statistics.js';
import { grouped } from './compact-numbers.js';

/** A timeline as it stands in a spec. */
export type TimelineFields = readonly Readonly<Record<string, unknown>>[];

/** Actions that change what objects hold. */
const CHANGING = ['update', 'recreate', 'replace'] as const;
/** What a request meets that does not get its answer. */
const IN_VAIN = ['requests_refused', 'requests_lost', 'rejected_429', 'requests_in_flight_at_end'] as const;

/** That a scenario has no update, and why, where its timeline asks for some. */
export function noUpdateText(
  timeline: TimelineFields,
  metrics: Readonly<Record<keyof RunMetrics, Pick<Summary, 'mean'>>>,
): string {
  const refused = metrics.updates_rejected.mean ?? 0;
  if (refused > 0) {
    const which = refused < 1.5 ? 'the one that was sent was' : `${grouped(refused)} were`;
    return `no update was committed: ${which} refused, as the object is immutable (422) or not there (404)`;
  }
  const asked = timeline.some((entry) => CHANGING.some((action) => entry[action] !== undefined));
  const inVain = IN_VAIN.some((metric) => (metrics[metric].mean ?? 0) > 0);
  return asked && inVain
    ? 'no update was committed: no API server had answered the writer by the end of the run'
    : 'no update was committed';
}
