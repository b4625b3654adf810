import { LIFECYCLE_ACTIONS, type LifecyclePlan } from '../../../src/cluster/population/lifecycle-plan.js';
import { Controllers } from '../../../src/cluster/kube-controller-manager/controllers.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { ClientLimits } from '../../../src/cluster/model/model-input.js';
import type { PodLifecycle } from '../../../src/cluster/kube-controller-manager/pod-lifecycle.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import type { Population } from '../../../src/cluster/population/population.js';
import { Simulator, type EventHandler } from '../../../src/sim/simulator.js';
import { inputOf, type Scenario } from '../scenario.js';

const BEGIN = 0;
const START = 1;
const RUN = 2;
const END = 3;
const WRITTEN = 4;
const GO_ON = 5;

/** A controller limit that holds nothing back. */
export const UNLIMITED: ClientLimits = { qps: 1e6, burst: 1e6 };

export interface ControllerOptions {
  /** A cluster that has been imported, in place of the scenario's. */
  readonly topology?: TopologyFile;
  readonly limits?: ClientLimits;
  readonly replication?: number;
  /** µs from a kubelet's learning of a pod until it runs; NaN: it never runs. */
  readonly startUs?: (pod: number) => number;
  /** µs from the start of a `replace` until its n-th object is created. */
  readonly writeUs?: (position: number) => number;
}

/** What happened to a pod, in order. */
export interface PodEvent {
  readonly what: 'starts' | 'runs' | 'ends';
  readonly pod: number;
  readonly at: number;
}

/** The controllers of a cluster with kubelets that need some time for each pod, and nothing else. */
export class ControllerRun implements EventHandler, PodLifecycle {
  readonly population: Population;
  readonly lifecycle: LifecyclePlan;
  readonly controllers: Controllers;
  readonly events: PodEvent[] = [];
  /** Pods whose place went after they had ended. */
  readonly gone: number[] = [];
  private readonly sim = new Simulator();
  private readonly timeline: readonly TimelineAction[];

  constructor(
    scenario: Scenario,
    private readonly options: ControllerOptions = {},
  ) {
    const defaults = inputOf(scenario);
    const { limits = defaults.controllerManager, topology } = options;
    const cluster = topology === undefined ? defaults.cluster : ({ type: 'imported', file: topology } as const);
    const input = { ...defaults, cluster, controllerManager: limits };
    this.timeline = input.timeline;
    this.population = buildPopulation(input);
    if (this.population.lifecycle === null) throw new Error('no lifecycle plan');
    this.lifecycle = this.population.lifecycle;
    const random = randomnessOf(input.seed, options.replication ?? 1);
    this.controllers = new Controllers(this.population, this.lifecycle, input, random, this);
    for (let change = 0; change < this.lifecycle.changeCount; change++) {
      const entry = this.timeline[this.lifecycle.changeEntry[change]];
      this.sim.schedule(entry.firstUs + this.lifecycle.changeOccurrence[change] * (entry.everyUs ?? 0), BEGIN, change);
    }
  }

  /** Runs up to a time in seconds, `check` after every event. */
  run(until: number, check: () => void = () => undefined): this {
    this.sim.run(until * 1e6, {
      handle: (kind, entity, argument) => {
        this.handle(kind, entity, argument);
        check();
      },
    });
    return this;
  }

  handle(kind: number, entity: number, argument: number): void {
    const { now } = this.sim;
    switch (kind) {
      case GO_ON:
        this.controllers.goOn(entity, argument, now);
        break;
      case BEGIN:
        this.begin(entity, now);
        break;
      case START:
        this.events.push({ what: 'starts', pod: entity, at: now });
        this.starts(entity, now);
        break;
      case RUN:
        this.events.push({ what: 'runs', pod: entity, at: now });
        this.controllers.podRunning(entity, now);
        break;
      case END:
        this.events.push({ what: 'ends', pod: entity, at: now });
        this.controllers.podEnded(entity, now);
        break;
      case WRITTEN:
        this.controllers.objectCreated(entity, now);
        break;
    }
  }

  startPod(pod: number, at: number): void {
    this.sim.schedule(at, START, pod);
  }

  terminatePod(): void {
    // Its kubelet needs no time for that.
  }

  endPod(pod: number, at: number): void {
    this.sim.schedule(at, END, pod);
  }

  goOn(change: number, part: number, at: number): void {
    this.sim.schedule(at, GO_ON, change, part);
  }

  placeGone(pod: number): void {
    this.gone.push(pod);
  }

  get live(): Controllers['live'] {
    return this.controllers.live;
  }

  /** Times in µs at which pods did something. */
  timesOf(what: PodEvent['what']): number[] {
    return this.events.filter((event) => event.what === what).map(({ at }) => at);
  }

  private starts(pod: number, now: number): void {
    const duration = this.options.startUs?.(pod) ?? 1e6;
    if (!Number.isNaN(duration)) this.sim.schedule(now + duration, RUN, pod);
  }

  private begin(change: number, now: number): void {
    this.controllers.begin(change, now);
    if (LIFECYCLE_ACTIONS[this.lifecycle.changeAction[change]] !== 'replace') return;
    const { replacedStart } = this.lifecycle;
    for (let i = replacedStart[change]; i < replacedStart[change + 1]; i++) {
      const after = this.options.writeUs?.(i - replacedStart[change]) ?? 5e3;
      this.sim.schedule(now + after, WRITTEN, i);
    }
  }
}
