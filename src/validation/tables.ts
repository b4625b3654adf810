import type { Cell } from '../report/csv.js';
import { holm, LEVEL, type Standing } from './agreement.js';
import type { Estimate, Expectation } from './expectations.js';
import type { PowerRow } from './power.js';

/** What is said of a row. */
export type Verdict = 'agrees' | 'misses' | 'misses, explained';

/** A table of a validation: its file is `<name>.csv`. */
export interface ValidationTable {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that miss and are not explained. */
  readonly misses: number;
}

const verdictOf = (p: number, explanation: string): Verdict => {
  if (p >= LEVEL) return 'agrees';
  return explanation === '' ? 'misses' : 'misses, explained';
};

/** Six significant digits: no more is known. */
const rounded = (value: number | null): Cell => (value === null ? null : Number(value.toPrecision(6)));

/** Figures against theory or print. */
export function theoryTable(
  name: string,
  title: string,
  rows: readonly { readonly expectation: Omit<Expectation, 'of'>; readonly estimate: Estimate }[],
): ValidationTable {
  const adjusted = holm(rows.map(({ estimate }) => estimate.p));
  const verdicts = rows.map(({ expectation }, i) => verdictOf(adjusted[i], expectation.explanation ?? ''));
  return {
    name,
    title,
    columns: [
      'name',
      'formula',
      'source',
      'expected_low',
      'expected_high',
      'simulated',
      'ci95_low',
      'ci95_high',
      'replications',
      'p',
      'p_holm',
      'verdict',
      'explanation',
    ],
    rows: rows.map(({ expectation, estimate }, i) => [
      expectation.name,
      expectation.formula,
      expectation.source,
      rounded(estimate.expectedLow),
      rounded(estimate.expectedHigh),
      rounded(estimate.simulated),
      rounded(estimate.ci95Low),
      rounded(estimate.ci95High),
      estimate.replications,
      rounded(estimate.p),
      rounded(adjusted[i]),
      verdicts[i],
      verdicts[i] === 'agrees' ? '' : (expectation.explanation ?? ''),
    ]),
    misses: verdicts.filter((verdict) => verdict === 'misses').length,
  };
}

/** A measured figure among simulated ones. */
export interface MeasuredRow extends Standing {
  /** What identifies the row: cells of the table's first columns. */
  readonly keys: readonly Cell[];
  readonly statistic: string;
  readonly unit: string;
  readonly measured: number;
  readonly explanation: string;
}

/**
 * Measured figures against replications. The p values of each family are corrected for their number: the rows with the
 * same first `familyKeys` cells.
 */
export function measuredTable(
  name: string,
  title: string,
  keys: readonly string[],
  rows: readonly MeasuredRow[],
  familyKeys = 0,
): ValidationTable {
  const adjusted = adjustedByFamily(rows, familyKeys);
  const verdicts = rows.map(({ explanation }, i) => verdictOf(adjusted[i], explanation));
  return {
    name,
    title,
    columns: [
      ...keys,
      'statistic',
      'unit',
      'measured',
      'simulated',
      'central99_low',
      'central99_high',
      'rank',
      'replications',
      'p',
      'p_holm',
      'verdict',
      'explanation',
    ],
    rows: rows.map((row, i) => [
      ...row.keys,
      row.statistic,
      row.unit,
      rounded(row.measured),
      rounded(row.simulated),
      rounded(row.low),
      rounded(row.high),
      row.rank,
      row.replications,
      rounded(row.p),
      rounded(adjusted[i]),
      verdicts[i],
      verdicts[i] === 'agrees' ? '' : row.explanation,
    ]),
    misses: verdicts.filter((verdict) => verdict === 'misses').length,
  };
}

function adjustedByFamily(rows: readonly MeasuredRow[], familyKeys: number): readonly number[] {
  const families = new Map<string, number[]>();
  rows.forEach(({ keys }, index) => {
    const family = JSON.stringify(keys.slice(0, familyKeys));
    families.set(family, [...(families.get(family) ?? []), index]);
  });
  const adjusted = new Array<number>(rows.length);
  for (const members of families.values()) {
    holm(members.map((index) => rows[index].p)).forEach((p, i) => (adjusted[members[i]] = p));
  }
  return adjusted;
}

/** What the comparison with the real clusters is able to tell. */
export function powerTable(rows: readonly PowerRow[]): ValidationTable {
  return {
    name: 'power',
    title: 'Power: how often the comparison with the real clusters rejects a model',
    columns: ['release', 'laboratory', 'model', 'group', 'measurement_rejects', 'rejected_share', 'replications'],
    rows: rows.map(({ laboratory, model, group, measurementRejects, rejected, replications }) => [
      laboratory.release,
      laboratory.name,
      model,
      group,
      measurementRejects === null ? null : measurementRejects ? 'yes' : 'no',
      rounded(rejected),
      replications,
    ]),
    misses: 0,
  };
}
