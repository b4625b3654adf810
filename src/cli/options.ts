import type { Options } from 'yargs';
import { didYouMean } from '../experiment/language/values/nearest-name.js';

/** The command line is at fault (exit code 2). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a command prints its answer. */
export const OUTPUT_FORMATS = ['table', 'json', 'csv'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/**
 * What of an experiment a shell is to offer: a field of `spec` with `=` behind it and its values behind that, the path of
 * a field, a run by its name, or anything that can be explained.
 */
export const COMPLETES = ['setting', 'path', 'run', 'name'] as const;
export type Completes = (typeof COMPLETES)[number];

/** An option, as yargs and the completion of shells need to know it. */
export interface CommandOption extends Options {
  /** Values that shells offer; without them, an option that takes a value is offered files. */
  readonly values?: readonly string[];
  /** Values that shells ask this program for. */
  readonly completes?: Completes;
}

/** What yargs needs to know of an option whose value is text that has to be understood. */
export interface TextOption<T> extends CommandOption {
  readonly type: 'string';
  readonly requiresArg: true;
  readonly coerce: (value: string | readonly string[]) => T;
}

interface TextOptionSettings<T> extends Pick<CommandOption, 'alias' | 'defaultDescription' | 'values' | 'completes'> {
  /** Throws a UsageError for a value that is not allowed. */
  readonly parse: (text: string) => T;
}

/** An option with one value. Given twice it is refused; yargs would make a list of it. */
export function option<T>(name: string, describe: string, settings: TextOptionSettings<T>): TextOption<T> {
  const { parse, ...rest } = settings;
  return {
    ...rest,
    describe,
    type: 'string',
    requiresArg: true,
    coerce: (value) => {
      if (typeof value !== 'string') throw new UsageError(`${name} is given ${value.length} times; it takes one value`);
      return parse(value);
    },
  };
}

/** The option with a value for when it is not given. */
export function withDefault<T>(option: TextOption<T>, value: string): TextOption<T> & { readonly default: string } {
  return { ...option, default: value };
}

/** An option that may be repeated: always a list. (A list in yargs' own sense would lose the value `-`.) */
export function repeatableOption(
  describe: string,
  settings: Pick<CommandOption, 'values' | 'completes'> = {},
): TextOption<readonly string[]> {
  return {
    ...settings,
    describe,
    type: 'string',
    requiresArg: true,
    coerce: (value) => (typeof value === 'string' ? [value] : value),
  };
}

/** Text that is not empty. */
export function someText(name: string): (text: string) => string {
  return (text) => {
    if (text === '') throw new UsageError(`${name} is empty`);
    return text;
  };
}

/** A whole number from `min` to `max`. */
export function wholeNumber(name: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new UsageError(`${name}: expected a whole number from ${min} to ${max}`);
  };
}

/** `-o`, with the formats that a command prints; the first is the default. */
export function formatOption<F extends OutputFormat>(
  formats: readonly F[],
): TextOption<F> & { readonly default: string } {
  const parse = (text: string): F => {
    const format = formats.find((known) => known === text);
    if (format !== undefined) return format;
    throw new UsageError(`-o: expected ${formats.join(' or ')}${didYouMean(text, formats)}`);
  };
  const describe = `What standard output gets: ${formats.join(' or ')}`;
  return withDefault(option('-o', describe, { alias: 'o', values: formats, parse }), formats[0]);
}

/** `-o` of commands whose answer is a table. */
export const OUTPUT_OPTION = { output: formatOption(OUTPUT_FORMATS) };
