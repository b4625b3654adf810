import { InputError } from '../experiment/input-error.js';
import { foreignFormat } from '../experiment/foreign-format.js';
import { JsonScanner } from '../experiment/json-scanner.js';

/** Kinds that are imported; a list's other items are passed over. */
export const IMPORTED_KINDS = ['Node', 'Pod', 'Secret', 'ConfigMap'] as const;
export type ImportedKind = (typeof IMPORTED_KINDS)[number];

/** Where an item was read. */
export interface Place {
  readonly label: string;
  /** From 1; a file can hold several documents. */
  readonly document: number;
  /** Index in the list; null for an object that stands alone. */
  readonly index: number | null;
}

/** `cluster.json: items[3]` */
export function formatPlace({ label, document, index }: Place): string {
  const parts = [
    label,
    ...(document > 1 ? [`document ${document}`] : []),
    ...(index === null ? [] : [`items[${index}]`]),
  ];
  return parts.join(': ');
}

/** Receives each item of an imported kind. */
export type OnItem = (kind: ImportedKind, item: unknown, place: Place) => void;

/** Fields of an object that stands alone, beside the fields of a list. */
const OBJECT_FIELDS = ['kind', 'metadata', 'spec', 'status', 'type', 'immutable', 'data', 'stringData', 'binaryData'];

/**
 * Takes in what `kubectl get … -o json` wrote, piece by piece: a List, a list of one kind, one object, or several of
 * these one after another. One item is in memory at a time.
 */
export class KubernetesItemReader {
  private readonly label: string;
  private readonly documents: DocumentReader;
  private readonly scanner: JsonScanner;
  private first = true;

  /** @param label what the source is called in messages */
  constructor(label: string, onItem: OnItem) {
    this.label = label;
    this.documents = new DocumentReader(label, onItem);
    this.scanner = new JsonScanner({
      label,
      paths: ['$.items.*', ...OBJECT_FIELDS.map((field) => `$.${field}`)],
      onPart: ({ key, value }) => this.documents.part(key, value),
      onDocument: () => this.documents.endDocument(),
    });
  }

  /** The first piece tells what the text is: at least 1 KiB, where there is so much. Throws an InputError. */
  write(piece: Uint8Array): void {
    const reason = this.first ? foreignFormat(piece) : undefined;
    if (reason !== undefined) throw new InputError([`${this.label}: ${reason}`]);
    this.first = false;
    this.scanner.write(piece);
  }

  /** Says that the text is over. Throws an InputError. @returns how many items of other kinds were passed over */
  end(): number {
    this.scanner.end();
    if (this.documents.document === 1) throw new InputError([`${this.label}: is empty`]);
    return this.documents.passedOver;
  }
}

/** Puts the parts of each document together: a list's items are passed on, a lone object's fields are collected. */
class DocumentReader {
  /** Number of the document being read, from 1. */
  document = 1;
  passedOver = 0;
  private readonly label: string;
  private readonly onItem: OnItem;
  private fields: Record<string, unknown> = {};
  /** Items without a kind of their own, read before the kind of their list is known. */
  private waiting: { readonly item: unknown; readonly index: number }[] = [];

  constructor(label: string, onItem: OnItem) {
    this.label = label;
    this.onItem = onItem;
  }

  part(key: string | number, value: unknown): void {
    if (typeof key === 'string') this.fields[key] = value;
    else if (kindOf(value) !== undefined || this.itemKind() !== undefined) this.pass(value, key);
    else this.waiting.push({ item: value, index: key });
  }

  endDocument(): void {
    const { fields, waiting } = this;
    const kind = kindOf(fields);
    if (kind === undefined || !(kind.endsWith('List') || isImported(kind))) throw this.notKubernetes(kind);
    if (isImported(kind)) this.onItem(kind, fields, this.place(null));
    for (const { item, index } of waiting) this.pass(item, index);
    this.fields = {};
    this.waiting = [];
    this.document++;
  }

  private pass(item: unknown, index: number): void {
    const kind = kindOf(item) ?? this.itemKind();
    if (kind === undefined) throw new InputError([`${formatPlace(this.place(index))}: has no kind`]);
    if (isImported(kind)) this.onItem(kind, item, this.place(index));
    else this.passedOver++;
  }

  /** `Secret` in a SecretList, as the API server serves it; kubectl's own List names no kind. */
  private itemKind(): string | undefined {
    const name = /^(.+)List$/.exec(kindOf(this.fields) ?? '');
    return name?.[1];
  }

  private place(index: number | null): Place {
    return { label: this.label, document: this.document, index };
  }

  private notKubernetes(kind: string | undefined): InputError {
    const found =
      kind === undefined
        ? 'is not a Kubernetes object: it has no kind'
        : kind === 'Status'
          ? 'is an error answer of the API server (kind Status)'
          : `is of kind ${JSON.stringify(kind.slice(0, 80))}`;
    return new InputError([
      `${formatPlace(this.place(null))}: ${found}; needed is a List, or one of ${IMPORTED_KINDS.join(', ')}`,
    ]);
  }
}

function kindOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  return typeof value.kind === 'string' && value.kind !== '' ? value.kind : undefined;
}

function isImported(kind: string): kind is ImportedKind {
  return (IMPORTED_KINDS as readonly string[]).includes(kind);
}
