import type { Fingerprint } from '../sim/fingerprint.js';
import type { RunRecord } from './run-record.js';

/** Kind of effect in the fingerprint. */
const REPORTED = 3;
/** Times are reported in seconds, and exact to the microsecond. */
const MILLIONTHS = 1e6;

/** What a run reports, apart from what its options leave out and what only says it in words. */
export type Reported = Pick<
  RunRecord,
  'metrics' | 'updates' | 'delays' | 'never' | 'load' | 'storms' | 'reads' | 'requests' | 'traffic' | 'rotations'
>;

/** Adds every number that a run reports to its fingerprint, so that two runs that agree in it report the same. */
export function stampReport(report: Reported, fingerprint: Fingerprint): void {
  let place = 0;
  const stamp = (value: number): void => {
    if (value !== 0 && !Number.isNaN(value)) fingerprint.add(Math.round(value * MILLIONTHS), REPORTED, place, 0);
    place++;
  };
  const visit = (value: unknown): void => {
    if (typeof value === 'number') stamp(value);
    else if (value instanceof Float64Array) value.forEach(stamp);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    else place++;
  };
  visit(report);
}
