import { HOUR_US, MILLISECOND_US, MINUTE_US, SECOND_US } from '../../../sim/units.js';
import { parsed, rejected, type Parsed } from './parsed.js';

/** Nanoseconds of Go's duration units (`time.ParseDuration`); both signs for micro are in use. */
const UNITS_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Longer text is no duration; the bound keeps the arithmetic below small. */
const TEXT_LENGTH_MAX = 64;

const FORM = 'a duration is written as in Go: 90s, 1m30s, 24h, 250ms';

/**
 * Microseconds of a duration as Go and Kubernetes write it (`90s`, `1m30s`, `24h`, `250ms`, `0s`).
 * Stricter than Go: no sign, digits on both sides of a decimal point, and whole microseconds, which
 * are the model's resolution.
 */
export function parseDuration(text: string): Parsed<number> {
  if (text.length > TEXT_LENGTH_MAX) return rejected(FORM);
  if (text === '0') return parsed(0);
  if (/^-\s*[\d.]/.test(text)) return rejected('a duration cannot be negative');
  if (/^\d+(\.\d+)?$/.test(text)) return rejected(`the unit is missing: ${FORM}`);
  const component = /(\d+)(?:\.(\d+))?([a-zA-Zµμ]+)/y;
  let ns = 0n;
  while (component.lastIndex < text.length) {
    const match = component.exec(text);
    if (match === null) return rejected(FORM);
    const [, whole, fraction = '', unit] = match;
    if (!Object.hasOwn(UNITS_NS, unit)) return rejected(unknownUnit(unit));
    const scaled = BigInt(whole + fraction) * UNITS_NS[unit];
    const divisor = 10n ** BigInt(fraction.length);
    if (scaled % divisor !== 0n) return rejected('finer than a microsecond, the resolution of the model');
    ns += scaled / divisor;
  }
  if (text === '') return rejected(FORM);
  if (ns % 1_000n !== 0n) return rejected('finer than a microsecond, the resolution of the model');
  const us = ns / 1_000n;
  return us > BigInt(Number.MAX_SAFE_INTEGER) ? rejected('too long for any simulation') : parsed(Number(us));
}

function unknownUnit(unit: string): string {
  const hint = /^d(ays?)?$/i.test(unit) ? '; Go has no days: write 24h' : '';
  return `unknown unit${hint} (known: h, m, s, ms, us)`;
}

/** Microseconds of a duration that the schema has accepted. Throws a TypeError for any other text. */
export function durationUs(text: string): number {
  const result = parseDuration(text);
  if (!result.ok) throw new TypeError(`${text}: ${result.reason}`);
  return result.value;
}

/** The shortest duration text for whole microseconds: `1h30m`, `1.5s`, `500us`, `0s`. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s';
  if (us < MILLISECOND_US) return `${us}us`;
  if (us < SECOND_US) return `${us / MILLISECOND_US}ms`;
  const hours = Math.floor(us / HOUR_US);
  const minutes = Math.floor(us / MINUTE_US) % 60;
  const secondsUs = us % MINUTE_US;
  const seconds = `${Math.floor(secondsUs / SECOND_US)}${decimals(secondsUs % SECOND_US)}`;
  return (hours > 0 ? `${hours}h` : '') + (minutes > 0 ? `${minutes}m` : '') + (secondsUs > 0 ? `${seconds}s` : '');
}

/** `.25` for 250,000 millionths; nothing for none. */
function decimals(millionths: number): string {
  return millionths === 0 ? '' : `.${String(millionths).padStart(6, '0').replace(/0+$/, '')}`;
}
