import { TextDecoder } from 'node:util';
import { InputError } from '../../experiment/language/values/input-error.js';
import { readBytes } from '../../experiment/language/input-bytes.js';
import { sourceLabel } from '../../experiment/language/source.js';

/** One line with a value. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** As written: milliseconds since 1970, in OpenMetrics seconds; null where there is none. */
  readonly timestamp: number | null;
  /** From 1. */
  readonly line: number;
}

/** Where a line was read. */
export interface LinePlace {
  readonly label: string;
  /** From 1. */
  readonly line: number;
}

/** What a whole scrape says of itself. */
export interface ScrapeForm {
  /** It ends with `# EOF`: timestamps are seconds. */
  readonly openMetrics: boolean;
}

/** No series of an API server is a thousandth of this long. */
const LINE_CHARACTERS_MAX = 1024 * 1024;

const NEEDED = 'needed is what kubectl get --raw /metrics prints';

const TYPES = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'untyped',
  'unknown',
  'info',
  'stateset',
] as const;

/**
 * Reads a scrape (`-`: standard input; gzip or not) in the Prometheus text format 0.0.4 or in OpenMetrics 1.0;
 * one line is in memory at a time. Exemplars are passed over.
 * Throws an InputError with line and column where the file is something else. No text of the file is repeated
 * in it: what was given by mistake may be a secret.
 */
export async function readSamples(path: string, onSample: (sample: Sample) => void): Promise<ScrapeForm> {
  const label = sourceLabel(path);
  let ended = false;
  let number = 0;
  for await (const text of readLines(path, label)) {
    number++;
    const place = { label, line: number };
    if (ended) throw problem(place, 1, 'there is more after # EOF: the file holds more than one scrape');
    if (text.startsWith('#')) ended = readComment(text, place);
    else if (text.trim() !== '') onSample(parseSample(text, place));
  }
  if (number === 0) throw new InputError([`${label}: is empty; ${NEEDED}`]);
  return { openMetrics: ended };
}

async function* readLines(path: string, label: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  let first = true;
  for await (const piece of readBytes(path)) {
    const reason = first ? foreignReason(piece) : undefined;
    if (reason !== undefined) throw new InputError([`${label}: ${reason}; ${NEEDED}`]);
    first = false;
    const lines = (rest + decode(decoder, piece, label)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      number++;
      // Editors of Windows end lines so.
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    if (rest.length > LINE_CHARACTERS_MAX) {
      throw problem({ label, line: number + 1 }, 1, `the line is longer than 1 MiB: this is no scrape; ${NEEDED}`);
    }
  }
  rest += decode(decoder, undefined, label);
  if (rest !== '') {
    const line = { label, line: number + 1 };
    throw problem(line, rest.length + 1, 'the last line does not end with a line feed: the scrape is cut off');
  }
}

/** The text of a piece; undefined: there are no more, and no character may be left unfinished. */
function decode(decoder: TextDecoder, piece: Buffer | undefined, label: string): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new InputError([`${label}: is not UTF-8 text; ${NEEDED}`]);
  }
}

/** Why text that begins like this is no scrape; undefined where it may be one. */
function foreignReason(head: Buffer): string | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return "is UTF-16 text, which PowerShell's > writes; write it as UTF-8 (| Out-File -Encoding utf8 FILE)";
  }
  if (head.includes(0)) return 'is a binary file';
  const text = head.toString('latin1').trimStart();
  if (text.startsWith('<')) return 'is an HTML or XML page (a log-in page?)';
  if (!/^[[{]/.test(text)) return undefined;
  if (!/"kind"\s*:\s*"Status"/.test(text)) return 'is JSON';
  const code = /"code"\s*:\s*(\d{3})/.exec(text)?.[1];
  const forbidden = code === '403' ? ': this user may not read /metrics' : '';
  return `is an error answer of the API server (kind Status${code === undefined ? '' : `, code ${code}`})${forbidden}`;
}

/** Checks a `# TYPE` line; other comments may say anything. Returns true at the end mark of OpenMetrics. */
function readComment(text: string, place: LinePlace): boolean {
  if (/^# EOF\s*$/.test(text)) return true;
  const type = /^#[ \t]+TYPE[ \t]+(?:[a-zA-Z_:][a-zA-Z0-9_:]*|"(?:[^"\\]|\\.)*")[ \t]+(\S+)[ \t]*$/.exec(text);
  if (!/^#[ \t]+TYPE(?:[ \t]|$)/.test(text)) return false;
  if (type === null || !TYPES.some((known) => known === type[1])) {
    throw problem(place, 1, `expected # TYPE NAME and one of ${TYPES.join(', ')}`);
  }
  return false;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const LABEL_TEXT = /[^"\\]*/y;
const BLANKS = /[ \t]*/y;
const WORD = /[^ \t]+/y;
const EXEMPLAR = /#[ \t]*\{/y;

/** What lines are made of besides names, texts and numbers. */
const SIGNS = ['{', '}', ',', '=', '#', '"', '\\'];

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

/**
 * Parses a line `name{label="value",…} value [timestamp] [# exemplar]`.
 * Throws an InputError with line and column.
 */
export function parseSample(text: string, place: LinePlace): Sample {
  return new LineParser(text, place).sample();
}

class LineParser {
  private at = 0;
  private name: string | null = null;

  constructor(
    private readonly text: string,
    private readonly place: LinePlace,
  ) {}

  sample(): Sample {
    this.blanks();
    // A name with other characters stands among the labels, in quotes (Prometheus 3).
    const isQuoted = this.text[this.at] === '{';
    if (!isQuoted) this.name = this.take(NAME, `the name of a metric; ${NEEDED}`);
    this.blanks();
    const labels = this.text[this.at] === '{' ? this.labels() : new Map<string, string>();
    const { name } = this;
    if (name === null) throw problem(this.place, 1, `expected the name of a metric; ${NEEDED}; found labels alone`);
    this.blanks();
    const value = this.number('the value of the series, a number');
    this.blanks();
    const timestamp = this.ended() ? null : this.number('a timestamp, an exemplar or the end of the line');
    this.blanks();
    if (!this.ended()) throw this.expected('an exemplar or the end of the line');
    return { name, labels, value, timestamp, line: this.place.line };
  }

  /** At the end of the line, or of what is read of it: an exemplar says nothing of the series. */
  private ended(): boolean {
    return this.at === this.text.length || this.match(EXEMPLAR) !== null;
  }

  private labels(): Map<string, string> {
    const labels = new Map<string, string>();
    this.at++;
    this.blanks();
    while (this.text[this.at] !== '}') {
      const isQuoted = this.text[this.at] === '"';
      const name = isQuoted ? this.quoted() : this.take(LABEL_NAME, 'the name of a label, or }');
      this.blanks();
      if (isQuoted && this.name === null && this.text[this.at] !== '=') this.name = name;
      else this.value(labels, name);
      this.blanks();
      if (this.text[this.at] !== '}') this.skip(',');
      this.blanks();
    }
    this.at++;
    return labels;
  }

  private value(labels: Map<string, string>, name: string): void {
    if (labels.has(name)) throw problem(this.place, this.at, 'this label is given twice');
    this.skip('=');
    this.blanks();
    labels.set(name, this.quoted());
  }

  private quoted(): string {
    this.skip('"');
    let value = this.take(LABEL_TEXT, 'text');
    while (this.text[this.at] === '\\') {
      const escape = this.text.charAt(this.at + 1);
      if (!Object.hasOwn(ESCAPES, escape)) throw this.expected('\\\\, \\" or \\n');
      this.at += 2;
      value += ESCAPES[escape] + this.take(LABEL_TEXT, 'text');
    }
    this.skip('"');
    return value;
  }

  private number(what: string): number {
    const start = this.at;
    const value = parseNumber(this.take(WORD, what));
    if (value !== undefined) return value;
    this.at = start;
    throw this.expected(what);
  }

  private blanks(): void {
    this.take(BLANKS, 'a blank');
  }

  private skip(character: string): void {
    if (this.text[this.at] !== character) throw this.expected(character);
    this.at++;
  }

  private take(pattern: RegExp, what: string): string {
    const found = this.match(pattern);
    if (found === null) throw this.expected(what);
    this.at += found.length;
    return found;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? null;
  }

  private expected(what: string): InputError {
    const character = this.text.charAt(this.at);
    // Anything but a sign of the format may be the beginning of a secret.
    const found =
      character === '' ? 'the end of the line' : SIGNS.includes(character) ? JSON.stringify(character) : 'other text';
    return problem(this.place, this.at + 1, `expected ${what}; found ${found}`);
  }
}

/** A number as Go's ParseFloat reads it, in the forms that exporters write. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite === null) return undefined;
  return infinite[1] === '-' ? -Infinity : Infinity;
}

function problem({ label, line }: LinePlace, column: number, message: string): InputError {
  return new InputError([`${label}:${line}:${column}: ${message}`]);
}
