import type { Case } from './replications.js';
import type { ValidationTable } from './tables.js';

/** One part of a validation: its cases, and the tables that their values make. */
export interface Part {
  readonly cases: readonly Case<unknown>[];
  readonly tables: (values: readonly (readonly unknown[])[]) => readonly ValidationTable[];
}

/** A part whose cases all read the same kind of value. */
export function part<T>(
  cases: readonly Case<T>[],
  tables: (values: readonly (readonly T[])[]) => readonly ValidationTable[],
): Part {
  return { cases, tables: (values) => tables(values as readonly (readonly T[])[]) };
}
