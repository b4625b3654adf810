import { ClusterRun, FIRST_SECTION_NODES, SECTION_NODES } from './cluster-run.js';
import type { RunInput } from '../model/model-input.js';
import type { NodeRange } from '../model/node-range.js';
import type { RunPart } from './run-part.js';
import type { NodeSource } from '../population/node-source.js';

const RANGES_PER_THREAD = 16;

/** Which nodes of a run are still to be simulated: one counter that all its threads share. */
export class NodeQueue {
  private readonly length: number;
  /** How many this thread takes next. */
  private nextLength = FIRST_SECTION_NODES;

  /** `next`: the first node that nobody has taken, in shared memory. */
  constructor(
    readonly next: Int32Array,
    readonly nodeCount: number,
    threads: number,
  ) {
    this.length = Math.max(1, Math.min(SECTION_NODES, Math.floor(nodeCount / (threads * RANGES_PER_THREAD))));
  }

  /** How much of the run has been taken, from 0 to 1. */
  get taken(): number {
    return Math.min(1, Atomics.load(this.next, 0) / this.nodeCount);
  }

  /** Takes the next nodes; null: there are no more. */
  take(): NodeRange | null {
    const length = this.nextLength;
    this.nextLength = this.length;
    const first = Atomics.add(this.next, 0, length);
    return first >= this.nodeCount ? null : [first, Math.min(this.nodeCount, first + length)];
  }
}

/**
 * Simulates nodes of a queue until it is empty.
 * @param onProgress told how much of the run has been taken by all threads
 */
export function runQueue(run: ClusterRun, queue: NodeQueue, onProgress?: (share: number) => void): void {
  for (let range = queue.take(); range !== null; range = queue.take()) {
    run.runPart(range);
    onProgress?.(queue.taken);
  }
}

/** The share of one thread in a run. */
export function simulatePart(input: RunInput, replication: number, nodes: NodeSource, queue: NodeQueue): RunPart {
  const run = new ClusterRun(input, replication, nodes, { eager: false, whole: false, observer: null });
  runQueue(run, queue);
  return run.part();
}
