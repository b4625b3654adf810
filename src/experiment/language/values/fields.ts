import * as z from 'zod';
import { durationUs, parseDuration } from './durations.js';
import type { Parsed } from './parsed.js';
import { parseQuantity } from './quantities.js';
import { parseRate } from './rates.js';
import { ln } from '../../../sim/portable-math.js';

/** Longest time that can be simulated: more than a year of rotations. */
export const DURATION_MAX = '9600h';

/** Longest TTL of a node that can be simulated: 24 h. The TTL controller itself writes at most 600 s. */
export const NODE_TTL_SECONDS_MAX = 86_400;

/** `MaxSecretSize` of `pkg/apis/core/types.go`, which holds for ConfigMaps, too. */
export const OBJECT_BYTES_MAX = 1_048_576;

/**
 * p99 / p50 of an exponential law without a shift, ln 100 / ln 2 = 6.64: the shifted law that has the two
 * quantiles exists up to this ratio.
 */
export const LATENCY_RATIO_MAX = ln(100) / ln(2);

/** `title` of fields whose value is text even where YAML reads a number: `1.30`, a seed of `42`. */
export const TEXT_TITLE = 'text';

interface FieldText {
  readonly description: string;
}

/** A text field whose form is checked by a parser of our own. */
export function parsedText(
  title: string,
  example: string,
  pattern: string,
  reasonOf: (text: string) => string | undefined,
) {
  return z
    .string()
    .superRefine((text, context) => {
      const reason = reasonOf(text);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    })
    .meta({ title, pattern, examples: [example] });
}

function reasonOf<T>(result: Parsed<T>): string | undefined {
  return result.ok ? undefined : result.reason;
}

interface DurationBounds extends FieldText {
  readonly min?: string;
  readonly max?: string;
  readonly example?: string;
  /** Words that may stand in place of a duration. */
  readonly words?: readonly string[];
  /** Why the bounds are what they are. */
  readonly why?: string;
}

const DURATION_PATTERN = '(0|(\\d+(\\.\\d+)?(ns|us|µs|μs|ms|s|m|h))+)';

/** A duration as Go writes it, from `min` to `max`. */
export function durationField(bounds: DurationBounds) {
  const { min = '0s', max = DURATION_MAX, words = [], why, description, example = '90s' } = bounds;
  const pattern = words.length === 0 ? `^${DURATION_PATTERN}$` : `^(${words.join('|')}|${DURATION_PATTERN})$`;
  const title = [...words, 'a duration'].join(', or ');
  const because = why === undefined ? '' : ` (${why})`;
  return parsedText(title, example, pattern, (text) => {
    if (words.includes(text)) return undefined;
    const result = parseDuration(text);
    if (!result.ok) return words.length === 0 ? result.reason : `${result.reason}, or ${words.join(', or ')}`;
    if (result.value < durationUs(min)) return `must be at least ${min}${because}`;
    return result.value > durationUs(max) ? `must be at most ${max}${because}` : undefined;
  }).meta({ description, allowed: `${min} to ${max}`, unit: 'ns, us, ms, s, m or h, with the number' });
}

const SIZE_PATTERN = '^\\d+(\\.\\d+)?([eE][+-]?\\d+|[mkMGTPE]|[KMGTPE]i)?$';

/** The size of an object: a quantity or bytes, at most what Kubernetes stores. */
export function sizeField({ description }: FieldText) {
  const tooLarge = `larger than ${OBJECT_BYTES_MAX} bytes (1Mi), the most that Kubernetes stores in one object (MaxSecretSize)`;
  const text = parsedText('a size', '4Ki', SIZE_PATTERN, (value) => {
    const result = parseQuantity(value);
    return result.ok && result.value > OBJECT_BYTES_MAX ? tooLarge : reasonOf(result);
  });
  return z
    .union([text, wholeNumberField({ min: 0, max: OBJECT_BYTES_MAX, why: 'MaxSecretSize' })])
    .meta({ description, unit: 'bytes' });
}

/** The memory of a machine: a quantity or bytes. */
export function memoryField(description: string) {
  const text = parsedText('a size', '64Gi', SIZE_PATTERN, (value) => reasonOf(parseQuantity(value)));
  return z
    .union([text, wholeNumberField({ min: 0, max: Number.MAX_SAFE_INTEGER })])
    .meta({ description, unit: 'bytes' });
}

interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly why?: string;
}

function boundsText({ min, max, why }: NumberBounds): string {
  return `allowed: ${min} to ${max}${why === undefined ? '' : ` (${why})`}`;
}

/** A whole number within bounds. */
export function wholeNumberField(bounds: NumberBounds) {
  return z.int().min(bounds.min, boundsText(bounds)).max(bounds.max, boundsText(bounds));
}

/** A number of things, at least one. */
export function count(description: string, max: number, why?: string) {
  return wholeNumberField({ min: 1, max, ...(why === undefined ? {} : { why }) }).describe(description);
}

/** A number within bounds. */
export function numberField(bounds: NumberBounds) {
  return z.number().min(bounds.min, boundsText(bounds)).max(bounds.max, boundsText(bounds));
}

/** A share of a whole, 0 to 1. */
export function shareField() {
  return numberField({ min: 0, max: 1, why: 'a share: 0.25 is a quarter' }).meta({ unit: 'share' });
}

/** Text in which YAML's numbers are taken as written. */
export function textField({ description }: FieldText) {
  return z.string().min(1, 'must not be empty').meta({ title: TEXT_TITLE, description });
}

/** A name that may become part of a file name or of a path: no slash, no control characters. */
export function nameField({ description }: FieldText) {
  return parsedText(TEXT_TITLE, 'rotation', '^[^/\\\\\\p{Cc}]{1,253}$', (name) => {
    if (name.trim() === '') return 'a name must not be empty';
    if (name === '.' || name === '..') return 'is the name of a directory';
    if (name.length > 253) return `is ${name.length} characters long; a name has at most 253, as in Kubernetes`;
    return /[/\\\p{Cc}]/u.test(name) ? 'a name has no slashes and no control characters' : undefined;
  }).meta({ description });
}

/** Objects per unit of time. */
export function rateField({ description }: FieldText) {
  return parsedText('a rate', '20/s', '^\\d+(\\.\\d+)?/[smh]$', (text) => reasonOf(parseRate(text))).meta({
    description,
    unit: '/s, /m or /h, with the number',
  });
}

interface LatencyText extends FieldText {
  readonly p50: string;
  readonly p99: string;
}

/** A latency: two quantiles of a shifted exponential law, or one duration, which is a constant. */
export function latencyField({ p50, p99, description }: LatencyText) {
  const quantile = (value: string, share: string) =>
    durationField({ max: '1h', example: value, description: `${share} of the draws are at most this.` }).default(value);
  const quantiles = z
    .strictObject({ p50: quantile(p50, 'Half'), p99: quantile(p99, '99 %') })
    .superRefine((latency, context) => {
      const reason = latencyProblem(latency);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    });
  const constant = durationField({ max: '1h', example: p50, description: 'A constant.' });
  return z.union([constant, quantiles]).meta({ description });
}

/** Why no law has these quantiles; undefined where one has, or where a duration is wrong in itself. */
function latencyProblem({ p50, p99 }: { readonly p50: string; readonly p99: string }): string | undefined {
  const [median, tail] = [parseDuration(p50), parseDuration(p99)];
  if (!median.ok || !tail.ok) return undefined;
  if (tail.value < median.value) return `p99 ${p99} is less than p50 ${p50}`;
  if (tail.value <= median.value * LATENCY_RATIO_MAX) return undefined;
  return (
    `p99 ${p99} is more than ${LATENCY_RATIO_MAX.toFixed(2)} times p50 ${p50}: latencies are drawn from a shifted ` +
    'exponential law, which has no such quantiles (its shift would be negative)'
  );
}
