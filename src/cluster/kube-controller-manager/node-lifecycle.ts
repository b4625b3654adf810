import type { LifecyclePlan } from '../population/lifecycle-plan.js';
import { ABSENT, ENDED, type LivePods } from './live-pods.js';
import type { PodRequests } from './pod-lifecycle.js';
import type { DeploymentController } from './rollout.js';
import type { Population } from '../population/population.js';
import type { TtlController } from './ttl-controller.js';

/**
 * Nodes that join and leave, with their pods. Assumptions: the pods of a node that joins have been waiting for it, so
 * that only binding holds them back; a node that leaves is switched off, its pods end at once, and their replicas are
 * given up: the load of a cluster grows and shrinks with its nodes.
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
    const { movedStart, movedNodes } = this.lifecycle;
    for (let i = movedStart[change]; i < movedStart[change + 1]; i++) {
      this.ttl.nodeRemoved(at);
      this.switchOff(movedNodes[i], at);
    }
  }

  private switchOff(node: number, at: number): void {
    const { population, lifecycle, live, requests, deployments } = this;
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      const state = live.state[pod];
      if (state === ABSENT || state === ENDED) continue;
      requests.cutOff(pod, at);
      if (!live.isCounted(pod)) continue;
      live.delete(pod);
      const replica = lifecycle.podReplica[pod];
      if (live.holder[replica] === pod) live.giveUp(replica);
      deployments.sync(population.podDeployment[pod], at);
    }
  }
}
