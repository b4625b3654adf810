import { type Bound, boundOf, noBound } from '../../cluster/model/bound.js';
import { BOUND_PARTS } from '../tables/bounds.js';
import { countIn, type ResultRow } from './result-row.js';

/** The bound of a scenario from its rows of `bounds.csv`; null where there are none. */
export function boundIn(rows: readonly ResultRow[]): Bound | null {
  if (rows.length === 0) return null;
  const withPart = (part: string): readonly ResultRow[] => rows.filter((row) => row['part'] === part);
  const [none] = withPart(BOUND_PARTS.none);
  if ((none as ResultRow | undefined) !== undefined) return noBound(none['meaning']);
  return boundOf(
    withPart(BOUND_PARTS.term).map((row) => ({
      name: row['meaning'],
      seconds: countIn(row, 'term_s'),
      source: row['source'],
    })),
    withPart(BOUND_PARTS.assumption).map((row) => row['meaning']),
  );
}
