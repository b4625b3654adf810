/** Digits of a double that a decimal number always keeps. */
const SIGNIFICANT_DIGITS = 15;
/** Whole numbers below have no more digits. */
const WHOLE_MAX = 1e15;

/**
 * A number as people and spreadsheets write it: the shortest digits that read back as the same number to 15
 * significant digits (what a spreadsheet keeps: 36.6359288, not 36.635928799999995), never with an exponent.
 * @throws RangeError for NaN and infinities, which no result may contain
 */
export function plainNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < WHOLE_MAX) return String(value);
  if (!Number.isFinite(value)) throw new RangeError(`a result is ${value}; results are finite numbers or missing`);
  const text = String(writtenNumber(value));
  if (!text.includes('e')) return text;
  const exponential = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (exponential === null) return text;
  const [, sign, lead, fraction = '', exponent] = exponential;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${lead}${fraction}`;
  return sign + lead + fraction.padEnd(power, '0');
}

/** The number that `plainNumber` writes: what a reader of the files has. */
export function writtenNumber(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

/** What is to be printed of a number that may be infinite: nothing then. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
