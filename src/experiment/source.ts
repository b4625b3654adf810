import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type ErrorCode,
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
  // Names that occur twice are looked for below, in less time.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const originOf = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
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

/** What the parser's codes mean. Its own messages are never used: some quote the text, which may be a secret. */
const SYNTAX_ERRORS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'an alias has neither an anchor nor a tag',
  BAD_ALIAS: 'an alias needs the name of an anchor that stands before it',
  BAD_COLLECTION_TYPE: 'the tag does not fit this map or list',
  BAD_DIRECTIVE: 'unknown directive: a line that begins with %',
  BAD_DQ_ESCAPE: 'unknown escape sequence in a double-quoted text',
  BAD_INDENT: 'the indentation does not fit',
  BAD_PROP_ORDER: 'anchors and tags stand before the - ? or : of what they belong to',
  BAD_SCALAR_START: 'text that begins with this character has to be quoted',
  BLOCK_AS_IMPLICIT_KEY:
    'a map stands within a line that is a field already: one field a line, or text with a colon in quotes',
  BLOCK_IN_FLOW: 'a block of lines stands within brackets',
  KEY_OVER_1024_CHARS: 'a field name is longer than 1,024 characters',
  MISSING_CHAR: 'a closing quote or bracket, a comma, a colon or a blank is missing',
  MULTILINE_IMPLICIT_KEY: 'a field name goes over several lines, or its colon is missing',
  MULTIPLE_ANCHORS: 'more than one anchor',
  MULTIPLE_TAGS: 'more than one tag',
  TAB_AS_INDENT: 'lines are indented by blanks, not by tabs',
  TAG_RESOLVE_FAILED: 'the tag is unknown or does not fit its value',
  UNEXPECTED_TOKEN: 'this does not belong here',
};

function describeError({ code, pos }: YAMLError, originOf: (offset: number) => Origin): string {
  if (code === 'MULTIPLE_DOCS') {
    return `${formatOrigin(originOf(pos[0]))}: a second YAML document begins here; a file holds one experiment`;
  }
  const reason = SYNTAX_ERRORS[code];
  return `${formatOrigin(originOf(pos[0]))}: not valid YAML or JSON${reason === undefined ? '' : `: ${reason}`}`;
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
      if (entries.has(name) && this.aliases === 0)
        this.doubles.push(`${formatOrigin(keyOrigin)}: this field is given twice`);
      entries.set(name, { keyOrigin, value: this.build(value, keyOrigin) });
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
