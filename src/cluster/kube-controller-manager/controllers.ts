import { type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import { ENDED, LivePods } from './live-pods.js';
import { SECOND_US } from '../../sim/units.js';
import type { RunInput } from '../model/model-input.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { NodeLifecycle } from './node-lifecycle.js';
import { EVICTION_RETRY_US, PodEvictions } from './pod-evictions.js';
import { PodRequests, type PodLifecycle } from './pod-lifecycle.js';
import type { Randomness } from '../model/randomness.js';
import { DeploymentController } from './rollout.js';
import type { Population } from '../population/population.js';
import { TtlController } from './ttl-controller.js';

/**
 * The controllers that make pods and nodes come and go, and how they are told of what happens. A change has parts, each
 * with its own time: one rollout after another, or one node. Times are µs and do not go back.
 */
export class Controllers {
  readonly live: LivePods;
  readonly deployments: DeploymentController;
  readonly evictions: PodEvictions;
  readonly ttl: TtlController;
  readonly requests: PodRequests;
  private readonly nodes: NodeLifecycle;
  /** Parts of changes that have begun whose turn comes yet. */
  private partsAhead = 0;
  /** How often a replica that is scaled away comes back yet, by changes that have not begun. */
  private readonly returns: Int32Array;
  private readonly timeline: readonly TimelineAction[];

  constructor(
    population: Population,
    private readonly lifecycle: LifecyclePlan,
    input: Pick<RunInput, 'start' | 'timeline' | 'behaviours' | 'controllerManager' | 'scheduler' | 'kubelet'>,
    private readonly random: Randomness,
    private readonly pods: PodLifecycle,
  ) {
    this.timeline = input.timeline;
    this.live = new LivePods(population, lifecycle, input.start === 'steady');
    this.requests = new PodRequests(population, random, pods, input);
    this.deployments = new DeploymentController(lifecycle, input.timeline, this.live, this.requests);
    this.evictions = new PodEvictions(population, lifecycle, this.live, this.deployments);
    this.ttl = new TtlController(population, random, input.behaviours.ttlBoundaries);
    this.nodes = new NodeLifecycle(population, lifecycle, this.live, this.requests, this.deployments, this.ttl);
    this.returns = new Int32Array(lifecycle.replicaCount);
    for (let change = 0; change < lifecycle.changeCount; change++) this.countReturns(change, 1);
  }

  /** A change of the lifecycle plan begins: an occurrence of its timeline entry. */
  begin(change: number, at: number): void {
    const { partStart, rolloutStart } = this.lifecycle;
    const entry = this.entryOf(change);
    switch (entry.action) {
      case 'rollout': {
        const turn = (rollout: number): number => at + entry.afterUs + turnUs(entry, rollout - rolloutStart[change]);
        this.eachAt(change, rolloutStart, turn, at);
        break;
      }
      case 'replace':
        this.eachAt(change, rolloutStart, () => at, at);
        break;
      case 'drain':
        this.eachAt(change, partStart, (part) => at + turnUs(entry, part - partStart[change]), at);
        break;
      case 'addNodes':
        this.nodes.join(change, at);
        break;
      case 'removeNodes': {
        this.nodes.leave(change, at);
        const collected = this.nodes.collectedAt(at, this.random.podGarbage.uniform(0, 0, 0));
        this.eachAt(change, partStart, () => collected, at);
        break;
      }
      default:
        this.eachAt(change, partStart, () => at, at);
    }
  }

  /** A part of a change has its turn: the number of a rollout, or of what is handed over together. */
  goOn(change: number, part: number, at: number): void {
    this.partsAhead--;
    const entry = this.entryOf(change);
    switch (entry.action) {
      case 'rollout':
      case 'replace':
        this.deployments.begin(part, at);
        break;
      case 'scale':
        this.scale(change, part, at);
        break;
      case 'removeNodes':
        this.nodes.collect(part, at);
        break;
      case 'drain':
        if (!this.evictions.drain(part, entry, at)) this.later(change, part, at + EVICTION_RETRY_US);
        break;
      case 'churnPods':
        this.evictions.churn(part, at);
        break;
    }
  }

  /** An object of `replacementObject` has been created, the one at this index. */
  objectCreated(replacement: number, at: number): void {
    this.deployments.objectCreated(replacement, at);
  }

  /** A pod runs; also one of those that start with the run, where they do not run from the start. */
  podRunning(pod: number, at: number): void {
    this.deployments.podRunning(pod, at);
  }

  /** True while a change that has begun goes on: parts of it come yet, or pods do not run yet that it has brought. */
  get underWay(): boolean {
    return this.partsAhead > 0 || this.live.starting > 0 || this.deployments.isRollingOut;
  }

  /** True where somebody holds the place of a pod, or will. */
  hasPlace(pod: number): boolean {
    const replica = this.lifecycle.podReplica[pod];
    return this.live.holder[replica] !== NO_POD || this.returns[replica] > 0;
  }

  /** A pod has ended, as was asked for. */
  podEnded(pod: number, at: number): void {
    this.live.end(pod);
    this.deployments.podEnded(pod, at);
  }

  private entryOf(change: number): TimelineAction {
    return this.timeline[this.lifecycle.changeEntry[change]];
  }

  /** Has each of a change's parts its turn: at once where it is due, later by an event. */
  private eachAt(change: number, start: Int32Array, turn: (part: number) => number, now: number): void {
    for (let part = start[change]; part < start[change + 1]; part++) {
      const at = turn(part);
      if (at > now) {
        this.later(change, part, at);
        continue;
      }
      this.partsAhead++;
      this.goOn(change, part, now);
    }
  }

  private later(change: number, part: number, at: number): void {
    this.partsAhead++;
    this.pods.goOn(change, part, at);
  }

  private scale(change: number, part: number, at: number): void {
    const { scalingStart, scalingDeployment, scalingReplicas, partHandoverStart } = this.lifecycle;
    this.countReturns(change, -1);
    for (let i = scalingStart[change]; i < scalingStart[change + 1]; i++) {
      for (const pod of this.deployments.scale(scalingDeployment[i], scalingReplicas[i], at)) {
        if (this.live.state[pod] === ENDED && !this.hasPlace(pod)) this.pods.placeGone(pod);
      }
    }
    for (let i = partHandoverStart[part]; i < partHandoverStart[part + 1]; i++) this.deployments.comeBack(i, at);
  }

  /** Counts the replicas that a change brings back. */
  private countReturns(change: number, by: number): void {
    const { partStart, partHandoverStart, handoverReplica } = this.lifecycle;
    if (this.entryOf(change).action !== 'scale') return;
    const [first, last] = [partHandoverStart[partStart[change]], partHandoverStart[partStart[change + 1]]];
    for (let i = first; i < last; i++) this.returns[handoverReplica[i]] += by;
  }
}

/** How long the `position`-th of a change's parts waits for its turn, µs. */
function turnUs({ ratePerS }: { readonly ratePerS: number | null }, position: number): number {
  return ratePerS === null ? 0 : Math.round((position * SECOND_US) / ratePerS);
}
