import { BATCH_SIZE, type RandomBatch } from '../../sim/random-batch.js';
import { TWO_POW_MINUS_32 } from '../../sim/random.js';
import { SECOND_US } from '../../sim/units.js';
import type { KubeletConfig } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import type { Population } from '../population/population.js';
import { wholePower } from '../../sim/portable-math.js';

/** Back-off of a failed volume operation (`pkg/util/goroutinemap/exponentialbackoff`): 500 ms, doubled, at most 2 min 2 s. */
const INITIAL_DURATION_BEFORE_RETRY_US = 500e3;
const MAX_DURATION_BEFORE_RETRY_US = 122 * SECOND_US;

/** `podAttachAndMountTimeout` and `podAttachAndMountRetryInterval` (`pkg/kubelet/volumemanager/volume_manager.go`). */
export const POD_ATTACH_AND_MOUNT_TIMEOUT_US = 123 * SECOND_US;
export const POD_ATTACH_AND_MOUNT_RETRY_INTERVAL_US = 300e3;

/** The longest time from a sync's start to its reads, µs: a pass of each loop. */
export function longestVolumeWait(kubelet: KubeletConfig): number {
  return kubelet.populatorLoopSleepPeriodUs + kubelet.reconcilerLoopSleepPeriodUs;
}

/**
 * The loops of the volume manager (`pkg/kubelet/volumemanager`): a sync marks its pod, the populator
 * (every 100 ms) marks the pod's volumes for remount, the reconciler (every 100 ms) starts SetUpAt.
 * The loops belong to the kubelet, so pods of a node that start in one tick also read together.
 */
export class VolumeManager {
  private readonly populator: number;
  private readonly reconciler: number;
  /** The longest time from a sync's start to its reads. */
  readonly longestWait: number;

  constructor(
    private readonly population: Population,
    kubelet: KubeletConfig,
    private readonly random: Randomness,
    private readonly batch: RandomBatch,
  ) {
    this.populator = kubelet.populatorLoopSleepPeriodUs;
    this.reconciler = kubelet.reconcilerLoopSleepPeriodUs;
    this.longestWait = longestVolumeWait(kubelet);
  }

  /** When the volumes of a pod are read whose sync starts at `start`. */
  readTime(node: number, start: number): number {
    if (this.longestWait === 0) return start;
    this.draw(node, start);
    const { refresh } = this.random;
    return start + Math.floor(refresh.first() * this.populator) + Math.floor(refresh.second() * this.reconciler);
  }

  /**
   * Writes the seconds to `reads` in which the volumes of pods of a node are read whose syncs start `phase` µs into the
   * seconds of `starts`: those from one place to another (exclusive).
   */
  readSeconds(
    node: number,
    phase: number,
    starts: Int32Array,
    [first, last]: readonly [number, number],
    reads: Int32Array,
  ): void {
    const { nodeNameHigh, nodeNameLow } = this.population;
    const { high, low, index, words } = this.batch;
    for (let from = first; from < last; from += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, last - from);
      high.fill(nodeNameHigh[node] ^ phase, 0, size);
      low.fill(nodeNameLow[node], 0, size);
      for (let i = 0; i < size; i++) index[i] = starts[from + i];
      this.batch.draw(this.random.refresh, size);
      for (let i = 0; i < size; i++) {
        const populated = Math.floor((words[2 * i] >>> 0) * TWO_POW_MINUS_32 * this.populator);
        const reconciled = Math.floor((words[2 * i + 1] >>> 0) * TWO_POW_MINUS_32 * this.reconciler);
        reads[from + i] = starts[from + i] + Math.floor((phase + populated + reconciled) / SECOND_US);
      }
    }
  }

  /** What is listed in the batch waits like syncs of a node that start `phase` µs into their seconds. */
  waitLike(node: number, phase: number): void {
    const { batch, random, populator, reconciler } = this;
    const { nodeNameHigh, nodeNameLow } = this.population;
    batch.waitLike({
      stream: random.refresh,
      high: nodeNameHigh[node] ^ phase,
      low: nodeNameLow[node],
      phase,
      scale0: TWO_POW_MINUS_32 * populator,
      scale1: TWO_POW_MINUS_32 * reconciler,
    });
  }

  /** When the volumes of `count` pods of a node are read whose syncs start at `starts`: writes it to `reads`. */
  readTimes(batch: RandomBatch, node: number, starts: Float64Array, reads: Float64Array, count: number): void {
    const { populator, reconciler } = this;
    const { nodeNameHigh, nodeNameLow } = this.population;
    for (let i = 0; i < count; i++) {
      const seconds = Math.floor(starts[i] / SECOND_US);
      batch.high[i] = nodeNameHigh[node] ^ (starts[i] - seconds * SECOND_US);
      batch.low[i] = nodeNameLow[node];
      batch.index[i] = seconds;
    }
    batch.draw(this.random.refresh, count);
    for (let i = 0; i < count; i++) {
      const populated = Math.floor(batch.uniform(2 * i) * populator);
      reads[i] = starts[i] + populated + Math.floor(batch.uniform(2 * i + 1) * reconciler);
    }
  }

  /** When the volumes of a pod are first read: the reconciler needs one more pass to mark them attached. */
  firstMountTime(node: number, start: number): number {
    return this.readTime(node, start) + this.reconciler;
  }

  /** When a volume operation that failed at `time` is tried again; `failures` ≥ 1 in a row. */
  retryTime(node: number, time: number, failures: number): number {
    const backOff = Math.min(
      INITIAL_DURATION_BEFORE_RETRY_US * wholePower(2, failures - 1),
      MAX_DURATION_BEFORE_RETRY_US,
    );
    this.draw(node, time);
    return time + backOff + Math.floor(this.random.refresh.second() * this.reconciler);
  }

  /** The kubelet's waits at an instant are a function of the instant: all pods of the node share them. */
  private draw(node: number, time: number): void {
    const seconds = Math.floor(time / SECOND_US);
    const micros = time - seconds * SECOND_US;
    this.random.refresh.pair(
      this.population.nodeNameHigh[node] ^ micros,
      this.population.nodeNameLow[node],
      seconds | 0,
    );
  }
}
