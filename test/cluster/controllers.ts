import { CAST_ACTIONS, type Cast } from '../../src/cluster/cast.js';
import { PodChurn } from '../../src/cluster/churn.js';
import { LivePods } from '../../src/cluster/live-pods.js';
import type { TimelineAction } from '../../src/cluster/model-input.js';
import { NodeLifecycle } from '../../src/cluster/node-lifecycle.js';
import { PodRequests, type ControllerLimits, type PodLifecycle } from '../../src/cluster/pod-lifecycle.js';
import { randomnessOf } from '../../src/cluster/randomness.js';
import { DeploymentController } from '../../src/cluster/rollout.js';
import { buildTopology } from '../../src/cluster/simulate.js';
import type { Topology } from '../../src/cluster/topology.js';
import { TtlController } from '../../src/cluster/ttl-controller.js';
import { Simulator, type EventHandler } from '../../src/sim/simulator.js';
import { inputOf, type Scenario } from './scenario.js';

const BEGIN = 0;
const START = 1;
const RUN = 2;
const END = 3;
const WRITTEN = 4;

/** A controller limit that holds nothing back. */
export const UNLIMITED: ControllerLimits = { qps: 1e6, burst: 1e6 };

export interface ControllerOptions {
  readonly limits?: ControllerLimits;
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
  readonly topology: Topology;
  readonly cast: Cast;
  readonly live: LivePods;
  readonly deployments: DeploymentController;
  readonly churn: PodChurn;
  readonly ttl: TtlController;
  readonly requests: PodRequests;
  readonly events: PodEvent[] = [];
  private readonly nodes: NodeLifecycle;
  private readonly sim = new Simulator();
  private readonly timeline: readonly TimelineAction[];

  constructor(
    scenario: Scenario,
    private readonly options: ControllerOptions = {},
  ) {
    const input = inputOf(scenario);
    this.timeline = input.timeline;
    this.topology = buildTopology(input);
    if (this.topology.cast === null) throw new Error('no cast');
    this.cast = this.topology.cast;
    const random = randomnessOf(input.seed, options.replication ?? 1);
    this.live = new LivePods(this.topology, this.cast, true);
    this.requests = new PodRequests(this.topology, random, this, options.limits);
    this.deployments = new DeploymentController(this.cast, this.timeline, this.live, this.requests);
    this.churn = new PodChurn(this.cast, this.deployments);
    this.ttl = new TtlController(this.topology, random);
    this.nodes = new NodeLifecycle(this.topology, this.cast, this.live, this.requests, this.deployments, this.ttl);
    for (let change = 0; change < this.cast.changeCount; change++) {
      const entry = this.timeline[this.cast.changeEntry[change]];
      this.sim.schedule(entry.firstUs + this.cast.changeOccurrence[change] * (entry.everyUs ?? 0), BEGIN, change);
    }
  }

  /** Runs up to a time in seconds, `check` after every event. */
  run(until: number, check: () => void = () => undefined): this {
    this.sim.run(until * 1e6, {
      handle: (kind, entity) => {
        this.handle(kind, entity);
        check();
      },
    });
    return this;
  }

  handle(kind: number, entity: number): void {
    const { now } = this.sim;
    switch (kind) {
      case BEGIN:
        this.begin(entity, now);
        break;
      case START:
        this.events.push({ what: 'starts', pod: entity, at: now });
        this.starts(entity, now);
        break;
      case RUN:
        this.events.push({ what: 'runs', pod: entity, at: now });
        this.deployments.podRunning(entity, now);
        break;
      case END:
        this.events.push({ what: 'ends', pod: entity, at: now });
        this.deployments.podEnded(entity);
        break;
      case WRITTEN:
        this.deployments.objectCreated(entity, now);
        break;
    }
  }

  startPod(pod: number, at: number): void {
    this.sim.schedule(at, START, pod);
  }

  endPod(pod: number, at: number): void {
    this.sim.schedule(at, END, pod);
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
    switch (CAST_ACTIONS[this.cast.changeAction[change]]) {
      case 'rollout':
        this.deployments.begin(change, now);
        break;
      case 'replace': {
        this.deployments.begin(change, now);
        const { replacedStart } = this.cast;
        for (let i = replacedStart[change]; i < replacedStart[change + 1]; i++) {
          const after = this.options.writeUs?.(i - replacedStart[change]) ?? 5e3;
          this.sim.schedule(now + after, WRITTEN, i);
        }
        break;
      }
      case 'addNodes':
        this.nodes.join(change, now);
        break;
      case 'removeNodes':
        this.nodes.leave(change, now);
        break;
      case 'churnPods':
        this.churn.begin(change, now);
        break;
    }
  }
}
