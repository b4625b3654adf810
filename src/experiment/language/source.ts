import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { InputError } from './values/input-error.js';
import { formatOrigin, type Located, type LocatedEntry, type Origin } from './values/located.js';

/** The name of standard input among the files. */
export const STDIN = '-';
const STDIN_LABEL = '<stdin>';

/** Aliases can repeat a part without end, and so can objects that are held twice: no experiment has this many parts. */
export const PARTS_MAX = 200_000;

/** After so many syntax errors the rest are mostly consequences. */
const SYNTAX_ERRORS_MAX = 10;

/** What is wrong, without the text that the parser's own messages repeat: it may be a secret. */
const SYNTAX_REASONS: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'an alias (*) has no name, or one that cannot be',
  BAD_DIRECTIVE: 'a directive (%) that is not known',
  BAD_DQ_ESCAPE: 'an escape (\\) that YAML does not have',
  BAD_INDENT: 'the indentation does not fit what stands around it',
  BAD_SCALAR_START: 'plain text cannot begin with this character; put quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'a map cannot begin on the line of a field; put it on a line of its own',
  BLOCK_IN_FLOW: 'within { } and [ ] there are no lines with a dash or a field of their own',
  KEY_OVER_1024_CHARS: 'a field name has at most 1024 characters',
  MISSING_CHAR: 'a character is missing: a quote, a comma, a colon or a closing bracket',
  MULTILINE_IMPLICIT_KEY: 'a field name has to stand on one line, with its colon',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab indents this line; YAML takes blanks only',
  TAG_RESOLVE_FAILED: 'a tag (!) that is not known, or a value that does not fit it',
};

/** What a source is called in messages. */
export function sourceLabel(path: string): string {
  return path === STDIN ? STDIN_LABEL : path;
}

/** Parses one YAML or JSON document. Throws an InputError with every syntax error found. */
export function parseSource(text: string, source: string): Located {
  return boundedInDepth(source, () => parseDocumentText(text, source));
}

/**
 * Parses all documents of a text, empty ones left out: at least one.
 * Throws an InputError with the syntax errors of the first that has some.
 */
export function parseDocuments(text: string, source: string): readonly Located[] {
  return boundedInDepth(source, () => {
    const lines = new LineCounter();
    const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })];
    const located = documents
      .filter((document) => document.contents !== null || document.errors.length > 0)
      .map((document) => locateDocument(document, lines, source));
    if (located.length === 0) throw new InputError([`${source}: is empty`]);
    return located;
  });
}

function boundedInDepth<T>(source: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // The parser descends once per level, so only the stack tells how deep is too deep.
    if (error instanceof RangeError) throw new InputError([`${source}: is nested too deeply`]);
    throw error;
  }
}

function parseDocumentText(text: string, source: string): Located {
  const lines = new LineCounter();
  // Names that occur twice are looked for below, in less time.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  return locateDocument(document, lines, source);
}

function locateDocument(document: Document.Parsed, lines: LineCounter, source: string): Located {
  const originOf = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col };
  };
  // Of what cannot stand where it does, the rest is a consequence of the first.
  const [unexpected] = document.errors.filter(({ code }) => code === 'UNEXPECTED_TOKEN');
  const errors = [...document.errors, ...document.warnings].filter(
    (error) => error.code !== 'UNEXPECTED_TOKEN' || error === unexpected,
  );
  if (errors.length > 0) {
    const shown = errors.slice(0, SYNTAX_ERRORS_MAX).map((error) => describeError(error, originOf));
    const hidden = errors.length - shown.length;
    throw new InputError(hidden > 0 ? [...shown, `${source}: and ${hidden} more syntax errors`] : shown);
  }
  if (document.contents === null) {
    throw new InputError([`${source}: is empty; secretsim init writes an example experiment`]);
  }
  const builder = new TreeBuilder(source, originOf);
  const tree = builder.build(document.contents);
  if (builder.doubles.length > 0) throw new InputError(builder.doubles);
  return tree;
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

function describeError({ code, pos }: YAMLError, originOf: (offset: number) => Origin): string {
  if (code === 'MULTIPLE_DOCS') {
    return `${formatOrigin(originOf(pos[0]))}: a second YAML document begins here; a file holds one experiment`;
  }
  const reason = SYNTAX_REASONS[code] ?? 'something here cannot stand at this place';
  return `${formatOrigin(originOf(pos[0]))}: not valid YAML or JSON: ${reason}`;
}

/** Turns the nodes of a YAML document into located plain data, aliases resolved. */
class TreeBuilder {
  /** Fields that are given twice. */
  readonly doubles: string[] = [];
  private readonly source: string;
  private readonly originOf: (offset: number) => Origin;
  /** Anchored nodes that are being built: an alias to one of them would have no end. */
  private readonly open = new Set<unknown>();
  /** The latest node of each anchor so far. */
  private readonly anchors = new Map<string, ParsedNode>();
  private aliases = 0;
  private parts = 0;

  constructor(source: string, originOf: (offset: number) => Origin) {
    this.source = source;
    this.originOf = originOf;
  }

  build(node: ParsedNode | null, fallback: Origin = { source: this.source }): Located {
    if (node === null) return { type: 'scalar', origin: fallback, value: null, text: '' };
    const origin = this.originOf(node.range[0]);
    if (++this.parts > PARTS_MAX) throw this.problem(origin, 'the aliases in this file repeat too many parts');
    if (this.open.has(node)) throw this.problem(origin, 'this part contains itself through an alias');
    // What an alias repeats was seen when it was written.
    if (!isAlias(node) && node.anchor !== undefined && this.aliases === 0) this.anchors.set(node.anchor, node);
    this.open.add(node);
    const located = this.buildOpen(node, origin);
    this.open.delete(node);
    return located;
  }

  private buildOpen(node: ParsedNode, origin: Origin): Located {
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) throw this.problem(origin, 'no anchor of this name stands before this alias');
      this.aliases++;
      const located = this.build(target, origin);
      this.aliases--;
      return located;
    }
    if (isSeq(node)) return { type: 'list', origin, items: node.items.map((item) => this.build(item, origin)) };
    if (!isMap(node)) return this.buildScalar(node, origin);
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of node.items) {
      if (!isScalar(key)) throw this.problem(origin, 'a field name must be plain text');
      const keyOrigin = this.originOf(key.range[0]);
      const name = textOf(key);
      if (/\p{Cs}/u.test(name)) throw this.problem(keyOrigin, 'a field name holds half of a character');
      if (entries.has(name) && this.aliases === 0)
        this.doubles.push(`${formatOrigin(keyOrigin)}: this field is given twice`);
      entries.set(name, { keyOrigin, value: this.build(value, keyOrigin) });
    }
    return { type: 'map', origin, entries };
  }

  private buildScalar(node: Scalar, origin: Origin): Located {
    const { value } = node;
    if (typeof value === 'string' && /\p{Cs}/u.test(value)) {
      throw this.problem(origin, 'half of a character (a lone surrogate) is no text: no file could hold it');
    }
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
