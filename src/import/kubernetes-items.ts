import { foreignFormat, looksLikeYaml } from '../experiment/language/values/foreign-format.js';
import { FormatError } from '../experiment/language/values/input-error.js';
import { JsonScanner } from '../experiment/language/values/json-scanner.js';
import { DOCUMENT_FIELDS, DocumentItems } from './document-items.js';
import type { ItemSink, ItemTally } from './item-sink.js';
import { LogBlanking } from './log-blanking.js';
import { YamlDocuments } from './yaml-documents.js';

/** A format that documents are written in. */
interface Format {
  write(piece: Uint8Array): void;
  end(): void;
}

/**
 * Takes in what `kubectl get … -o json` wrote, piece by piece, and what else people have of a cluster: a List, a list of
 * one kind, one object, several of these one after another or as a JSON array, events of a watch, the output of
 * `kubectl cluster-info dump`, or any of it as YAML. One item is in memory at a time.
 */
export class KubernetesItemReader {
  private readonly label: string;
  private readonly items: DocumentItems;
  private format: Format | undefined;

  /** @param label what the source is called in messages */
  constructor(label: string, sink: ItemSink) {
    this.label = label;
    this.items = new DocumentItems(label, sink);
  }

  /** The first piece tells what the text is: at least 1 KiB, where there is so much. Throws an InputError. */
  write(piece: Uint8Array): void {
    this.format ??= this.formatOf(piece);
    this.format.write(piece);
  }

  /** Says that the text is over. Throws an InputError. */
  end(): ItemTally {
    this.format?.end();
    return this.items.end();
  }

  /** Items of imported kinds have been read. */
  get hasItems(): boolean {
    return this.items.tally.items > 0;
  }

  /** Whole documents have been read, of other kinds. */
  get isForeign(): boolean {
    return this.items.tally.documents > 0;
  }

  private formatOf(head: Uint8Array): Format {
    if (looksLikeYaml(head)) return new YamlDocuments(this.label, this.items);
    const reason = foreignFormat(head);
    if (reason !== undefined) throw new FormatError([`${this.label}: ${reason}`]);
    return new JsonDocuments(this.label, this.items);
  }
}

/** JSON documents, one after another or as the elements of an array, with logs of containers in between. */
class JsonDocuments {
  private readonly label: string;
  private readonly items: DocumentItems;
  private readonly scanner: JsonScanner;
  private readonly logs = new LogBlanking();

  constructor(label: string, items: DocumentItems) {
    this.label = label;
    this.items = items;
    this.scanner = new JsonScanner({
      label,
      paths: ['$.items.*', ...DOCUMENT_FIELDS.map((field) => `$.${field}`)],
      onPart: ({ key, value }) => {
        if (typeof key === 'string') items.field(key, value);
        else items.item(value, key);
      },
      onDocument: () => items.endDocument(),
    });
  }

  write(piece: Uint8Array): void {
    this.scanner.write(this.logs.write(piece));
    if (this.logs.isBroken) throw new FormatError([`${this.label}: holds text between its JSON documents`]);
  }

  end(): void {
    this.scanner.end();
    if (this.logs.isOpen) throw new FormatError([`${this.label}: ends within the log of a container: it is truncated`]);
    this.items.tally.logs = this.logs.logs;
  }
}
