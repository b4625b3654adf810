import { group } from 'd3-array';

/** Where a value was written: a place in a file, or a source without places such as `--set` or a preset. */
export interface Origin {
  readonly source: string;
  /** From 1; absent where the source is not a file. */
  readonly line?: number;
  readonly column?: number;
}

export interface LocatedScalar {
  readonly type: 'scalar';
  readonly origin: Origin;
  readonly value: string | number | boolean | null;
  /** As written: tells `1.30` from `1.3`. */
  readonly text: string;
}

export interface LocatedList {
  readonly type: 'list';
  readonly origin: Origin;
  readonly items: readonly Located[];
}

export interface LocatedMap {
  readonly type: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keyOrigin: Origin;
  readonly value: Located;
}

/** Plain data of which every part knows where it was written. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

/** A key of a map or an index of a list. */
export type Step = string | number;

/** `file:line:column`, or the source alone where it has no places. */
export function formatOrigin({ source, line, column }: Origin): string {
  return line === undefined || column === undefined ? source : `${source}:${line}:${column}`;
}

/** Plain data with one origin for all its parts. Undefined fields are left out. */
export function locate(value: unknown, origin: Origin): Located {
  if (Array.isArray(value)) return { type: 'list', origin, items: value.map((item) => locate(item, origin)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return {
      type: 'map',
      origin,
      entries: new Map(entries.map(([key, item]) => [key, { keyOrigin: origin, value: locate(item, origin) }])),
    };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return { type: 'scalar', origin, value, text: String(value) };
  }
  throw new TypeError(`not plain data: ${typeof value}`);
}

function child(node: Located | undefined, step: Step): Located | undefined {
  if (node?.type === 'map') return node.entries.get(String(step))?.value;
  return node?.type === 'list' ? node.items[Number(step)] : undefined;
}

/** The part at the end of the steps; undefined where there is none. */
export function nodeAt(root: Located, steps: readonly Step[]): Located | undefined {
  return steps.reduce<Located | undefined>(child, root);
}

/** Number of values in a tree: its scalars, lists and maps. */
export function countParts(node: Located): number {
  if (node.type === 'scalar') return 1;
  const parts = node.type === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value);
  return parts.reduce((sum, part) => sum + countParts(part), 1);
}

/** Where the part at the end of the steps was written, or the nearest part around it that exists. */
export function originAt(root: Located, steps: readonly Step[], part: 'key' | 'value' = 'value'): Origin {
  let node = root;
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1;
    if (last && part === 'key' && node.type === 'map') return node.entries.get(String(step))?.keyOrigin ?? node.origin;
    const next = child(node, step);
    if (next === undefined) return node.origin;
    node = next;
  }
  return node.origin;
}

/**
 * The tree with `value` at the end of the steps; maps that are missing on the way are made.
 * The original is unchanged. A step into a list that is too short, or into a scalar, is a TypeError.
 */
export function replaceAt(root: Located | undefined, steps: readonly Step[], value: Located): Located {
  if (steps.length === 0) return value;
  const [step, ...rest] = steps;
  if (root?.type === 'list' && Number(step) < root.items.length) {
    return { ...root, items: root.items.with(Number(step), replaceAt(root.items[Number(step)], rest, value)) };
  }
  if (root !== undefined && root.type !== 'map') throw new TypeError(`no place for ${step}`);
  const entries = new Map(root?.entries);
  const entry = entries.get(String(step));
  const next = replaceAt(entry?.value, rest, value);
  entries.set(String(step), { keyOrigin: entry?.keyOrigin ?? value.origin, value: next });
  return { type: 'map', origin: root?.origin ?? value.origin, entries };
}

/** The text of the scalar under `key`, where there is one. */
export function textAt(node: Located | undefined, key: string): string | undefined {
  const field = child(node, key);
  return field?.type === 'scalar' && field.value !== null ? field.text : undefined;
}

/**
 * `over` laid on `base`: maps are merged key by key, lists of things that all have a `name` thing by
 * thing, everything else is replaced.
 */
export function overlay(base: Located | undefined, over: Located): Located {
  if (base?.type === 'map' && over.type === 'map') {
    const entries = new Map(base.entries);
    for (const [key, entry] of over.entries) {
      entries.set(key, { keyOrigin: entry.keyOrigin, value: overlay(entries.get(key)?.value, entry.value) });
    }
    return { type: 'map', origin: over.origin, entries };
  }
  if (base?.type === 'list' && over.type === 'list' && areNamed(base) && areNamed(over)) {
    const added = group(over.items, (item) => textAt(item, 'name'));
    const laid = new Set<Located>();
    const kept = base.items.map((item) => {
      const other = added.get(textAt(item, 'name'))?.shift();
      if (other === undefined) return item;
      laid.add(other);
      return overlay(item, other);
    });
    return { ...over, items: [...kept, ...over.items.filter((item) => !laid.has(item))] };
  }
  return over;
}

/** An empty list has no named things: laid over a list, it empties it. */
function areNamed(list: LocatedList): boolean {
  return list.items.length > 0 && list.items.every((item) => textAt(item, 'name') !== undefined);
}
