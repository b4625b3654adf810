import { accepts, fieldNames, fieldSchema, pathsOfField, type JsonSchema } from './values/json-schema.js';
import { textAt, type Located, type LocatedList, type Step } from './values/located.js';
import { didYouMean, nearestName } from './values/nearest-name.js';
import { parsed, rejected, type Parsed } from './values/parsed.js';
import { formatPath } from './values/path-text.js';
import { isOurs, quotePath } from './quoting.js';
import { SERVICE_ACCOUNT_CLASSES } from './service-account-material.js';

/**
 * The steps that a path takes through a tree: names of list items become indices. The path has to exist
 * in the schema, and the list items it goes through have to exist in the tree.
 */
export function resolvePath(names: readonly string[], tree: Located, schema: JsonSchema): Parsed<readonly Step[]> {
  const steps: Step[] = [];
  let node: Located | undefined = tree;
  let here: JsonSchema | undefined = schema;
  for (const [index, name] of names.entries()) {
    const before = names.slice(0, index);
    if (accepts(here, 'array')) {
      const items: readonly Located[] = node?.type === 'list' ? node.items : [];
      const position = itemPosition(items, name, fieldNames(fieldSchema(here, 0)).includes('name'));
      if (position < 0) return rejected(noSuchItem(before, name, items));
      steps.push(position);
      node = items[position];
      here = fieldSchema(here, position);
      continue;
    }
    const next = fieldSchema(here, name);
    if (next === undefined) return rejected(noSuchField(before, name, here, schema));
    if (node !== undefined && node.type !== 'map') {
      return rejected(`${quotePath(before)} is a single value here, so it has no fields`);
    }
    steps.push(name);
    node = node?.entries.get(name)?.value;
    here = next;
  }
  return parsed(steps);
}

/** Index of the item with this name or id, else at this index where items have no names; -1 for none. */
function itemPosition(items: LocatedList['items'], name: string, named: boolean): number {
  const known = items.findIndex((item) => (textAt(item, 'name') ?? textAt(item, 'id')) === name);
  if (known >= 0 || named) return known;
  return /^\d+$/.test(name) && Number(name) < items.length ? Number(name) : -1;
}

function noSuchItem(before: readonly string[], name: string, items: LocatedList['items']): string {
  const list = quotePath(before);
  const known = items.map((item, index) => textAt(item, 'name') ?? textAt(item, 'id') ?? String(index));
  const near = nearestName(name, known);
  if (near === undefined && list === 'objects' && SERVICE_ACCOUNT_CLASSES.some((each) => each.name === name)) {
    return `objects has no ${name}: it is added by serviceAccountMaterial; define it in objects to change it`;
  }
  if (known.length === 0) return `${list} has no such item: the list is empty`;
  const ours = known.filter(isOurs);
  const others =
    ours.length === known.length ? '' : `${ours.length === 0 ? '' : ' and '}${known.length - ours.length} of your own`;
  return `${list} has no such item${near === undefined ? '' : placeOf(near, known, items)} (known: ${ours.join(', ')}${others})`;
}

/** Which item was probably meant: by its name if that is ours, else by its place. */
function placeOf(name: string, known: readonly string[], items: LocatedList['items']): string {
  const index = known.indexOf(name);
  const { line } = items[index].origin;
  const where = line === undefined ? '' : ` in line ${line}`;
  return `; did you mean ${isOurs(name) ? name : `that at index ${index}${where}`}?`;
}

function noSuchField(
  before: readonly string[],
  name: string,
  here: JsonSchema | undefined,
  schema: JsonSchema,
): string {
  const place = before.length === 0 ? 'spec' : quotePath(before);
  const known = fieldNames(here);
  if (known.length === 0) return `${place} is a single value, so it has no fields`;
  if (before.length === 0 && name === 'spec') return 'paths begin inside spec: leave out the leading spec.';
  const elsewhere = nearestName(name, known) === undefined ? pathsOfField(schema, name)[0] : undefined;
  const hint = elsewhere === undefined ? didYouMean(name, known) : `; did you mean ${formatPath(elsewhere)}?`;
  return `${place} has no such field${hint} (known: ${known.join(', ')})`;
}
