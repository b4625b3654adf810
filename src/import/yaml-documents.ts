import { parseDocument } from 'yaml';
import { FormatError, InputError } from '../experiment/language/values/input-error.js';
import type { DocumentItems } from './document-items.js';
import { isRecord } from './item-kind.js';

/** YAML is read at some megabytes a second at best: beyond this it takes longer than to ask for JSON. */
const YAML_MIB_MAX = 32;

/** Aliases repeat parts; kubectl writes none. */
const ALIASES_MAX = 100;

/**
 * Takes in a dump written as YAML, as `kubectl get -o yaml` and `oc adm inspect` write it. The items of a list are
 * parsed one by one, so memory is bounded by the largest of them.
 * No message repeats text of the input: it may be a secret.
 */
export class YamlDocuments {
  private readonly label: string;
  private readonly items: DocumentItems;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private rest = '';
  private bytes = 0;
  private line = 0;
  /** Lines of the document that are not of its items. */
  private head: string[] = [];
  private headLine = 1;
  /** Column of the dashes of the list `items`; null outside, −1 before the first dash. */
  private dashColumn: number | null = null;
  private item: string[] = [];
  private itemLine = 1;
  private index = 0;

  constructor(label: string, items: DocumentItems) {
    this.label = label;
    this.items = items;
  }

  write(piece: Uint8Array): void {
    this.bytes += piece.length;
    if (this.bytes > YAML_MIB_MAX * 2 ** 20) {
      throw new InputError([
        `${this.label}: is YAML of more than ${YAML_MIB_MAX} MiB, which takes too long to read; ask kubectl for -o json`,
      ]);
    }
    const lines = (this.rest + this.decode(piece)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.takeLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  /** The input is over. Throws an InputError. */
  end(): void {
    const last = this.rest + this.decode(undefined);
    if (last !== '') this.takeLine(last);
    this.endDocument();
  }

  private decode(piece: Uint8Array | undefined): string {
    try {
      return piece === undefined ? this.decoder.decode() : this.decoder.decode(piece, { stream: true });
    } catch {
      throw new FormatError([`${this.label}: is not UTF-8 text`]);
    }
  }

  private takeLine(line: string): void {
    this.line++;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      this.endDocument();
      if (line.slice(3).trim() !== '') this.takeHead(`   ${line.slice(3)}`);
      return;
    }
    if (line.startsWith('%') && this.head.length === 0) return;
    const column = line.search(/\S/);
    if (this.dashColumn !== null && (column < 0 || line[column] === '#')) this.item.push(line);
    else if (this.dashColumn !== null && this.takeItemLine(line, column)) return;
    else {
      this.takeHead(line);
      if (/^items:\s*(?:#.*)?$/.test(line)) this.dashColumn = -1;
    }
  }

  private takeHead(line: string): void {
    if (this.head.length === 0) this.headLine = this.line;
    this.head.push(line);
  }

  /** A line below `items`; false where the list is over. */
  private takeItemLine(line: string, column: number): boolean {
    const dash = /^\s*-(?:\s|$)/.test(line);
    if (this.dashColumn === -1 && dash) this.dashColumn = column;
    if (dash && column === this.dashColumn) {
      this.endItem();
      this.itemLine = this.line;
      this.item = [line];
      return true;
    }
    if (this.dashColumn !== null && this.dashColumn >= 0 && column > this.dashColumn) {
      this.item.push(line);
      return true;
    }
    this.endItem();
    this.dashColumn = null;
    return false;
  }

  private endItem(): void {
    const text = this.item.join('\n');
    this.item = [];
    if (text.trim() === '' || !/^\s*-/m.test(text)) return;
    const parsed = this.parse(text, this.itemLine);
    for (const value of Array.isArray(parsed) ? parsed : []) this.items.item(value, this.index++);
  }

  private endDocument(): void {
    this.endItem();
    this.dashColumn = null;
    this.index = 0;
    const text = this.head.join('\n');
    this.head = [];
    if (text.trim() === '') return;
    const parsed = this.parse(text, this.headLine);
    if (parsed === null) return;
    const documents = Array.isArray(parsed) ? parsed : [parsed];
    for (const document of documents) {
      if (isRecord(document)) this.takeDocument(document);
      this.items.endDocument();
    }
  }

  private takeDocument(document: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(document)) {
      if (name !== 'items') this.items.field(name, value);
      else if (Array.isArray(value)) value.forEach((item, index) => this.items.item(item, index));
    }
  }

  private parse(text: string, firstLine: number): unknown {
    try {
      // Comparing every key with every other takes long for a map of many.
      const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
      const [error] = document.errors;
      if (document.errors.length > 0) {
        const reason = error.code === 'RESOURCE_EXHAUSTION' ? 'is nested too deeply here' : 'not valid YAML here';
        throw this.syntaxError(text.slice(0, error.pos[0]), firstLine, reason);
      }
      return document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown;
    } catch (error) {
      if (error instanceof InputError) throw error;
      if (error instanceof RangeError) throw new FormatError([`${this.label}:${firstLine}: is nested too deeply`]);
      throw new FormatError([`${this.label}:${firstLine}: its aliases repeat too many parts, or have no anchor`]);
    }
  }

  private syntaxError(before: string, firstLine: number, reason: string): InputError {
    const lines = before.split('\n');
    const column = (lines.at(-1) ?? '').length + 1;
    return new FormatError([`${this.label}:${firstLine + lines.length - 1}:${column}: ${reason}`]);
  }
}
