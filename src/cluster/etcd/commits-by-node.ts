import type { Etcd } from './etcd.js';
import { placesHeld, type Population } from '../population/population.js';

/** For each node n the pairs (cache entry, revision) from start[n] to start[n + 1], in order of commit by object. */
export interface CommitsByNode {
  readonly start: Int32Array;
  readonly entry: Int32Array;
  readonly revision: Int32Array;
}

/** Groups what is known of the history by the nodes that it concerns (counting sort). */
export function commitsByNode(etcd: Etcd, population: Population): CommitsByNode {
  const { nodeCount } = population;
  const start = new Int32Array(nodeCount + 1);
  const written = placesHeld(etcd.newest);
  for (const object of written) countCommits(population, object, etcd.revisionsOf(object).length, start);
  for (let node = 0; node < nodeCount; node++) start[node + 1] += start[node];
  const next = start.slice(0, nodeCount);
  const entry = new Int32Array(start[nodeCount]);
  const revision = new Int32Array(start[nodeCount]);
  for (const object of written) {
    for (const each of etcd.revisionsOf(object)) placeCommit(population, object, each, next, { entry, revision });
  }
  return { start, entry, revision };
}

/** Adds the commits of an object, one place behind each node that it concerns. */
function countCommits(
  { objectEntryStart, objectEntries, entryNode }: Population,
  object: number,
  commits: number,
  counts: Int32Array,
): void {
  const end = objectEntryStart[object + 1];
  for (let i = objectEntryStart[object]; i < end; i++) counts[entryNode[objectEntries[i]] + 1] += commits;
}

/** Writes a commit of an object down at the next place of each node that it concerns. */
function placeCommit(
  { objectEntryStart, objectEntries, entryNode }: Population,
  object: number,
  commit: number,
  next: Int32Array,
  { entry, revision }: Omit<CommitsByNode, 'start'>,
): void {
  const end = objectEntryStart[object + 1];
  for (let i = objectEntryStart[object]; i < end; i++) {
    const place = next[entryNode[objectEntries[i]]]++;
    entry[place] = objectEntries[i];
    revision[place] = commit;
  }
}
