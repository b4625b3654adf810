import { parsed, rejected, type Parsed } from './parsed.js';

const FORM = 'a share is written as 25% or 0.25';

/** The share that a percentage such as `25%` or `0.5%` is, 0 … 1. */
export function parsePercent(text: string): Parsed<number> {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)%$/.exec(text);
  if (match === null) return rejected(FORM);
  const percent = Number(match[1]);
  return percent > 100 ? rejected('more than the whole, 100%') : parsed(percent / 100);
}

/** The share, 0 … 1, of a value that the schema has accepted. Throws a TypeError for any other text. */
export function shareOf(value: string | number): number {
  if (typeof value === 'number') return value;
  const result = parsePercent(value);
  if (!result.ok) throw new TypeError(`${value}: ${result.reason}`);
  return result.value;
}
