import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';
import { GatheredBytes } from './gathered-bytes.js';
import { FormatError, InputError } from './input-error.js';
import { jsonBrackets } from './json-brackets.js';

/** Deeper JSON is no Kubernetes object (managedFields, the deepest part, has some twenty levels). */
const DEPTH_MAX = 500;

/** etcd stores no object beyond 1.5 MiB, which escapes (`\u0001`) make six times longer at most. */
const PART_MIB_MAX = 16;
const PART_BYTES_MAX = PART_MIB_MAX * 2 ** 20;

const LINE_FEED = 10;
/** Blanks and the comma: what may stand between the elements of a list. */
const BETWEEN = [32, LINE_FEED, 13, 9, 44];

/** An empty element, bracket by bracket. */
const [OPEN, CLOSE] = ['{', '}'].map((sign) => Uint8Array.of(sign.charCodeAt(0)));

/** A part of a document that was asked for. */
export interface ScannedPart {
  /** Field of the object or index in the list that holds the part. */
  readonly key: string | number;
  readonly value: unknown;
}

export interface ScannerOptions {
  /** What the source is called in messages. */
  readonly label: string;
  /** Paths of the parts to be handed over, such as `$.kind` and `$.items.*`; no part contains another. */
  readonly paths: readonly string[];
  readonly onPart: (part: ScannedPart) => void;
  /** The end of a document; several may follow one another. */
  readonly onDocument: () => void;
}

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What may come next between the elements of a list of documents. */
type Between = 'element or end' | 'comma or end' | 'element';

/**
 * Reads JSON documents piece by piece and hands over the parts that were asked for; everything else is
 * dropped as soon as it is read, so memory is bounded by the largest part. Documents may follow one another, or be the
 * elements of a list, as `jq` makes one.
 * Elements of a list that was asked for are cut out by their brackets and given to `JSON.parse`, which takes a third of the
 * time; where it refuses one, or an element is no object, the parser of tokens reads it, and says what is wrong.
 * Throws an InputError with line and column where the text is not JSON. The parser's own messages are
 * never used: they quote the text, which may be a secret.
 */
export class JsonScanner {
  private readonly label: string;
  private readonly tokenizer: Tokenizer;
  private readonly parser: TokenParser;
  private readonly paths: ReadonlySet<string>;
  private readonly brackets = jsonBrackets();
  /** In a list that was asked for, between its elements or within one that is cut out. */
  private inElements = false;
  /** What has been read of the element that is cut out. */
  private readonly element = new GatheredBytes();
  /** An element in place of the empty one that the parser of tokens is given for it. */
  private parsed: { readonly value: unknown } | null = null;
  /** Bytes that the parser of tokens was not given. */
  private skipped = 0;
  /** The latest string in an object of the first level: the name of the field, where a list begins. */
  private name: unknown = '';
  /** Levels within a document: the list that documents are elements of does not count. */
  private depth = 0;
  /** null: documents are not elements of a list here. */
  private between: Between | null = null;
  /** Where the part that is being read began, in bytes, and whether parts are elements of a list of the document. */
  private partAt = 0;
  private inList = false;
  /** Bytes before the current piece, the lines in them, and where the last of these lines starts. */
  private bytes = 0;
  private lines = 0;
  private lineStart = 0;
  /** Where the latest token starts, in bytes. */
  private tokenAt = 0;

  constructor({ label, paths, onPart, onDocument }: ScannerOptions) {
    this.label = label;
    // The empty separator lets documents follow one another.
    this.tokenizer = new Tokenizer({ separator: '' });
    this.parser = new TokenParser({ paths: [...paths], keepStack: false, separator: '' });
    this.paths = new Set(paths);
    this.parser.onValue = ({ key, value }) => onPart({ key: key ?? '', value: this.parsed?.value ?? value });
    this.tokenizer.onToken = (token) => {
      this.tokenAt = token.offset + this.skipped;
      if (this.depth === 1 && token.token === TokenType.STRING) this.name = token.value;
      if (this.depth === 0 && this.isOfList(token.token)) return;
      this.track(token.token);
      this.parser.write(token);
      if (this.depth < 2 || (this.depth === 2 && this.inList)) this.partAt = this.tokenAt;
      if (this.depth > 0) return;
      if (this.between !== null) this.between = 'comma or end';
      onDocument();
    };
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;)
      at = this.inElements ? this.readElement(piece, at) : this.readUntilList(piece, at);
    if (this.bytes - this.partAt > PART_BYTES_MAX) throw this.tooLarge();
  }

  /** Says that the text is over. Throws an InputError where it ends in the middle of a document. */
  end(): void {
    this.readAgain(this.element.take());
    const total = this.bytes;
    try {
      this.tokenizer.end();
    } catch {
      throw this.truncated(total);
    }
    if (this.depth > 0 || this.between !== null) throw this.truncated(total);
  }

  /** Reads token by token until a list begins that was asked for. @returns the index after what was read */
  private readUntilList(piece: Uint8Array, from: number): number {
    const list = this.brackets.afterSquare(piece, from);
    const end = list < 0 ? piece.length : list;
    this.tokenize(piece.subarray(from, end));
    this.advance(piece.subarray(from, end), end - from);
    this.inElements = list > 0 && this.depth === 2 && this.inList && this.paths.has(`$.${String(this.name)}.*`);
    return end;
  }

  /** Reads to the end of an element, or to its beginning. @returns the index after what was read */
  private readElement(piece: Uint8Array, from: number): number {
    if (this.element.length === 0) {
      let at = from;
      while (at < piece.length && BETWEEN.includes(piece[at])) at++;
      this.tokenize(piece.subarray(from, at));
      this.advance(piece.subarray(from, at), at - from);
      this.brackets.reset();
      this.inElements = at === piece.length || piece[at] === OPEN[0];
      if (at > from || !this.inElements) return at;
    }
    const end = this.brackets.afterClosing(piece, from);
    this.element.add(piece.subarray(from, end < 0 ? piece.length : end));
    if (end >= 0) this.takeElement(this.element.take());
    else if (this.element.length > PART_BYTES_MAX) this.readAgain(this.element.take());
    return end < 0 ? piece.length : end;
  }

  private takeElement(bytes: Uint8Array): void {
    this.parsed = this.brackets.deepest + 2 > DEPTH_MAX ? null : parse(bytes);
    if (this.parsed === null) {
      this.readAgain(bytes);
      return;
    }
    // Where it stands in the list is checked, and counted, by an empty element in its place.
    this.tokenize(OPEN);
    this.skipped += bytes.length - OPEN.length - CLOSE.length;
    this.tokenize(CLOSE);
    this.parsed = null;
    const { lines } = this.brackets;
    if (lines > 0) this.lineStart = this.bytes + bytes.lastIndexOf(LINE_FEED) + 1;
    this.lines += lines;
    this.bytes += bytes.length;
  }

  /** Reads an element, or the beginning of one, token by token; so is the rest of its list. */
  private readAgain(bytes: Uint8Array): void {
    this.inElements = false;
    this.brackets.reset();
    for (let at = 0; at < bytes.length;) at = this.readUntilList(bytes, at);
  }

  private tokenize(piece: Uint8Array): void {
    try {
      this.tokenizer.write(piece);
    } catch (error) {
      throw error instanceof InputError ? error : this.syntaxError(error, piece);
    }
  }

  /** Whether a token between documents belongs to the list that these are elements of. Throws where it cannot be there. */
  private isOfList(token: TokenType): boolean {
    if (this.between === null) {
      if (token !== TokenType.LEFT_BRACKET) return false;
      this.between = 'element or end';
      return true;
    }
    if (token === TokenType.RIGHT_BRACKET && this.between !== 'element') this.between = null;
    else if (token === TokenType.COMMA && this.between === 'comma or end') this.between = 'element';
    else if (token === TokenType.COMMA || token === TokenType.RIGHT_BRACKET || this.between === 'comma or end') {
      throw new SyntaxError('not a list');
    } else return false;
    return true;
  }

  private track(token: TokenType): void {
    switch (token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        this.depth++;
        if (this.depth === 2) this.inList = token === TokenType.LEFT_BRACKET;
        if (this.depth > DEPTH_MAX)
          throw new FormatError([`${this.label}: is nested more than ${DEPTH_MAX} levels deep`]);
        break;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        this.depth--;
        break;
      default:
    }
  }

  private advance(piece: Uint8Array, end: number): void {
    for (let at = piece.indexOf(LINE_FEED); at >= 0 && at < end; at = piece.indexOf(LINE_FEED, at + 1)) {
      this.lines++;
      this.lineStart = this.bytes + at + 1;
    }
    this.bytes += end;
  }

  private syntaxError(error: unknown, piece: Uint8Array): InputError {
    // Where the tokenizer gives no place, the text went wrong at or right after the latest token.
    const place = error instanceof Error ? /\(absolute position "(\d+)"\)/.exec(error.message) : null;
    const offset = place === null ? this.tokenAt : Number(place[1]) + this.skipped;
    this.advance(piece, Math.max(0, offset - this.bytes));
    const reason = error instanceof TypeError ? 'not UTF-8 text after this place' : 'not valid JSON here';
    return new FormatError([`${this.position(offset)}: ${reason} (byte ${offset})`]);
  }

  private truncated(total: number): InputError {
    return new FormatError([
      `${this.position(total)}: the JSON ends in the middle, after ${total} bytes: the file is truncated`,
    ]);
  }

  private tooLarge(): InputError {
    return new FormatError([
      `${this.label}: a part that begins at byte ${this.partAt} is larger than ${PART_MIB_MAX} MiB: no Kubernetes object is`,
    ]);
  }

  private position(offset: number): string {
    return `${this.label}:${this.lines + 1}:${Math.max(0, offset - this.lineStart) + 1}`;
  }
}

/** The value of JSON text; null where it is none. */
function parse(bytes: Uint8Array): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(TEXT.decode(bytes)) as unknown };
  } catch {
    return null;
  }
}
