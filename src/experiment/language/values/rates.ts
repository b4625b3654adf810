import { parsed, rejected, type Parsed } from './parsed.js';

/** Seconds of the units of a rate. */
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Fastest rate that is accepted: far above what an API server can write. */
export const RATE_MAX_PER_S = 100_000;

const FORM = 'a rate is a number per unit of time: 20/s, 300/m, 50/h';

/** Objects per second of a rate such as `20/s`, `300/m` or `0.5/s`. */
export function parseRate(text: string): Parsed<number> {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  if (match === null) return rejected(/^-/.test(text) ? 'a rate cannot be negative' : FORM);
  const perSecond = Number(match[1]) / UNIT_SECONDS[match[2]];
  if (perSecond <= 0) return rejected('a rate of zero would never begin: leave the entry out');
  return perSecond > RATE_MAX_PER_S ? rejected(`faster than ${RATE_MAX_PER_S}/s`) : parsed(perSecond);
}

/** Objects per second of a rate that the schema has accepted. Throws a TypeError for any other text. */
export function ratePerS(text: string): number {
  const result = parseRate(text);
  if (!result.ok) throw new TypeError(`${text}: ${result.reason}`);
  return result.value;
}
