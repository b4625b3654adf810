import * as z from 'zod';
import { parsedText, shareField } from './fields.js';
import { parsed, rejected, type Parsed } from './parsed.js';

const FORM = 'a share is written as 25% or 0.25';

/** The share that a percentage such as `25%` or `0.5%` is, 0 … 1. */
export function parsePercent(text: string): Parsed<number> {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)%$/.exec(text);
  if (match === null) return rejected(FORM);
  const percent = Number(match[1]);
  return percent > 100 ? rejected('more than the whole, 100%') : parsed(percent / 100);
}

/** A share of a whole: a percentage, or a number from 0 to 1. */
export function percentField({ description }: { readonly description: string }) {
  return z.union([percentText(), shareField()]).meta({ description, unit: 'share' });
}

/** A share of a whole that only a percentage tells, because a number is a number of things. */
export function percentText() {
  return parsedText('a percentage', '25%', '^\\d{1,9}(\\.\\d{1,9})?%$', (value) => {
    const result = parsePercent(value);
    return result.ok ? undefined : result.reason;
  });
}

/** The share, 0 … 1, of a value that the schema has accepted. Throws a TypeError for any other text. */
export function shareOf(value: string | number): number {
  if (typeof value === 'number') return value;
  const result = parsePercent(value);
  if (!result.ok) throw new TypeError(`${value}: ${result.reason}`);
  return result.value;
}
