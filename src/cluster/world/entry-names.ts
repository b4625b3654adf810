import type { Population } from '../population/population.js';

/** Odd numbers that spread the words of two names before they become one. */
const NODE_FACTOR = 0x9e3779b1;
const OBJECT_FACTOR = 0x85157af5;

/** The names of a cache entry's node and object, which together are its own. */
type Names = Pick<
  Population,
  'entryNode' | 'entryObject' | 'nodeNameHigh' | 'nodeNameLow' | 'objectNameHigh' | 'objectNameLow'
>;

/** First word of an entry's name. */
export function nameHigh({ entryNode, entryObject, nodeNameHigh, objectNameHigh }: Names, entry: number): number {
  return Math.imul(nodeNameHigh[entryNode[entry]], NODE_FACTOR) ^ objectNameHigh[entryObject[entry]];
}

/** Second word of an entry's name. */
export function nameLow({ entryNode, entryObject, nodeNameLow, objectNameLow }: Names, entry: number): number {
  return Math.imul(objectNameLow[entryObject[entry]], OBJECT_FACTOR) ^ nodeNameLow[entryNode[entry]];
}

/** Writes the names of the first `count` of some entries, all of one node, to columns. */
export function writeNames(names: Names, entries: Int32Array, count: number, high: Int32Array, low: Int32Array): void {
  const { entryNode, entryObject, nodeNameHigh, nodeNameLow, objectNameHigh, objectNameLow } = names;
  const node = entryNode[entries[0]];
  const nodeHigh = Math.imul(nodeNameHigh[node], NODE_FACTOR);
  const nodeLow = nodeNameLow[node];
  for (let i = 0; i < count; i++) {
    const object = entryObject[entries[i]];
    high[i] = nodeHigh ^ objectNameHigh[object];
    low[i] = Math.imul(objectNameLow[object], OBJECT_FACTOR) ^ nodeLow;
  }
}
