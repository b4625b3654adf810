import { UniformInterval } from '../../sim/distributions.js';
import { Fingerprint } from '../../sim/fingerprint.js';
import { checkKeySpace, Simulator } from '../../sim/simulator.js';
import { Latencies } from '../kube-apiserver/latencies.js';
import { Etcd } from '../etcd/etcd.js';
import { COMMIT, EVENT_KINDS, POD_UPDATE, RESYNC } from '../model/events.js';
import { ControlPlane } from './control-plane.js';
import { Kubelet } from '../kubelet/kubelet.js';
import { type CommitsByNode, commitsByNode } from '../etcd/commits-by-node.js';
import { Load } from '../meters/load.js';
import type { RunInput } from '../model/model-input.js';
import { NodeOperation } from '../kubelet/node-operation.js';
import type { Observer } from '../model/observer.js';
import { PodWorkers } from '../kubelet/pod-workers.js';
import { occurrenceAddress } from '../model/random-addresses.js';
import { type Randomness, randomnessOf } from '../model/randomness.js';
import { RateLimiter } from '../model/rate-limiter.js';
import { ReadTally } from '../meters/read-tally.js';
import { Reads } from '../kubelet/reads.js';
import type { Reflectors } from '../client-go/reflector.js';
import { collectRecord, type SimulatedRun } from '../record/collect-record.js';
import { type NodeRange, slicesOf } from '../model/node-range.js';
import type { RunPart } from './run-part.js';
import type { RunRecord } from '../model/run-record.js';
import { automaticDrainUs, longestTtlUs, runUpUs } from './run-span.js';
import { CacheManager } from '../kubelet/secret-manager/cache.js';
import { GetManager } from '../kubelet/secret-manager/get.js';
import type { ObjectManager } from '../kubelet/secret-manager/manager.js';
import { WatchManager } from '../kubelet/secret-manager/watch.js';
import { occurrences } from '../model/timeline.js';
import { StatusManager } from '../kubelet/status-manager.js';
import type { Population } from '../population/population.js';
import { nodeTtls } from '../kube-controller-manager/ttl-controller.js';
import { UpdateLedger } from '../meters/update-ledger.js';
import { VolumeManager } from '../kubelet/volume-manager.js';
import { WalkedReflectors } from '../client-go/walked-reflectors.js';
import { type RunWaves, wavesOf } from '../record/waves.js';
import { Writes } from '../workload/writes.js';
import { Meeting, isCoupled } from './coupled.js';

const SECOND = 1e6;
const DRAIN_STEP_US = 10 * SECOND;
/** How often a run in one event queue tells how far it is. */
const PROGRESS_STEPS = 200;

/** One run: its parts, how they are driven, and what is read off them. */
export class ClusterRun implements SimulatedRun {
  /** True where kubelets meet at API servers, so that all of them run in one queue. */
  private readonly coupled: boolean;
  readonly controlPlane: ControlPlane | null;
  private readonly meeting: Meeting | null;
  private readonly sim = new Simulator();
  readonly random: Randomness;
  readonly fingerprint = new Fingerprint();
  readonly load: Load;
  readonly tally: ReadTally;
  readonly writes: Writes;
  readonly etcd: Etcd;
  private readonly latencies: Latencies;
  private readonly reflectors: Reflectors | null;
  readonly ledger: UpdateLedger;
  readonly kubelet: Kubelet;
  readonly nodes: NodeOperation;
  readonly limiter: RateLimiter;
  private readonly commits: CommitsByNode;
  private readonly start: number;
  /** When the simulation ends at the latest. */
  private readonly limit: number;
  end: number;
  /** Random numbers that building the run has drawn, and that other parts of it have. */
  private readonly drawsBefore: number;
  private drawnElsewhere = 0;

  constructor(
    readonly input: RunInput,
    replication: number,
    readonly population: Population,
    private readonly eager: boolean,
    observer: Observer | null,
  ) {
    checkKeySpace(EVENT_KINDS, population.consumerCount);
    this.random = randomnessOf(input.seed, replication);
    this.load = new Load(
      input.apiServers,
      input.durationUs,
      input.loadBinUs,
      input.apiServer.costs,
      population.classNames.length,
    );
    this.tally = new ReadTally(this.load, population, input.apiServer.costs);
    const writes = new Writes(population, input, this.random);
    this.writes = writes;
    this.etcd = new Etcd(population, writes);
    this.coupled = isCoupled(input);
    if (!this.coupled) this.etcd.commitAll(writes.commitTimes());
    this.latencies = new Latencies(population, this.etcd, this.load, input, this.random);
    this.commits = commitsByNode(this.etcd, population);
    const { kubelet } = input;
    this.limiter = new RateLimiter(population.nodeCount, kubelet.kubeAPIQPS, kubelet.kubeAPIBurst);
    const ttlUs = nodeTtls(input, population);
    const longestPeriod = kubelet.syncFrequencyUs * (1 + kubelet.workerResyncIntervalJitterFactor);
    const intervals = new UniformInterval(kubelet.syncFrequencyUs, longestPeriod);
    this.controlPlane = this.coupled
      ? new ControlPlane({
          sim: this.sim,
          input,
          population,
          etcd: this.etcd,
          writes,
          latencies: this.latencies,
          load: this.load,
          limiter: this.limiter,
          random: this.random,
          observer,
        })
      : null;
    this.reflectors = kubelet.strategy === 'Watch' ? this.reflectorsOf(this.controlPlane) : null;
    const manager = this.managerOf(ttlUs, intervals, this.reflectors);
    this.ledger = new UpdateLedger(
      population,
      this.etcd,
      writes,
      manager,
      this.fingerprint,
      input.samples !== 'none',
      input.durationUs,
    );
    const workers = new PodWorkers(population, kubelet, this.random);
    const reads = new Reads();
    this.kubelet = new Kubelet(
      {
        sim: this.sim,
        population,
        etcd: this.etcd,
        latencies: this.latencies,
        load: this.load,
        tally: this.tally,
        workers,
        volumes: new VolumeManager(population, kubelet, this.random),
        manager,
        reflectors: this.reflectors,
        ledger: this.ledger,
        statuses: new StatusManager(this.sim, population, this.latencies, this.limiter),
        reads: this.coupled ? reads : null,
        tokens: this.controlPlane?.tokens ?? null,
        incarnation: new Uint16Array(population.podCount),
        random: this.random,
        input,
      },
      this.eager,
    );
    this.nodes = new NodeOperation(this.kubelet);
    this.meeting =
      this.controlPlane === null
        ? null
        : new Meeting({
            sim: this.sim,
            input,
            population,
            etcd: this.etcd,
            ledger: this.ledger,
            random: this.random,
            controlPlane: this.controlPlane,
            kubelet: this.kubelet,
            manager,
            reads,
            ttlUs,
          });
    const longestTtl = longestTtlUs(
      input,
      ttlUs.reduce((max, ttl) => Math.max(max, ttl), 0),
    );
    this.start = -input.warmupUs - runUpUs(input, longestTtl, this.coupled);
    const auto = automaticDrainUs(input, longestTtl);
    const lastCommit = this.etcd.committedAt
      .subarray(0, this.etcd.revisions)
      .reduce((latest, at) => Math.max(latest, at), 0);
    // Whatever the drain, what was sent in the measured period has to commit, so that its consumers are due.
    this.limit = Math.max(lastCommit + 1, input.durationUs + (input.drainUs === 'auto' ? auto : input.drainUs));
    this.kubelet.plans.horizon = this.limit;
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
    const { population, reflectors, kubelet } = this;
    const { started, startUs, longestStart } = kubelet.starts;
    this.tally.settle();
    return {
      ranges,
      load: this.load.part(),
      ledger: this.ledger.part(ranges, this.firstConsumer),
      fingerprint: this.fingerprint.part(),
      reflectors: reflectors && slicesOf(reflectors.state, ranges, (node) => population.nodeEntryStart[node]),
      mountFailures: kubelet.reconciler.mountFailures,
      connections: this.nodes.connections,
      started,
      startUs,
      longestStart,
      longestWait: this.limiter.longestWait,
      end: this.end,
      events: this.sim.handled,
      draws: this.draws - this.drawsBefore,
    };
  }

  /** Adds what other nodes of the run did that were simulated elsewhere. */
  absorb(part: RunPart): void {
    const { population, reflectors, kubelet, limiter } = this;
    this.load.absorb(part.load);
    this.ledger.absorb(part.ledger, part.ranges, this.firstConsumer);
    this.fingerprint.absorb(part.fingerprint);
    part.ranges.forEach(([first], i) => {
      if (part.reflectors !== null) reflectors?.state.set(part.reflectors[i], population.nodeEntryStart[first]);
    });
    kubelet.reconciler.mountFailures += part.mountFailures;
    this.nodes.connections += part.connections;
    kubelet.starts.started += part.started;
    kubelet.starts.startUs += part.startUs;
    kubelet.starts.longestStart = Math.max(kubelet.starts.longestStart, part.longestStart);
    limiter.longestWait = Math.max(limiter.longestWait, part.longestWait);
    this.end = Math.max(this.end, part.end);
    this.sim.handled += part.events;
    this.drawnElsewhere += part.draws;
  }

  /** What happened on which node; after `run`. */
  waves(): RunWaves {
    const { population, etcd, ledger, controlPlane } = this;
    return wavesOf(population, etcd, ledger, controlPlane?.storms ?? null);
  }

  /** What is measured of the run; after `run`. Once. */
  record(): RunRecord {
    const record = collectRecord(this);
    return { ...record, execution: { events: this.sim.handled, draws: this.draws + this.drawnElsewhere } };
  }

  /** Random numbers drawn here so far. */
  private get draws(): number {
    return Object.values(this.random).reduce((sum, stream) => sum + stream.draws, 0);
  }

  private readonly firstConsumer = (node: number): number =>
    this.population.podConsumerStart[this.population.nodePodStart[node]];

  private reflectorsOf(controlPlane: ControlPlane | null): Reflectors {
    const { population, latencies, limiter, load, input, random, etcd } = this;
    if (controlPlane?.loops) return controlPlane.loops;
    const walked = new WalkedReflectors(
      population,
      latencies,
      limiter,
      load,
      input.behaviours,
      random,
      input.kubelet.whatIf,
    );
    for (let r = 0; r < etcd.revisions; r++) walked.written(population.objectKind[etcd.object[r]], etcd.committedAt[r]);
    return walked;
  }

  private managerOf(ttlUs: Float64Array, intervals: UniformInterval, reflectors: Reflectors | null): ObjectManager {
    const { population, etcd, latencies, limiter, random, input } = this;
    if (reflectors !== null) return new WatchManager(population, etcd, reflectors, input.behaviours);
    if (input.kubelet.strategy === 'Get') return new GetManager(population, etcd, latencies, limiter);
    const adaptive = input.kubelet.whatIf.adaptiveTtl;
    return new CacheManager(population, etcd, latencies, limiter, ttlUs, intervals, random, input.behaviours, adaptive);
  }

  /** Simulates the nodes from `first` to `last` (exclusive) in one event queue, from start to end. */
  private runNodes(first: number, last: number, onProgress?: (share: number) => void): void {
    const { sim, kubelet, nodes, input, ledger } = this;
    sim.reset(this.start);
    for (let node = first; node < last; node++) {
      nodes.initialize(node);
      if (input.start === 'steady') nodes.startStationary(node);
      else nodes.startCold(node);
      this.scheduleTouches(node);
    }
    this.meeting?.start();
    this.scheduleCommits(first, last);
    const waitingElsewhere = ledger.waiting;
    const handler = this.meeting ?? kubelet;
    const span = input.durationUs - this.start;
    for (let step = 1; onProgress !== undefined && step < PROGRESS_STEPS; step++) {
      sim.run(this.start + Math.floor((step * span) / PROGRESS_STEPS), handler);
      onProgress(step / PROGRESS_STEPS);
    }
    sim.run(input.durationUs, handler);
    for (let node = first; node < last; node++) nodes.countConnections(node);
    // Commits that fall behind the measured period still have to be counted as due.
    while (
      sim.now < this.limit &&
      (ledger.waiting > waitingElsewhere || sim.now === input.durationUs || this.meeting?.writing === true)
    ) {
      sim.run(Math.min(this.limit, sim.now + DRAIN_STEP_US), handler);
    }
    this.end = Math.max(this.end, sim.now);
    for (let node = first; node < last; node++) nodes.finish(node, input.durationUs);
  }

  /** Schedules the commits that concern nodes in a range, each for the node's cache entry of the object. */
  private scheduleCommits(first: number, last: number): void {
    const { start, entry, revision } = this.commits;
    for (let i = start[first]; i < start[last]; i++) {
      this.sim.schedule(this.etcd.committedAt[revision[i]], COMMIT, entry[i], revision[i]);
    }
  }

  /** Schedules the pod updates of the timeline for a node's pods. */
  private scheduleTouches(node: number): void {
    const { input, population, sim, random } = this;
    input.timeline.forEach((entry, index) => {
      if (entry.action !== 'annotatePods') return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
          random.timeline.pair(
            population.podNameHigh[pod],
            population.podNameLow[pod],
            occurrenceAddress(index, occurrence),
          );
          if (random.timeline.first() >= entry.fraction) continue;
          const latency = input.apiServer.write.p50Us + input.etcd.watch.p50Us + input.apiServer.dispatch.p50Us;
          sim.schedule(
            at + latency + Math.floor(random.timeline.second() * input.network.roundTrip.p99Us),
            RESYNC,
            pod,
            POD_UPDATE,
          );
        }
      });
    });
  }
}
