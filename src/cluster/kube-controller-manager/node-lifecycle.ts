import { SECOND_US } from '../../sim/units.js';
import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import { ABSENT, ENDED, type LivePods } from './live-pods.js';
import type { PodRequests } from './pod-lifecycle.js';
import type { DeploymentController } from './rollout.js';
import type { Population } from '../population/population.js';
import type { TtlController } from './ttl-controller.js';

/**
 * The pod garbage collector looks for pods of nodes that are gone so often, and deletes them so long after it has seen
 * the first of them (`pkg/controller/podgc/gc_controller.go` gcCheckPeriod, quarantineTime; all releases).
 */
const GC_CHECK_PERIOD_US = 20 * SECOND_US;
const QUARANTINE_TIME_US = 40 * SECOND_US;

/**
 * Nodes that join and leave. Assumptions: the pods of a node that joins have been waiting for it, so that only binding
 * holds them back; a node that leaves is switched off, its pods end at once, and its Node object is deleted then. The
 * replicas of its pods are given up (the load of a cluster grows and shrinks with its nodes), or controllers replace
 * them once the pod garbage collector has deleted the pods.
 */
export class NodeLifecycle {
  constructor(
    private readonly population: Population,
    private readonly lifecycle: LifecyclePlan,
    private readonly live: LivePods,
    private readonly requests: PodRequests,
    private readonly deployments: DeploymentController,
    private readonly ttl: TtlController,
  ) {}

  /** The nodes of a change are ready: their pods are bound to them. */
  join(change: number, at: number): void {
    const { movedStart, movedNodes, broughtStart, broughtPods } = this.lifecycle;
    for (let i = movedStart[change]; i < movedStart[change + 1]; i++) this.ttl.nodeAdded(movedNodes[i], at);
    for (let i = broughtStart[change]; i < broughtStart[change + 1]; i++) {
      this.live.join(broughtPods[i]);
      this.requests.bind(broughtPods[i], at);
    }
  }

  /** The nodes of a change are switched off. */
  leave(change: number, at: number): void {
    const { movedStart, movedNodes, partStart, partHandoverStart, handoverReplica } = this.lifecycle;
    const [first, last] = [partHandoverStart[partStart[change]], partHandoverStart[partStart[change + 1]]];
    const comingBack = new Set(handoverReplica.subarray(first, last));
    for (let i = movedStart[change]; i < movedStart[change + 1]; i++) {
      this.ttl.nodeRemoved(at);
      this.switchOff(movedNodes[i], comingBack, at);
    }
  }

  /** When the pod garbage collector deletes the pods of nodes that are gone since `at`, µs; `u`: uniform, its phase. */
  collectedAt(at: number, u: number): number {
    return at + Math.round(u * GC_CHECK_PERIOD_US) + QUARANTINE_TIME_US;
  }

  /** The pods of a part of a change have been deleted: controllers replace them, unless a rollout has done it. */
  collect(part: number, at: number): void {
    const { partHandoverStart, handoverReplica } = this.lifecycle;
    for (let i = partHandoverStart[part]; i < partHandoverStart[part + 1]; i++) {
      const pod = this.live.holder[handoverReplica[i]];
      if (pod !== NO_POD && !this.live.isCounted(pod)) this.deployments.handOver(i, at);
    }
  }

  private switchOff(node: number, comingBack: ReadonlySet<number>, at: number): void {
    const { population, lifecycle, live, requests, deployments } = this;
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      const state = live.state[pod];
      if (state === ABSENT || state === ENDED) continue;
      requests.cutOff(pod, at);
      const replica = lifecycle.podReplica[pod];
      if (live.isCounted(pod)) live.delete(pod);
      else if (!deployments.lost(pod)) continue;
      if (live.holder[replica] === pod && !comingBack.has(replica)) live.giveUp(replica);
      deployments.sync(population.podDeployment[pod], at);
    }
  }
}
