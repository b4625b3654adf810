import type { Memory } from '../../sim/memory.js';
import type { Population } from '../population/population.js';

/** Phases of a pod. Deleted while it ran, its containers still run; deleted before, it does not start any more. */
export const POD_PHASE = { STARTING: 0, RUNNING: 1, ENDED: 2, TERMINATING: 3, NOT_STARTED: 4 } as const;

/** What all of a kubelet's parts know of its pods: one row per pod. */
export class PodTable {
  /** One of POD_PHASE. */
  readonly phase: Uint8Array;
  /** Counts the clock's restarts of each pod: events of an earlier epoch are outdated. */
  readonly epoch: Uint16Array;
  /** Counts the ends and restarts of each pod's kubelet state: reads of an earlier incarnation are void. */
  readonly incarnation: Uint16Array;
  /** 1 for pods whose sync has effects when it begins: it drops caches or reads imagePullSecrets. */
  readonly beginsMatter: Uint8Array;
  /** 1 for nodes whose kubelet is down. */
  private readonly down: Uint8Array;

  constructor(
    private readonly population: Population,
    memory: Memory,
  ) {
    const { podCount, nodeCount } = population;
    this.phase = memory.uint8(podCount);
    this.epoch = memory.uint16(podCount);
    this.incarnation = memory.uint16(podCount);
    this.beginsMatter = memory.uint8(podCount);
    this.down = memory.uint8(nodeCount);
  }

  /** True for pods that run, and that their kubelet syncs. */
  isRunning(pod: number): boolean {
    return this.phase[pod] === POD_PHASE.RUNNING;
  }

  /** True for pods that show content: also for those that are deleted and have not ended yet. */
  hasContainers(pod: number): boolean {
    return this.phase[pod] === POD_PHASE.RUNNING || this.phase[pod] === POD_PHASE.TERMINATING;
  }

  /** True for pods that are deleted, or have ended. */
  isLeaving(pod: number): boolean {
    return this.phase[pod] >= POD_PHASE.ENDED;
  }

  hasEnded(pod: number): boolean {
    return this.phase[pod] === POD_PHASE.ENDED;
  }

  /** Outdates the events of the pod's clock that are still pending. */
  nextEpoch(pod: number): void {
    this.epoch[pod] = (this.epoch[pod] + 1) & 0xffff;
  }

  /** True while the kubelet of a pod is down: it does not see what happens to the pod, and looks when it is back. */
  isDown(pod: number): boolean {
    return this.down[this.population.podNode[pod]] === 1;
  }

  /** A node's kubelet stops. False where it is down already. */
  stops(node: number): boolean {
    if (this.down[node] === 1) return false;
    this.down[node] = 1;
    return true;
  }

  /** A node's kubelet is back. False where it was not down. */
  starts(node: number): boolean {
    if (this.down[node] === 0) return false;
    this.down[node] = 0;
    return true;
  }
}
