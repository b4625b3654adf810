import { FormatError, InputError } from '../experiment/language/values/input-error.js';
import { inferredKind, isImported, isRecord, kindOf } from './item-kind.js';
import { kindHint, kindText } from './known-kinds.js';
import { emptyTally, formatPlace, IMPORTED_KINDS, type ItemSink, type Place, type ItemTally } from './item-sink.js';

/** Fields of a document that are looked at, beside the items of a list. */
export const DOCUMENT_FIELDS = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'status',
  'type',
  'immutable',
  'data',
  'stringData',
  'binaryData',
  'object',
] as const;

/** kubectl asks for so many objects at a time (`--chunk-size`). */
const CHUNK_SIZE = 500;

/** Items of a list by kind: kubectl asks for each kind on its own, and writes one List of all. */
type Counts = Map<string, number>;

/** Types of a watch's events (`watch.EventType`). */
const EVENT_TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'];

/**
 * Puts the parts of each document together: a list's items are passed on, a lone object's fields are collected. What a
 * document may be is decided here, whatever format it is written in.
 */
export class DocumentItems {
  readonly tally: ItemTally = emptyTally();
  private readonly label: string;
  private readonly sink: ItemSink;
  private fields: Record<string, unknown> = {};
  /** True where the document has items. */
  private isList = false;
  /** Items whose kind is that of their list, read before it is known. */
  private waiting: { readonly item: unknown; readonly index: number }[] = [];
  /** Items of the document, where it is a list. */
  private counts: Counts = new Map();
  /** Objects that stand alone: `jq '.items[]'` makes such of a list. */
  private readonly alone: Counts = new Map();
  private lists = 0;
  /** The first document that is of no use. */
  private foreign: FormatError | undefined;

  constructor(label: string, sink: ItemSink) {
    this.label = label;
    this.sink = sink;
  }

  /** A field of the document. */
  field(name: string, value: unknown): void {
    this.fields[name] = value;
  }

  /** An element of the document's field `items`. */
  item(value: unknown, index: number): void {
    this.isList = true;
    const kind = kindOf(value) ?? this.itemKind();
    if (kind !== undefined) this.pass(kind, value, index);
    else if (inferredKind(value) === 'Pod' || inferredKind(value) === 'Node') this.passInferred(value, index);
    else this.waiting.push({ item: value, index });
  }

  /** The document is over. Throws an InputError where it is not whole. */
  endDocument(): void {
    const { fields, waiting } = this;
    const kind = kindOf(fields);
    refusePage(kind, fields['metadata'], this.place(null));
    if (this.isList || kind?.endsWith('List') === true) {
      this.lists++;
      for (const { item, index } of waiting) this.passWaiting(item, index);
    } else if (EVENT_TYPES.includes(String(fields['type'])) && isRecord(fields['object'])) this.event(fields);
    else this.lone(kind);
    this.closeList(this.counts);
    this.fields = {};
    this.isList = false;
    this.waiting = [];
    this.counts = new Map();
    this.tally.documents++;
  }

  /** The input is over. Throws a FormatError where it held nothing of use. */
  end(): ItemTally {
    if (this.tally.documents === 0) throw new FormatError([`${this.label}: is empty`]);
    if (this.tally.items === 0 && this.lists === 0 && this.foreign !== undefined) throw this.foreign;
    this.closeList(this.alone);
    return this.tally;
  }

  /** An object that stands alone. */
  private lone(named: string | undefined): void {
    const { fields } = this;
    const kind = named ?? inferredKind(fields);
    if (kind !== undefined && isImported(kind)) {
      if (named === undefined) this.tally.withoutKind++;
      this.count(kind, this.alone);
      this.sink.add(kind, fields, this.place(null));
      return;
    }
    if (kind === 'Status') throw this.status();
    this.passOver(kind, fields);
    this.foreign ??= this.notKubernetes(kind);
  }

  /** What `kubectl get --watch --output-watch-events` and the API server's watch print. */
  private event({ type, object }: Readonly<Record<string, unknown>>): void {
    this.tally.events++;
    if (type === 'BOOKMARK') return;
    const kind = kindOf(object) ?? inferredKind(object);
    if (type === 'ERROR' || kind === 'Status') throw this.status();
    if (kind === undefined || !isImported(kind)) {
      this.passOver(type === 'DELETED' ? undefined : kind, object);
      return;
    }
    this.tally.items++;
    if (type === 'DELETED') this.sink.remove(kind, object, this.place(null));
    else this.sink.add(kind, object, this.place(null));
  }

  private pass(kind: string, item: unknown, index: number, counts = this.counts): void {
    if (isImported(kind)) {
      this.count(kind, counts);
      this.sink.add(kind, item, this.place(index));
    } else if (kind.endsWith('List') && isRecord(item) && Array.isArray(item['items'])) {
      refusePage(kind, item['metadata'], this.place(index));
      const own: Counts = new Map();
      for (const inner of item['items']) {
        const innerKind = kindOf(inner) ?? (listedKind(kind) || inferredKind(inner));
        if (innerKind === undefined) this.tally.passedOver++;
        else this.pass(innerKind, inner, index, own);
      }
      this.closeList(own);
    } else this.passOver(kind, item);
  }

  /** An item of a kind that is not imported. */
  private passOver(kind: string | undefined, item: unknown): void {
    if (kind !== undefined && this.sink.witness(kind, item)) this.tally.witnesses++;
    else this.tally.passedOver++;
  }

  private passInferred(item: unknown, index: number): void {
    const kind = inferredKind(item);
    if (kind === undefined) {
      this.tally.passedOver++;
      return;
    }
    this.tally.withoutKind++;
    this.pass(kind, item, index);
  }

  /** An item whose list has told its kind by now, or never will. */
  private passWaiting(item: unknown, index: number): void {
    const kind = this.itemKind();
    if (kind !== undefined) this.pass(kind, item, index);
    else if (kindOf(this.fields) === 'List' && inferredKind(item) === undefined) {
      throw new InputError([`${formatPlace(this.place(index))}: has no kind`]);
    } else this.passInferred(item, index);
  }

  private count(kind: string, counts: Counts): void {
    this.tally.items++;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }

  /** A list is over: each has its own pages, and each kind in it. */
  private closeList(counts: Counts): void {
    if ([...counts.values()].some((count) => count % CHUNK_SIZE === 0)) this.tally.fullPages++;
  }

  /** `Secret` in a SecretList, as the API server serves it; kubectl's own List names no kind. */
  private itemKind(): string | undefined {
    return listedKind(kindOf(this.fields) ?? '') || undefined;
  }

  private place(index: number | null): Place {
    return { label: this.label, document: this.tally.documents + 1, index };
  }

  private status(): InputError {
    return new InputError([
      `${formatPlace(this.place(null))}: is an error answer of the API server (kind Status): what it was asked for is not in the input`,
    ]);
  }

  private notKubernetes(kind: string | undefined): FormatError {
    const found = kind === undefined ? 'is not a Kubernetes object: it has no kind' : `is ${kindText(kind)}`;
    const hint = kind === undefined ? '' : kindHint(kind);
    return new FormatError([
      `${formatPlace(this.place(null))}: ${found}; needed is a List, or one of ${IMPORTED_KINDS.join(', ')}${hint}`,
    ]);
  }
}

/** `Secret` for `SecretList`; empty for `List` and for what is no list. */
function listedKind(kind: string): string {
  return /^(.+)List$/.exec(kind)?.[1] ?? '';
}

/** A page of a list would pass as the whole cluster. */
function refusePage(kind: string | undefined, metadata: unknown, place: Place): void {
  const listed = listedKind(kind ?? '');
  if (listed !== '' && !isImported(listed)) return;
  if (!isRecord(metadata) || typeof metadata['continue'] !== 'string' || metadata['continue'] === '') return;
  throw new InputError([
    `${formatPlace(place)}: is one page of a longer list (metadata.continue says that more follow); needed is the whole: ` +
      'kubectl get puts the pages together, and tells by its exit code where it could not',
  ]);
}
