import { SECOND_US } from '../../sim/units.js';
import type { PodWorkers } from './pod-workers.js';
import type { VolumeManager } from './volume-manager.js';

/**
 * The syncs of one node's pods, walked ahead once: a clock that nothing disturbs is a pure sequence, so what reads
 * at its syncs can be counted without an event for each of them.
 */
export class NodeClocks {
  /** Starts of the syncs, µs: each pod's ascending, with Infinity behind them. */
  starts = new Float64Array(2 ** 12);
  private node = 0;
  private firstPod = 0;
  private begins = new Int32Array(2 ** 6);
  /** From a sync's start to its first reads, at the most, µs. */
  readonly longestWait: number;

  constructor(
    private readonly workers: PodWorkers,
    private readonly volumes: VolumeManager,
  ) {
    this.longestWait = volumes.longestWait;
  }

  /** Walks the clocks of the pods from `firstPod` to `lastPod` (exclusive) of a node from where they stand to `until`, and leaves them there. */
  walk(node: number, firstPod: number, lastPod: number, until: number): void {
    const { syncStart, index, syncDuration } = this.workers;
    this.node = node;
    this.firstPod = firstPod;
    if (this.begins.length < lastPod - firstPod) this.begins = new Int32Array(2 * (lastPod - firstPod));
    let next = 0;
    for (let pod = firstPod; pod < lastPod; pod++) {
      const drawn = index[pod];
      this.begins[pod - firstPod] = next;
      let start = syncStart[pod];
      for (; start < until; start = this.workers.following(pod, start + syncDuration)) {
        if (next + 1 >= this.starts.length) this.grow();
        this.starts[next++] = start;
      }
      if (next >= this.starts.length) this.grow();
      this.starts[next++] = Infinity;
      index[pod] = drawn;
    }
  }

  /** Where the syncs of a pod of the node begin in `starts`. */
  beginOf(pod: number): number {
    return this.begins[pod - this.firstPod];
  }

  /** When the sync at a position of `starts` reads its volumes, µs. */
  readAt(position: number): number {
    return this.volumes.readTime(this.node, this.starts[position]);
  }

  /** The second in which the sync at a position reads where its start tells, −1 where it may be the next one. */
  secondOf(position: number): number {
    const start = this.starts[position];
    const second = Math.floor(start / SECOND_US);
    return start + this.longestWait <= (second + 1) * SECOND_US ? second : -1;
  }

  private grow(): void {
    const grown = new Float64Array(2 * this.starts.length);
    grown.set(this.starts);
    this.starts = grown;
  }
}
