import { parsed, rejected, type Parsed } from '../experiment/language/values/parsed.js';

/** A number with the unit that follows it in an experiment: `5000`, `60s`, `4Ki`. */
export interface NumberWithUnit {
  readonly value: number;
  readonly unit: string;
}

/** Reads a positive number with its unit, if any. */
export function parseNumberWithUnit(text: string): Parsed<NumberWithUnit> {
  const match = /^(\d+(?:\.\d+)?)([A-Za-zµ]*)$/.exec(text.trim());
  if (match === null || Number(match[1]) <= 0) return rejected('expected a number above 0, with or without a unit');
  return parsed({ value: Number(match[1]), unit: match[2] });
}

/** The quantity as an experiment has it; fractions of a second and the like in at most three digits. */
export function formatQuantity(value: number, unit: string): string {
  return `${Number(value.toFixed(3))}${unit}`;
}
