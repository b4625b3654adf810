import { parsed, rejected, type Parsed } from './parsed.js';

/** Factors of the suffixes of a Kubernetes quantity (`apimachinery/pkg/api/resource`), from 1 upwards. */
const SUFFIXES: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 1_000n,
  M: 1_000_000n,
  G: 1_000_000_000n,
  T: 1_000_000_000_000n,
  P: 1_000_000_000_000_000n,
  E: 1_000_000_000_000_000_000n,
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

/** Divisors of the suffixes below 1. */
const SMALL_SUFFIXES: Readonly<Record<string, bigint>> = { m: 1_000n, u: 1_000_000n, n: 1_000_000_000n };

/** Longer text is no size; the bound keeps the arithmetic below small. */
const TEXT_LENGTH_MAX = 64;

/** Largest exponent that is looked at: 10^18 is the largest suffix, too. */
const EXPONENT_MAX = 18;

const FORM = 'a size is a Kubernetes quantity such as 4Ki or 1Mi, or a plain number of bytes';

/** Bytes of a Kubernetes quantity: `4Ki`, `1.5Mi`, `4k`, `4e3`, `4096`. The result is a whole number of bytes. */
export function parseQuantity(text: string): Parsed<number> {
  if (/^-\s*[\d.]/.test(text)) return rejected('a size cannot be negative');
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4})|([a-zA-Z]*))$/.exec(text);
  if (match === null || text.length > TEXT_LENGTH_MAX) return rejected(FORM);
  const [, whole, fraction = '', exponentText = '0', suffix = ''] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX) return rejected('the exponent is beyond any size');
  if (!Object.hasOwn(SUFFIXES, suffix) && !Object.hasOwn(SMALL_SUFFIXES, suffix)) {
    return rejected(unknownSuffix(suffix));
  }
  const factor = (SUFFIXES[suffix] ?? 1n) * (exponent > 0 ? 10n ** BigInt(exponent) : 1n);
  const divisor =
    (SMALL_SUFFIXES[suffix] ?? 1n) * 10n ** BigInt(fraction.length) * (exponent < 0 ? 10n ** BigInt(-exponent) : 1n);
  const scaled = BigInt(whole + fraction) * factor;
  if (scaled % divisor !== 0n) return rejected('not a whole number of bytes');
  const bytes = scaled / divisor;
  return bytes > BigInt(Number.MAX_SAFE_INTEGER) ? rejected('larger than any object') : parsed(Number(bytes));
}

function unknownSuffix(suffix: string): string {
  const meant = Object.keys(SUFFIXES).filter(
    (known) => known !== '' && known[0].toLowerCase() === suffix[0].toLowerCase(),
  );
  const hint = meant.length === 0 ? '' : `; did you mean ${meant.join(' or ')}?`;
  return `unknown suffix${hint} (known: k, M, G and Ki, Mi, Gi)`;
}

/** Bytes of a size that the schema has accepted. Throws a TypeError for any other text. */
export function sizeBytes(size: string | number): number {
  if (typeof size === 'number') return size;
  const result = parseQuantity(size);
  if (!result.ok) throw new TypeError(`${size}: ${result.reason}`);
  return result.value;
}
