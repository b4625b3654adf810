import { ShiftedExponential } from '../../sim/distributions.js';
import type { RunInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import { RateLimiter } from '../model/rate-limiter.js';
import type { Population } from '../population/population.js';

/** What the controllers ask of the kubelets. Times are µs and may lie ahead. */
export interface PodLifecycle {
  /** The pod's kubelet learns of it. */
  startPod(pod: number, at: number): void;
  /** The pod's kubelet learns that it is deleted: it does not sync it any more, and ends its containers. */
  terminatePod(pod: number, at: number): void;
  /**
   * The pod has terminated: its volumes are unmounted, its references dropped. Never before its start, at most at the
   * same instant. Called again, with an earlier time, where the node of a terminating pod is switched off.
   */
  endPod(pod: number, at: number): void;
  /** A part of a change of the lifecycle plan is due, for the first time or again. */
  goOn(change: number, part: number, at: number): void;
  /** The place of a pod that has ended before is given up. */
  placeGone(pod: number): void;
}

/**
 * `--kube-api-qps` and `--kube-api-burst` of kube-controller-manager
 * (`cmd/kube-controller-manager`, `pkg/controller/apis/config/v1alpha1/defaults.go`, all releases): each controller has
 * a client, and so a limit, of its own. Large clusters raise it.
 */
export const KUBE_CONTROLLER_MANAGER_QPS = 20;
export const KUBE_CONTROLLER_MANAGER_BURST = 30;

/** The same of kube-scheduler (`pkg/scheduler/apis/config/v1alpha1/defaults.go`, all releases); one request binds a pod. */
export const KUBE_SCHEDULER_QPS = 50;
export const KUBE_SCHEDULER_BURST = 100;

/**
 * From what a controller has to react to (a status written by a kubelet, an object written by a user) until its own
 * request leaves: a write, watch events and a work queue or two. Assumption.
 */
export const CONTROLLER_REACTION_US = 50e3;

/** From the request that creates a pod until its kubelet sees it bound: two writes, two watches, scheduling. Assumption. */
const SCHEDULING_P50_US = 50e3;
const SCHEDULING_P99_US = 200e3;

/** From the request that deletes a pod until its kubelet sees that: a write and a watch event. Assumption. */
const DELETION_P50_US = 10e3;
const DELETION_P99_US = 40e3;

/**
 * The requests of controllers and users that make pods come and go, and how long they take until they reach the pod's
 * kubelet: the limit of the controllers' client, the scheduler's, and latencies drawn by the name of the pod.
 */
export class PodRequests {
  /** The longest that a request waited for the controllers' own limit, µs. */
  get longestWait(): number {
    return this.controllers.longestWait;
  }

  private readonly controllers: RateLimiter;
  private readonly scheduler: RateLimiter;
  private readonly scheduling = new ShiftedExponential(SCHEDULING_P50_US, SCHEDULING_P99_US);
  private readonly deletion = new ShiftedExponential(DELETION_P50_US, DELETION_P99_US);
  private readonly startsAt: Float64Array;
  private readonly terminationUs: number;

  constructor(
    private readonly population: Population,
    private readonly random: Randomness,
    private readonly lifecycle: PodLifecycle,
    { controllerManager, scheduler, kubelet }: Pick<RunInput, 'controllerManager' | 'scheduler' | 'kubelet'>,
  ) {
    this.controllers = new RateLimiter(1, controllerManager.qps, controllerManager.burst);
    this.scheduler = new RateLimiter(1, scheduler.qps, scheduler.burst);
    this.terminationUs = kubelet.podTerminationUs;
    this.startsAt = new Float64Array(population.podCount).fill(-Infinity);
  }

  /** A controller creates a pod in reaction to something that happens at `at`. */
  create(pod: number, at: number): void {
    this.bind(pod, this.controllers.take(0, at + CONTROLLER_REACTION_US));
  }

  /** A pod that has been waiting for a node can be bound from `at` on. */
  bind(pod: number, at: number): void {
    const { podNameHigh, podNameLow } = this.population;
    this.random.controllers.pair(podNameHigh[pod], podNameLow[pod], 0);
    const start = this.scheduler.take(0, at) + this.scheduling.at(this.random.controllers.first());
    this.startsAt[pod] = start;
    this.lifecycle.startPod(pod, start);
  }

  /** A controller deletes a pod in reaction to something that happens at `at`. */
  delete(pod: number, at: number): void {
    this.deleteByUser(pod, this.controllers.take(0, at + CONTROLLER_REACTION_US));
  }

  /** Somebody deletes a pod at `at`; no limit of the controllers holds that back. */
  deleteByUser(pod: number, at: number): void {
    const { podNameHigh, podNameLow } = this.population;
    this.random.controllers.pair(podNameHigh[pod], podNameLow[pod], 0);
    const seen = Math.max(at + this.deletion.at(this.random.controllers.second()), this.startsAt[pod]);
    this.lifecycle.terminatePod(pod, seen);
    this.lifecycle.endPod(pod, seen + this.terminationUs);
  }

  /** The pod's node is switched off at `at`, and the pod with it. */
  cutOff(pod: number, at: number): void {
    this.lifecycle.endPod(pod, Math.max(at, this.startsAt[pod]));
  }
}
