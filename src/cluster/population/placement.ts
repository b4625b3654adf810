import type { NameHash } from '../../sim/names.js';
import { RandomStream } from '../../sim/random.js';

/** Pairs of nodes that are drawn for a pod until one of both takes it: one that is open among a hundred is found. */
const TRIES_MAX = 1024;

/**
 * Where the scheduler puts new pods: nodes keep about as many pods as they have at the start, or as they brought.
 * Assumption: of two nodes, drawn in proportion to their pods by the name of the new pod, the one that has fewer than
 * its own number (the power of two choices: Mitzenmacher 2001). kube-scheduler scores more nodes, and keeps the balance
 * at least as well; affinities, taints and resources are not known here.
 */
export class Placement {
  private readonly random: RandomStream;
  /** Pods in excess of a node's own number. */
  private readonly excess: Int32Array;

  /** `places`: nodes that stay for the whole run, each as often as it has pods, in the order in which they join. */
  constructor(
    seed: string,
    nodes: number,
    private readonly places: Int32Array,
  ) {
    this.random = RandomStream.fromSeed(seed, 'placement');
    this.excess = new Int32Array(nodes);
  }

  /**
   * The node for a pod by its name, among the first `available` places; `previous` where there is none.
   * The pod that it replaces leaves `previous`. `isOpen`: false for nodes that take no pods; where none is found that
   * does, the pod goes to one of them.
   */
  move({ high, low }: NameHash, available: number, previous: number, isOpen: (node: number) => boolean): number {
    const { random, places, excess } = this;
    if (available === 0) return previous;
    let node = previous;
    for (let draw = 0; draw < TRIES_MAX; draw++) {
      random.pair(high, low, draw);
      const one = places[Math.floor(random.first() * available)];
      const other = places[Math.floor(random.second() * available)];
      const oneIsOpen = isOpen(one);
      const otherIsOpen = isOpen(other);
      node = oneIsOpen && otherIsOpen ? (excess[other] < excess[one] ? other : one) : oneIsOpen ? one : other;
      if (oneIsOpen || otherIsOpen) break;
    }
    excess[node]++;
    excess[previous]--;
    return node;
  }
}
