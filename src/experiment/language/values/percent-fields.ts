import * as z from 'zod';
import { parsedText, shareField } from './fields.js';
import { parsePercent } from './percent.js';

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
