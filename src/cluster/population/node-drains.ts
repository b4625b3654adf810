import { SECOND_US } from '../../sim/units.js';
import { RandomStream } from '../../sim/random.js';
import { amountOf, type DrainAction } from '../model/timeline-actions.js';
import type { Change } from './lifecycle-changes.js';
import type { PodPlaces } from './pod-places.js';
import type { Roster } from './roster.js';

/** Nodes are drained in a random order of their names: each once before any of them a second time. */
export class NodeDrains {
  private readonly order: Int32Array;
  private position = 0;

  constructor(
    roster: Roster,
    private readonly places: PodPlaces,
    seed: string,
  ) {
    const { nodeCount, nodeNames } = roster;
    const random = RandomStream.fromSeed(seed, 'drain');
    const draws = new Uint32Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      draws[node] = random.uint32(nodeNames.high[node], nodeNames.low[node], 0);
    }
    this.order = Int32Array.from(draws.keys()).sort((a, b) => draws[a] - draws[b] || a - b);
  }

  /** The nodes that change number `index` drains, one after another; those of an earlier drain that are cordoned still are passed over. */
  nodesOf(index: number, { earliestUs }: Change, entry: DrainAction): number[] {
    const { order, places } = this;
    const there = order.filter((node) => places.isThere(node, index)).length;
    const wanted = amountOf(entry.nodes, there);
    const nodes: number[] = [];
    for (let tried = 0; tried < order.length && nodes.length < wanted; tried++) {
      const node = order[this.position++ % order.length];
      const us = drainedAt(entry, earliestUs, nodes.length);
      if (!places.isThere(node, index) || places.isCordoned(node, us)) continue;
      nodes.push(node);
    }
    return nodes;
  }
}

/** When the `position`-th node of a drain that begins at `us` has its turn, µs. */
export function drainedAt({ ratePerS }: Pick<DrainAction, 'ratePerS'>, us: number, position: number): number {
  return us + (ratePerS === null ? 0 : Math.round((position * SECOND_US) / ratePerS));
}
