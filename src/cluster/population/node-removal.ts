import { RandomStream } from '../../sim/random.js';
import { AT_START } from './lifecycle-plan.js';
import type { Change } from './lifecycle-changes.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import type { Roster } from './roster.js';

/**
 * The change with which each node leaves, the number of changes for those that stay. Nodes leave in a random order of
 * their names; those that come later may leave, too, once they are there. One node stays.
 */
export function nodesThatLeave(
  { nodeCount, nodeJoins, nodeNames }: Roster,
  changes: readonly Change[],
  timeline: readonly TimelineAction[],
  seed: string,
): Int32Array {
  const leaves = new Int32Array(nodeCount).fill(changes.length);
  if (!changes.some(({ action }) => action === 'removeNodes')) return leaves;
  const random = RandomStream.fromSeed(seed, 'removal');
  const draws = Uint32Array.from(leaves, (_, node) => random.uint32(nodeNames.high[node], nodeNames.low[node], 0));
  const order = Int32Array.from(leaves, (_, node) => node).sort((a, b) => draws[a] - draws[b] || a - b);
  changes.forEach((change, index) => {
    const entry = timeline[change.entry];
    if (entry.action !== 'removeNodes') return;
    const isThere = (node: number): boolean => {
      if (leaves[node] < changes.length) return false;
      const joins = nodeJoins[node];
      return joins === AT_START || changes[joins].latestUs <= change.earliestUs;
    };
    const there = order.filter(isThere);
    for (const node of there.slice(0, Math.min(entry.nodes, there.length - 1))) leaves[node] = index;
  });
  return leaves;
}
