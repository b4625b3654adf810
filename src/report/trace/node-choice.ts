import type { SampleTable } from '../../cluster/model/run-record.js';

/** Which nodes a trace shows: so many, or those of these names. */
export type NodeFilter = number | readonly string[];

/**
 * The nodes that a trace shows, in the order in which it takes them. Of a number: the node of the projection that took
 * longest, then nodes spread evenly over those where an update arrived, or over all where none did.
 * @param nodeNames of the whole cluster, in its order
 */
export function chooseNodes(filter: NodeFilter, samples: SampleTable, nodeNames: readonly string[]): readonly string[] {
  if (typeof filter !== 'number') return [...new Set(filter)];
  const last = lastNode(samples);
  if (last === null) return spread(nodeNames, filter);
  const reached = new Set(samples.node);
  reached.delete(last);
  return [last, ...spread([...reached], filter - 1)];
}

function lastNode({ node, writtenAtUs, projectedAtUs }: SampleTable): string | null {
  let longest = -1;
  let last: string | null = null;
  projectedAtUs.forEach((at, i) => {
    if (at - writtenAtUs[i] <= longest) return;
    longest = at - writtenAtUs[i];
    last = node[i];
  });
  return last;
}

function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]);
}
