/** Kinds that are imported; of other items only those are looked at that tell who writes objects, and how pods are rolled out. */
export const IMPORTED_KINDS = ['Node', 'Pod', 'Secret', 'ConfigMap', 'ClusterTrustBundle'] as const;
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

/** Receives the items of imported kinds. */
export interface ItemSink {
  add(kind: ImportedKind, item: unknown, place: Place): void;
  /** A watch has seen the object's end. */
  remove(kind: ImportedKind, item: unknown, place: Place): void;
  /** An item of another kind. @returns whether it tells something of what is imported */
  witness(kind: string, item: unknown): boolean;
}

/** How items were found in the input. */
export interface ItemTally {
  /** Documents that were read: a file can hold several. */
  documents: number;
  /** Items of imported kinds. */
  items: number;
  /** Items of other kinds that tell who writes objects, or how pods are rolled out. */
  witnesses: number;
  /** All other items. */
  passedOver: number;
  /** Items of imported kinds that name none: their fields tell it. */
  withoutKind: number;
  /** Events of a watch. */
  events: number;
  /** Logs of containers, which `kubectl cluster-info dump` prints between its lists. */
  logs: number;
  /** Lists of which one kind fills whole pages: where a page fails, kubectl prints the pages before it. */
  fullPages: number;
}

/** Nothing read yet. */
export function emptyTally(): ItemTally {
  return { documents: 0, items: 0, witnesses: 0, passedOver: 0, withoutKind: 0, events: 0, logs: 0, fullPages: 0 };
}

/** Adds what one file gave to what all gave. */
export function addTally(sum: ItemTally, tally: ItemTally): void {
  sum.documents += tally.documents;
  sum.items += tally.items;
  sum.witnesses += tally.witnesses;
  sum.passedOver += tally.passedOver;
  sum.withoutKind += tally.withoutKind;
  sum.events += tally.events;
  sum.logs += tally.logs;
  sum.fullPages += tally.fullPages;
}
