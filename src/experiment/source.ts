import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { InputError } from './input-error.js';
import { formatOrigin, type Located, type LocatedEntry, type Origin } from './located.js';

/** The name of standard input among the files. */
export const STDIN = '-';
const STDIN_LABEL = '<stdin>';

/** Aliases can repeat a part without end: no experiment has this many parts. */
const PARTS_MAX = 200_000;

/** After so many syntax errors the rest are mostly consequences. */
const SYNTAX_ERRORS_MAX = 10;

/** What a source is called in messages. */
export function sourceLabel(path: string): string {
  return path === STDIN ? STDIN_LABEL : path;
}

/** Parses one YAML or JSON document. Throws an InputError with every syntax error found. */
export function parseSource(text: string, source: string): Located {
  try {
    return parseDocumentText(text, source);
  } catch (error) {
    // The parser descends once per level, so only the stack tells how deep is too deep.
    if (error instanceof RangeError) throw new InputError([`${source}: is nested too deeply`]);
    throw error;
  }
}

function parseDocumentText(text: string, source: string): Located {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const originOf = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    const shown = errors.slice(0, SYNTAX_ERRORS_MAX).map((error) => describeError(error, text, originOf));
    const hidden = errors.length - shown.length;
    throw new InputError(hidden > 0 ? [...shown, `${source}: and ${hidden} more syntax errors`] : shown);
  }
  if (document.contents === null) {
    throw new InputError([`${source}: is empty; secretsim init writes an example experiment`]);
  }
  return new TreeBuilder(document, source, originOf).build(document.contents);
}

/** Parses the value of `--set` as YAML. Throws an InputError that names the option. */
export function parseValue(text: string, origin: Origin): Located {
  const empty: Located = { type: 'scalar', origin, value: '', text: '' };
  return text.trim() === '' ? empty : withOrigin(parseSource(text, origin.source), origin);
}

function withOrigin(node: Located, origin: Origin): Located {
  if (node.type === 'scalar') return { ...node, origin };
  if (node.type === 'list') return { ...node, origin, items: node.items.map((item) => withOrigin(item, origin)) };
  const entries = [...node.entries].map(([key, entry]): [string, LocatedEntry] => [
    key,
    { keyOrigin: origin, value: withOrigin(entry.value, origin) },
  ]);
  return { type: 'map', origin, entries: new Map(entries) };
}

function describeError(error: YAMLError, text: string, originOf: (offset: number) => Origin): string {
  const at = formatOrigin(originOf(error.pos[0]));
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return `${at}: ${fieldNameAt(text, error.pos[0])}: this field is given twice`;
    case 'MULTIPLE_DOCS':
      return `${at}: a second YAML document begins here; a file holds one experiment`;
    default:
      return `${at}: not valid YAML or JSON: ${error.message}`;
  }
}

/** The field name that begins at an offset, with its quotes. */
function fieldNameAt(text: string, offset: number): string {
  const name = /("[^"\n]*"|'[^'\n]*'|[^\s:]+)/y;
  name.lastIndex = offset;
  return name.exec(text)?.[0] ?? text.slice(offset, offset + 1);
}

/** Turns the nodes of a YAML document into located plain data, aliases resolved. */
class TreeBuilder {
  private readonly document: Document;
  private readonly source: string;
  private readonly originOf: (offset: number) => Origin;
  /** Anchored nodes that are being built: an alias to one of them would have no end. */
  private readonly open = new Set<unknown>();
  private parts = 0;

  constructor(document: Document, source: string, originOf: (offset: number) => Origin) {
    this.document = document;
    this.source = source;
    this.originOf = originOf;
  }

  build(node: ParsedNode | null, fallback: Origin = { source: this.source }): Located {
    if (node === null) return { type: 'scalar', origin: fallback, value: null, text: '' };
    const origin = this.originOf(node.range[0]);
    if (++this.parts > PARTS_MAX) throw this.problem(origin, 'the aliases in this file repeat too many parts');
    if (this.open.has(node)) throw this.problem(origin, 'this part contains itself through an alias');
    this.open.add(node);
    const located = this.buildOpen(node, origin);
    this.open.delete(node);
    return located;
  }

  private buildOpen(node: ParsedNode, origin: Origin): Located {
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target === undefined) throw this.problem(origin, `no anchor &${node.source} before this alias`);
      return this.build(target as ParsedNode, origin);
    }
    if (isSeq(node)) return { type: 'list', origin, items: node.items.map((item) => this.build(item, origin)) };
    if (!isMap(node)) return this.buildScalar(node, origin);
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) throw this.problem(origin, 'a field name must be plain text');
      const keyOrigin = this.originOf(key.range[0]);
      entries.set(textOf(key), { keyOrigin, value: this.build(value, keyOrigin) });
    }
    return { type: 'map', origin, entries };
  }

  private buildScalar(node: Scalar, origin: Origin): Located {
    const { value } = node;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!known && value !== null) throw this.problem(origin, 'only text, numbers, true and false are values here');
    return { type: 'scalar', origin, value, text: textOf(node) };
  }

  private problem(origin: Origin, message: string): InputError {
    return new InputError([`${formatOrigin(origin)}: ${message}`]);
  }
}

/** Text as written for plain numbers and words, without quotes for quoted text. */
function textOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}
