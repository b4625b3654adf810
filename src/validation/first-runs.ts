import { createHash } from 'node:crypto';
import type { Part } from './part.js';
import type { ValidationTable } from './tables.js';

/** Digits of a digest: two runs that differ have the same once in 10^19. */
const DIGITS = 16;

/**
 * What the first run of each case was seen to do, as a digest.
 * @param values of each part, by case and replication
 */
export function firstRunsTable(
  parts: readonly (Part & { readonly name: string })[],
  values: readonly (readonly (readonly unknown[])[])[],
): ValidationTable {
  return {
    name: 'first-runs',
    title: 'First run of each case',
    columns: ['part', 'case', 'seen'],
    rows: parts.flatMap(({ name }, part) => values[part].map(([first], index) => [name, index + 1, digest(first)])),
    misses: 0,
  };
}

/** Numbers are told to the last bit, those of typed arrays as well. */
function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, DIGITS);
}
