import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';
import { FormatError, InputError } from './input-error.js';

/** Deeper JSON is no Kubernetes object (managedFields, the deepest part, has some twenty levels). */
const DEPTH_MAX = 500;

/** etcd stores no object beyond 1.5 MiB, which escapes (`\u0001`) make six times longer at most. */
const PART_MIB_MAX = 16;

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

/** What may come next between the elements of a list of documents. */
type Between = 'element or end' | 'comma or end' | 'element';

/**
 * Reads JSON documents piece by piece and hands over the parts that were asked for; everything else is
 * dropped as soon as it is read, so memory is bounded by the largest part. Documents may follow one another, or be the
 * elements of a list, as `jq` makes one.
 * Throws an InputError with line and column where the text is not JSON. The parser's own messages are
 * never used: they quote the text, which may be a secret.
 */
export class JsonScanner {
  private readonly label: string;
  private readonly tokenizer: Tokenizer;
  private readonly parser: TokenParser;
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
    this.parser.onValue = ({ key, value }) => onPart({ key: key ?? '', value });
    this.tokenizer.onToken = (token) => {
      this.tokenAt = token.offset;
      if (this.depth === 0 && this.isOfList(token.token)) return;
      this.track(token.token);
      this.parser.write(token);
      if (this.depth < 2 || (this.depth === 2 && this.inList)) this.partAt = token.offset;
      if (this.depth > 0) return;
      if (this.between !== null) this.between = 'comma or end';
      onDocument();
    };
  }

  write(piece: Uint8Array): void {
    try {
      this.tokenizer.write(piece);
    } catch (error) {
      throw error instanceof InputError ? error : this.syntaxError(error, piece);
    }
    this.advance(piece, piece.length);
    if (this.bytes - this.partAt > PART_MIB_MAX * 2 ** 20) throw this.tooLarge();
  }

  /** Says that the text is over. Throws an InputError where it ends in the middle of a document. */
  end(): void {
    const total = this.bytes;
    try {
      this.tokenizer.end();
    } catch {
      throw this.truncated(total);
    }
    if (this.depth > 0 || this.between !== null) throw this.truncated(total);
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
    for (let at = piece.indexOf(10); at >= 0 && at < end; at = piece.indexOf(10, at + 1)) {
      this.lines++;
      this.lineStart = this.bytes + at + 1;
    }
    this.bytes += end;
  }

  private syntaxError(error: unknown, piece: Uint8Array): InputError {
    // Where the tokenizer gives no place, the text went wrong at or right after the latest token.
    const place = error instanceof Error ? /\(absolute position "(\d+)"\)/.exec(error.message) : null;
    const offset = place === null ? this.tokenAt : Number(place[1]);
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
