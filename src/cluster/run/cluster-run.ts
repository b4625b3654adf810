import { SECOND_US } from '../../sim/units.js';
import type { NodeRange } from '../model/node-range.js';
import { isCoupled } from '../model/coupling.js';
import { EVENT_KINDS, EVENT } from '../model/events.js';
import type { RunInput } from '../model/model-input.js';
import type { Observer } from '../model/observer.js';
import type { RunRecord } from '../model/run-record.js';
import { checkKeySpace } from '../../sim/simulator.js';
import { type CommitsByNode, commitsByNode } from '../etcd/commits-by-node.js';
import { nodeTtls } from '../kube-controller-manager/ttl-controller.js';
import { NodeOperation } from '../kubelet/node-operation.js';
import { OPERATOR_ENTITIES } from '../operators/operators.js';
import type { Population } from '../population/population.js';
import { collectRecord } from '../record/collect-record.js';
import { type RunWaves, wavesOf } from '../record/waves.js';
import type { World } from '../world/world.js';
import { buildWorld } from './build-world.js';
import { CoupledDriver } from './coupled.js';
import type { Driver } from './driver.js';
import { IsolatedDriver } from './isolated.js';
import type { RunPart } from './run-part.js';
import { runSpan, type RunSpan } from './run-span.js';
import { scheduleAnnotations } from './timeline-events.js';

const DRAIN_STEP_US = 10 * SECOND_US;
/** How often a run in one event queue tells how far it is. */
const PROGRESS_STEPS = 200;

/** One run: its parts, how they are driven, and what is read off them. */
export class ClusterRun {
  /** True where kubelets meet at API servers, so that all of them run in one queue. */
  private readonly coupled: boolean;
  private readonly world: World;
  private readonly driver: Driver;
  private readonly nodes: NodeOperation;
  private readonly commits: CommitsByNode;
  private readonly span: RunSpan;
  private end: number;
  /** Random numbers that building the run has drawn, and that other parts of it have. */
  private readonly drawsBefore: number;
  private drawnElsewhere = 0;

  constructor(
    private readonly input: RunInput,
    replication: number,
    private readonly population: Population,
    private readonly eager: boolean,
    observer: Observer | null,
  ) {
    this.coupled = isCoupled(input);
    const world = buildWorld(input, replication, population, !this.coupled, observer);
    this.world = world;
    const { nodeCount, podCount, consumerCount, entryCount } = population;
    const ofOperators = input.operators === undefined ? 0 : population.objectCount + OPERATOR_ENTITIES;
    checkKeySpace(
      EVENT_KINDS,
      Math.max(nodeCount, podCount, consumerCount, entryCount, world.writes.count, ofOperators),
    );
    this.commits = commitsByNode(world.etcd, population);
    const ttlUs = nodeTtls(input, population);
    this.span = runSpan(world, ttlUs, this.coupled);
    const parts = { world, ttlUs, horizon: this.span.limit, eager };
    this.driver = this.coupled ? new CoupledDriver(parts) : new IsolatedDriver(parts);
    this.nodes = new NodeOperation(this.driver.kubelet);
    this.end = input.durationUs;
    this.drawsBefore = this.draws;
  }

  /** `onProgress` is told now and then how much is done, from 0 to 1. */
  run(onProgress?: (share: number) => void): void {
    const { nodeCount } = this.population;
    if (!this.splits) {
      this.runNodes(0, nodeCount, onProgress);
      return;
    }
    for (let node = 0; node < nodeCount; node++) {
      this.runNodes(node, node + 1);
      onProgress?.((node + 1) / nodeCount);
    }
  }

  /** True where nodes are simulated one after another, so that threads can share them. */
  get splits(): boolean {
    return !this.eager && !this.coupled;
  }

  /** Simulates some nodes of a run that splits. */
  runPart(range: NodeRange): void {
    for (let node = range[0]; node < range[1]; node++) this.runNodes(node, node + 1);
  }

  /** What the nodes did that have been simulated here, for the run that the others of it are simulated in. Once. */
  part(ranges: readonly NodeRange[]): RunPart {
    const { world, driver } = this;
    const { starts, reconciler, parts } = driver.kubelet;
    world.tally.settle();
    return {
      ranges,
      load: world.load.part(),
      ledger: world.ledger.part(ranges, this.firstConsumer),
      fingerprint: world.fingerprint.part(),
      entries: parts.manager.part(ranges),
      mountFailures: reconciler.mountFailures,
      connections: this.nodes.connections,
      started: starts.started,
      startUs: starts.startUs,
      longestStart: starts.longestStart,
      longestWait: world.limiter.longestWait,
      end: this.end,
      events: world.sim.handled,
      draws: this.draws - this.drawsBefore,
    };
  }

  /** Adds what other nodes of the run did that were simulated elsewhere. */
  absorb(part: RunPart): void {
    const { world, driver } = this;
    const { starts, reconciler, parts } = driver.kubelet;
    const { load, ledger, fingerprint, limiter, sim } = world;
    load.absorb(part.load);
    ledger.absorb(part.ledger, part.ranges, this.firstConsumer);
    fingerprint.absorb(part.fingerprint);
    parts.manager.absorb(part.entries, part.ranges);
    reconciler.mountFailures += part.mountFailures;
    this.nodes.connections += part.connections;
    starts.started += part.started;
    starts.startUs += part.startUs;
    starts.longestStart = Math.max(starts.longestStart, part.longestStart);
    limiter.longestWait = Math.max(limiter.longestWait, part.longestWait);
    this.end = Math.max(this.end, part.end);
    sim.handled += part.events;
    this.drawnElsewhere += part.draws;
  }

  /** What happened on which node; after `run`. */
  waves(): RunWaves {
    const { population, etcd, ledger } = this.world;
    return wavesOf(population, etcd, ledger, this.driver.storms);
  }

  /** What is measured of the run; after `run`. Once. */
  record(): RunRecord {
    const { world, driver, nodes, end } = this;
    const record = collectRecord({ world, kubelet: driver.kubelet, nodes, servers: driver.figures(), end });
    return { ...record, execution: { events: world.sim.handled, draws: this.draws + this.drawnElsewhere } };
  }

  /** Random numbers drawn here so far. */
  private get draws(): number {
    return Object.values(this.world.random).reduce((sum, stream) => sum + stream.draws, 0);
  }

  private readonly firstConsumer = (node: number): number =>
    this.population.podConsumerStart[this.population.nodePodStart[node]];

  /** Simulates the nodes from `first` to `last` (exclusive) in one event queue, from start to end. */
  private runNodes(first: number, last: number, onProgress?: (share: number) => void): void {
    const { nodes, input, driver, span } = this;
    const { sim, ledger } = this.world;
    sim.reset(span.start);
    for (let node = first; node < last; node++) {
      nodes.initialize(node);
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
        driver.writing)
    ) {
      sim.run(Math.min(span.limit, sim.now + DRAIN_STEP_US), driver);
    }
    this.end = Math.max(this.end, sim.now);
    for (let node = first; node < last; node++) nodes.finish(node, input.durationUs);
  }

  /** When the last commit comes that concerns nodes in a range and is known before; −Infinity without one. */
  private lastCommit(first: number, last: number): number {
    const { start, revision } = this.commits;
    const { committedAt } = this.world.etcd;
    return revision
      .subarray(start[first], start[last])
      .reduce((latest, r) => Math.max(latest, committedAt[r]), -Infinity);
  }

  /** Schedules the commits that concern nodes in a range, each for the node's cache entry of the object. */
  private scheduleCommits(first: number, last: number): void {
    const { start, entry, revision } = this.commits;
    for (let i = start[first]; i < start[last]; i++) {
      this.world.sim.schedule(this.world.etcd.committedAt[revision[i]], EVENT.COMMIT, entry[i], revision[i]);
    }
  }
}
