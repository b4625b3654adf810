import type { RotationRow } from '../tables/rotation.js';
import { countIn, numberIn, type ResultRow } from './result-row.js';

/** A row of `rotation.csv`; columns that an older result lacks are empty. */
export function rotationRowIn(row: ResultRow): RotationRow {
  const text = (column: string): string => row[column] ?? '';
  return {
    stages: row['stages'] === 'pipeline' ? 'pipeline' : 'kubelet',
    bound_s: numberIn(row, 'bound_s'),
    no_bound: text('no_bound'),
    worst_seen_s: numberIn(row, 'worst_seen_s'),
    share_of_rotations: countIn(row, 'share_of_rotations'),
    replications: countIn(row, 'replications'),
    rotations: countIn(row, 'rotations'),
    unfinished: countIn(row, 'unfinished'),
    independent_rotations: countIn(row, 'independent_rotations'),
    overlap_s: numberIn(row, 'overlap_s'),
    ci95_low_s: numberIn(row, 'ci95_low_s'),
    ci95_high_s: numberIn(row, 'ci95_high_s'),
    replications_needed: numberIn(row, 'replications_needed'),
    found_by: text('found_by'),
    note: text('note'),
  };
}
