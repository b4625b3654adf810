import { LIFECYCLE_ACTIONS, type LifecyclePlan, NO_POD } from '../population/lifecycle-plan.js';
import { PodChurn } from './churn.js';
import { LivePods } from './live-pods.js';
import type { RunInput } from '../model/model-input.js';
import { NodeLifecycle } from './node-lifecycle.js';
import { PodRequests, type ControllerLimits, type PodLifecycle } from './pod-lifecycle.js';
import type { Randomness } from '../model/randomness.js';
import { DeploymentController } from './rollout.js';
import type { Population } from '../population/population.js';
import { TtlController } from './ttl-controller.js';

/** The controllers that make pods and nodes come and go, and how they are told of what happens. Times are µs and do not go back. */
export class Controllers {
  readonly live: LivePods;
  readonly deployments: DeploymentController;
  readonly churn: PodChurn;
  readonly ttl: TtlController;
  readonly requests: PodRequests;
  private readonly nodes: NodeLifecycle;

  constructor(
    population: Population,
    private readonly lifecycle: LifecyclePlan,
    input: Pick<RunInput, 'start' | 'timeline' | 'behaviours'>,
    random: Randomness,
    pods: PodLifecycle,
    limits?: ControllerLimits,
  ) {
    this.live = new LivePods(population, lifecycle, input.start === 'steady');
    this.requests = new PodRequests(population, random, pods, limits);
    this.deployments = new DeploymentController(lifecycle, input.timeline, this.live, this.requests);
    this.churn = new PodChurn(lifecycle, this.deployments);
    this.ttl = new TtlController(population, random, input.behaviours.ttlBoundaries);
    this.nodes = new NodeLifecycle(population, lifecycle, this.live, this.requests, this.deployments, this.ttl);
  }

  /** A change of the lifecycle plan begins: an occurrence of its timeline entry. */
  begin(change: number, at: number): void {
    switch (LIFECYCLE_ACTIONS[this.lifecycle.changeAction[change]]) {
      case 'rollout':
      case 'replace':
        this.deployments.begin(change, at);
        break;
      case 'addNodes':
        this.nodes.join(change, at);
        break;
      case 'removeNodes':
        this.nodes.leave(change, at);
        break;
      case 'churnPods':
        this.churn.begin(change, at);
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

  /** True where somebody holds the place of a pod, or will. */
  hasPlace(pod: number): boolean {
    return this.live.holder[this.lifecycle.podReplica[pod]] !== NO_POD;
  }

  /** A pod has ended, as was asked for. */
  podEnded(pod: number): void {
    this.live.end(pod);
  }
}
