import { SECOND_US } from '../../sim/units.js';
import { Controllers } from '../kube-controller-manager/controllers.js';
import { DEFAULT_TTL_SECONDS } from '../kube-controller-manager/ttl-controller.js';
import { CHANGE, EVENT } from '../model/events.js';
import { occurrences } from '../model/occurrences.js';
import { changesOf, LIFECYCLE_ACTIONS, type LifecyclePlan } from '../population/lifecycle-plan.js';
import type { Replacements } from '../meters/replacements.js';
import { type StartedPod, Successions } from '../meters/successions.js';
import type { World } from '../world/world.js';

/** Pods and nodes that come and go. */
export interface Changes {
  /** Schedules what the timeline brings. */
  start(): void;
  /** Pods or nodes begin to come or go (`part` CHANGE.BEGINS), or a part of them has its turn (CHANGE.FIRST_PART + it). */
  goOn(change: number, part: number): void;
  /** A node's status is reported: the TTL controller sets its annotation, where it is in charge of it. */
  annotate(node: number): void;
  /** An object has been created in place of another. */
  objectCreated(object: number): void;
  /** Reloader updates the template of a Deployment: a rollout of the lifecycle plan begins. */
  rollOut(rollout: number): void;
  /** The API servers know that a pod runs. */
  podRunning(pod: number): void;
  /** A pod has ended. */
  podEnded(pod: number): void;
  /** True for a running pod that holds its place. */
  isCurrent(pod: number): boolean;
  /** A pod runs from `at` on, and takes its place. */
  podRuns(pod: number, at: number): void;
  /** True while what has begun has not ended. */
  readonly underWay: boolean;
}

/** Pods and nodes stay as they are. */
const NO_CHANGES: Changes = {
  start: () => undefined,
  goOn: () => undefined,
  annotate: () => undefined,
  objectCreated: () => undefined,
  rollOut: () => undefined,
  podRunning: () => undefined,
  podEnded: () => undefined,
  isCurrent: () => true,
  podRuns: () => undefined,
  underWay: false,
};

/** What those have to do with it who take part in changes. */
export interface ChangeParts {
  /** TTL of cached objects by node, which follows the number of nodes. */
  readonly ttlUs: Float64Array;
  /** What pods show as they start. */
  readonly started: StartedPod;
  readonly replacements: Replacements;
  /** Told of nodes that leave. */
  readonly nodeLeaves: (node: number) => void;
}

export function changesIn(world: World, parts: ChangeParts): Changes {
  const { lifecycle } = world.population;
  return lifecycle === null ? NO_CHANGES : new PlannedChanges(world, lifecycle, parts);
}

class PlannedChanges implements Changes {
  private readonly controllers: Controllers;
  /** Index in the lifecycle plan's replacements of each object that is created in place of another. */
  private readonly replacementOf = new Map<number, number>();
  private readonly successions: Successions;

  constructor(
    private readonly world: World,
    private readonly lifecycle: LifecyclePlan,
    private readonly parts: ChangeParts,
  ) {
    const { population, input, random, sim } = world;
    this.controllers = new Controllers(population, lifecycle, input, random, {
      startPod: (pod, at) => sim.schedule(at, EVENT.ADD, pod),
      terminatePod: (pod, at) => sim.schedule(at, EVENT.POD_TERMINATES, pod),
      endPod: (pod, at) => sim.schedule(at, EVENT.POD_ENDS, pod),
      goOn: (change, part, at) => sim.schedule(at, EVENT.CHANGE, change, CHANGE.FIRST_PART + part),
      placeGone: (pod) => this.placeGone(pod),
    });
    const { podReplica, replicaFirstPod } = lifecycle;
    this.successions = new Successions(population, podReplica, replicaFirstPod, world.ledger, parts.started);
    lifecycle.replacementObject.forEach((object, index) => this.replacementOf.set(object, index));
  }

  start(): void {
    const { input, sim, random } = this.world;
    input.timeline.forEach((entry, index) => {
      const changes = changesOf(this.lifecycle, index);
      if (changes.length === 0) return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        sim.schedule(at, EVENT.CHANGE, changes[occurrence], CHANGE.BEGINS);
      });
    });
  }

  goOn(change: number, part: number): void {
    if (part === CHANGE.BEGINS) this.begin(change);
    else this.controllers.goOn(change, part - CHANGE.FIRST_PART, this.world.sim.now);
  }

  /** Where nodes come or go, the annotations of all may follow. */
  private begin(change: number): void {
    const { population, sim } = this.world;
    const { controllers, lifecycle } = this;
    controllers.begin(change, sim.now);
    if (lifecycle.movedStart[change] === lifecycle.movedStart[change + 1]) return;
    for (let node = 0; node < population.nodeCount; node++) {
      sim.schedule(controllers.ttl.nextReport(node, sim.now), EVENT.NODE_STATUS, node);
    }
    const leave = LIFECYCLE_ACTIONS[lifecycle.changeAction[change]] === 'removeNodes';
    for (let i = lifecycle.movedStart[change]; i < lifecycle.movedStart[change + 1]; i++) {
      if (leave) this.parts.nodeLeaves(lifecycle.movedNodes[i]);
      else this.annotate(lifecycle.movedNodes[i]);
    }
  }

  annotate(node: number): void {
    const { input, sim } = this.world;
    if (input.kubelet.nodeTtl !== 'auto') return;
    const seconds = this.controllers.ttl.ttlSeconds(node, sim.now);
    this.parts.ttlUs[node] = (Number.isNaN(seconds) ? DEFAULT_TTL_SECONDS : seconds) * SECOND_US;
  }

  objectCreated(object: number): void {
    const replacement = this.replacementOf.get(object);
    if (replacement !== undefined) this.controllers.objectCreated(replacement, this.world.sim.now);
  }

  rollOut(rollout: number): void {
    this.controllers.deployments.overtake(rollout, this.world.sim.now);
  }

  podRunning(pod: number): void {
    this.controllers.podRunning(pod, this.world.sim.now);
  }

  podEnded(pod: number): void {
    this.controllers.podEnded(pod, this.world.sim.now);
    if (!this.controllers.hasPlace(pod)) this.placeGone(pod);
  }

  isCurrent(pod: number): boolean {
    return this.successions.isCurrent(pod);
  }

  podRuns(pod: number, at: number): void {
    this.successions.runs(pod, at);
  }

  get underWay(): boolean {
    return this.controllers.underWay;
  }

  private placeGone(pod: number): void {
    this.successions.placeGone(pod);
    this.parts.replacements.placeGone(this.lifecycle.podReplica[pod]);
  }
}
