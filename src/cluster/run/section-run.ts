import type { Memory } from '../../sim/memory.js';
import { SECOND_US } from '../../sim/units.js';
import { EVENT, EVENT_KINDS } from '../model/events.js';
import { checkKeySpace } from '../../sim/simulator.js';
import { type CommitsByNode, commitsByNode } from '../etcd/commits-by-node.js';
import { nodeTtls } from '../kube-controller-manager/ttl-controller.js';
import { NodeOperation } from '../kubelet/node-operation.js';
import { OPERATOR_ENTITIES } from '../operators/operators.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import { buildWorld } from './build-world.js';
import { CoupledDriver } from './coupled.js';
import type { Driver } from './driver.js';
import { IsolatedDriver } from './isolated.js';
import type { RunCore } from '../record/run-core.js';
import type { RunSpan } from './run-span.js';
import { type RunTotals, totalsOf } from '../record/run-totals.js';
import { scheduleAnnotations } from './timeline-events.js';

const DRAIN_STEP_US = 10 * SECOND_US;
/** How often a run in one event queue tells how far it is. */
const PROGRESS_STEPS = 200;

/** How the nodes of a run are driven. */
export interface DriveMode {
  /** True where kubelets meet at API servers, so that all of them run in one queue. */
  readonly coupled: boolean;
  /** True where every sync is an event. */
  readonly eager: boolean;
  /** Where their state is. */
  readonly memory: Memory;
}

/** The simulation of some nodes of a run, all of it where they meet: their parts, and how they are driven. */
export class SectionRun {
  readonly world: World;
  readonly driver: Driver;
  private readonly nodes: NodeOperation;
  private readonly commits: CommitsByNode;
  private readonly ttlUs: Float64Array;
  private end: number;

  constructor(
    private readonly core: RunCore,
    private readonly population: Population,
    private readonly span: RunSpan,
    { coupled, eager, memory }: DriveMode,
  ) {
    const world = buildWorld(core, population, memory);
    this.world = world;
    const { nodeCount, podCount, consumerCount, entryCount } = population;
    const ofOperators = core.input.operators === undefined ? 0 : population.objectCount + OPERATOR_ENTITIES;
    checkKeySpace(
      EVENT_KINDS,
      Math.max(nodeCount, podCount, consumerCount, entryCount, world.writes.count, ofOperators),
    );
    this.commits = commitsByNode(world.etcd, population);
    this.ttlUs = nodeTtls(core.input, population, core.source.facts.nodesAtStart);
    const parts = { world, ttlUs: this.ttlUs, horizon: span.limit, eager };
    this.driver = coupled ? new CoupledDriver(parts) : new IsolatedDriver(parts);
    this.nodes = new NodeOperation(this.driver.kubelet);
    this.nodes.initialize();
    this.end = core.input.durationUs;
  }

  /** Simulates the nodes from `first` to `last` (exclusive) in one event queue, from start to end. */
  runNodes(first: number, last: number, onProgress?: (share: number) => void): void {
    const { nodes, driver, span } = this;
    const { input } = this.core;
    const { sim, ledger } = this.world;
    sim.reset(span.start);
    driver.kubelet.plans.readsUntil = -Infinity;
    for (let node = first; node < last; node++) {
      if (input.start === 'steady') nodes.startStationary(node);
      else nodes.startCold(node);
      scheduleAnnotations(this.world, node);
    }
    driver.start();
    this.scheduleCommits(first, last);
    const waitingElsewhere = ledger.waiting(false);
    const duration = input.durationUs - span.start;
    const lastCommit = this.lastCommit(first, last);
    for (let step = 1; onProgress !== undefined && step < PROGRESS_STEPS; step++) {
      sim.run(span.start + Math.floor((step * duration) / PROGRESS_STEPS), driver);
      onProgress(step / PROGRESS_STEPS);
    }
    sim.run(input.durationUs, driver);
    for (let node = first; node < last; node++) nodes.countConnections(node);
    // Commits that fall behind the measured period, however slow their writes were, still have to be counted as due.
    while (
      sim.now < span.limit &&
      (ledger.waiting(driver.replacing) > waitingElsewhere ||
        sim.now === input.durationUs ||
        sim.now <= lastCommit ||
        sim.now <= driver.kubelet.plans.readsUntil ||
        driver.writing)
    ) {
      sim.run(Math.min(span.limit, sim.now + DRAIN_STEP_US), driver);
    }
    this.end = Math.max(this.end, sim.now);
    for (let node = first; node < last; node++) nodes.finish(node, input.durationUs);
  }

  /** All nodes are done: takes stock of them. Once. */
  settle(): RunTotals {
    const { population, world, driver } = this;
    const { outcomes, groups, audiences } = this.core;
    const { manager } = driver.kubelet.parts;
    const done = {
      population,
      ledger: world.ledger,
      etcd: world.etcd,
      readsOnce: (entry: number) => manager.readsOnce(entry),
    };
    world.ledger.settle();
    driver.kubelet.plans.settle();
    outcomes.add(done);
    groups?.add(done);
    audiences.add(population, world.etcd, this.ttlUs);
    return totalsOf(driver.kubelet, this.nodes, world.limiter, this.end);
  }

  /** When the last commit comes that concerns nodes in a range and is known before; −Infinity without one. */
  private lastCommit(first: number, last: number): number {
    const { start, revision } = this.commits;
    const { committedAt } = this.world.etcd;
    let latest = -Infinity;
    for (let i = start[first]; i < start[last]; i++) latest = Math.max(latest, committedAt[revision[i]]);
    return latest;
  }

  /** Schedules the commits that concern nodes in a range, each for the node's cache entry of the object. */
  private scheduleCommits(first: number, last: number): void {
    const { start, entry, revision } = this.commits;
    for (let i = start[first]; i < start[last]; i++) {
      this.world.sim.schedule(this.world.etcd.committedAt[revision[i]], EVENT.COMMIT, entry[i], revision[i]);
    }
  }
}
