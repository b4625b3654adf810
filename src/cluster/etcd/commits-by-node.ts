import type { Etcd } from './etcd.js';
import type { Population } from '../population/population.js';

/** For each node n the pairs (cache entry, revision) from start[n] to start[n + 1], in order of commit by object. */
export interface CommitsByNode {
  readonly start: Int32Array;
  readonly entry: Int32Array;
  readonly revision: Int32Array;
}

/** Groups what is known of the history by the nodes that it concerns (counting sort). */
export function commitsByNode(etcd: Etcd, population: Population): CommitsByNode {
  const { objectCount, objectEntryStart, objectEntries, entryNode, nodeCount } = population;
  const start = new Int32Array(nodeCount + 1);
  const written: number[] = [];
  for (let object = 0; object < objectCount; object++) if (etcd.newest[object] >= 0) written.push(object);
  const each = (visit: (entry: number, revision: number) => void): void => {
    for (const object of written) {
      for (const revision of etcd.revisionsOf(object)) {
        for (let i = objectEntryStart[object]; i < objectEntryStart[object + 1]; i++) visit(objectEntries[i], revision);
      }
    }
  };
  each((entry) => start[entryNode[entry] + 1]++);
  for (let node = 0; node < nodeCount; node++) start[node + 1] += start[node];
  const next = start.slice(0, nodeCount);
  const entries = new Int32Array(start[nodeCount]);
  const revisions = new Int32Array(start[nodeCount]);
  each((entry, revision) => {
    const position = next[entryNode[entry]]++;
    entries[position] = entry;
    revisions[position] = revision;
  });
  return { start, entry: entries, revision: revisions };
}
