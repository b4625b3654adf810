import { CAST_ACTIONS, type Cast } from '../cast/cast.js';
import { PodChurn } from './churn.js';
import { LivePods } from './live-pods.js';
import type { RunInput } from '../model-input.js';
import { NodeLifecycle } from './node-lifecycle.js';
import { PodRequests, type ControllerLimits, type PodLifecycle } from './pod-lifecycle.js';
import type { Randomness } from '../randomness.js';
import { DeploymentController } from './rollout.js';
import type { Topology } from '../topology.js';
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
    topology: Topology,
    private readonly cast: Cast,
    input: Pick<RunInput, 'start' | 'timeline' | 'behaviours'>,
    random: Randomness,
    lifecycle: PodLifecycle,
    limits?: ControllerLimits,
  ) {
    this.live = new LivePods(topology, cast, input.start === 'steady');
    this.requests = new PodRequests(topology, random, lifecycle, limits);
    this.deployments = new DeploymentController(cast, input.timeline, this.live, this.requests);
    this.churn = new PodChurn(cast, this.deployments);
    this.ttl = new TtlController(topology, random, input.behaviours.ttlBoundaries);
    this.nodes = new NodeLifecycle(topology, cast, this.live, this.requests, this.deployments, this.ttl);
  }

  /** A change of the cast begins: an occurrence of its timeline entry. */
  begin(change: number, at: number): void {
    switch (CAST_ACTIONS[this.cast.changeAction[change]]) {
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

  /** A pod has ended, as was asked for. */
  podEnded(pod: number): void {
    this.live.end(pod);
  }
}
