import { cellsOf } from '../columns.js';
import { csvLines } from '../csv.js';
import type { Comparison } from './compare-results.js';
import { COMPARISON_COLUMNS } from './comparison-columns.js';

/** The comparison for a spreadsheet: a row per metric. */
export function comparisonCsv({ rows }: Pick<Comparison, 'rows'>): string {
  const names = COMPARISON_COLUMNS.map(({ name }) => name);
  return csvLines([names, ...rows.map((row) => cellsOf(COMPARISON_COLUMNS, row))], { excel: false });
}

/** The comparison for a program. */
export function comparisonJson({ rows, ...rest }: Comparison): string {
  return `${JSON.stringify({ ...rest, metrics: rows }, null, 2)}\n`;
}
