import { UniformInterval } from '../sim/distributions.js';
import { Fingerprint } from '../sim/fingerprint.js';
import { checkKeySpace, Simulator } from '../sim/simulator.js';
import { ApiServers } from './api-server.js';
import { Etcd } from './etcd.js';
import { COMMIT, EVENT_KINDS, POD_UPDATE, TOUCH } from './events.js';
import { Fabric } from './fabric.js';
import { Kubelet } from './kubelet.js';
import { type CommitsByNode, commitsByNode } from './commits-by-node.js';
import { Load } from './load.js';
import type { RunInput } from './model-input.js';
import { NodeOperation } from './node-operation.js';
import type { Observer } from './observer.js';
import { PodWorkers } from './pod-workers.js';
import { occurrenceAddress } from './random-addresses.js';
import { type Randomness, randomnessOf } from './randomness.js';
import { RateLimiter } from './rate-limiter.js';
import { ReadTally } from './read-tally.js';
import { Reads } from './reads.js';
import type { Reflectors } from './reflector.js';
import { recordOf, type SimulatedRun } from './record-of.js';
import { type NodeRange, slicesOf } from './node-range.js';
import type { RunPart } from './run-part.js';
import type { RunRecord } from './run-record.js';
import { CacheManager } from './secret-manager/cache.js';
import { GetManager } from './secret-manager/get.js';
import type { ObjectManager } from './secret-manager/manager.js';
import { WatchManager } from './secret-manager/watch.js';
import { occurrences } from './timeline.js';
import { StatusManager } from './status-manager.js';
import type { Topology } from './topology.js';
import { nodeTtls, TTL_SECONDS_MAX } from './kube-controller-manager/ttl-controller.js';
import { UpdateLedger } from './update-ledger.js';
import { VolumeManager } from './volume-manager.js';
import { WalkedReflectors } from './walked-reflectors.js';
import { type RunWaves, wavesOf } from './waves.js';
import { Writes } from './writes.js';
import { Meeting, meetsAtServers } from './meeting.js';

const SECOND = 1e6;
/** Longest wait for the retry of a failed volume, part of the automatic drain. */
const LONGEST_RETRY_US = 130 * SECOND;
/** Sync intervals that the automatic drain and the run-up of the caches allow for. */
const INTERVALS = 3;
const DRAIN_STEP_US = 10 * SECOND;
/** How often a run in one event queue tells how far it is. */
const PROGRESS_STEPS = 200;

/** One run: its parts, how they are driven, and what is read off them. */
export class ClusterRun implements SimulatedRun {
  /** True where kubelets meet at API servers, so that all of them run in one queue. */
  private readonly coupled: boolean;
  readonly fabric: Fabric | null;
  private readonly meeting: Meeting | null;
  private readonly sim = new Simulator();
  readonly random: Randomness;
  readonly fingerprint = new Fingerprint();
  readonly load: Load;
  readonly tally: ReadTally;
  readonly writes: Writes;
  readonly etcd: Etcd;
  private readonly servers: ApiServers;
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
    readonly topology: Topology,
    private readonly eager: boolean,
    observer: Observer | null,
  ) {
    checkKeySpace(EVENT_KINDS, topology.consumerCount);
    this.random = randomnessOf(input.seed, replication);
    this.load = new Load(
      input.apiServers,
      input.durationUs,
      input.loadBinUs,
      input.apiServer.costs,
      topology.classNames.length,
    );
    this.tally = new ReadTally(this.load, topology, input.apiServer.costs);
    const writes = new Writes(topology, input, this.random);
    this.writes = writes;
    this.etcd = new Etcd(topology, writes);
    this.coupled = meetsAtServers(input);
    if (!this.coupled) this.etcd.commitAll(writes.commitTimes());
    this.servers = new ApiServers(topology, this.etcd, this.load, input, this.random);
    this.commits = commitsByNode(this.etcd, topology);
    const { kubelet } = input;
    this.limiter = new RateLimiter(topology.nodeCount, kubelet.kubeAPIQPS, kubelet.kubeAPIBurst);
    const ttlUs = nodeTtls(input, topology);
    const longestPeriod = kubelet.syncFrequencyUs * (1 + kubelet.workerResyncIntervalJitterFactor);
    const intervals = new UniformInterval(kubelet.syncFrequencyUs, longestPeriod);
    this.fabric = this.coupled
      ? new Fabric({
          sim: this.sim,
          input,
          topology,
          etcd: this.etcd,
          writes,
          servers: this.servers,
          load: this.load,
          limiter: this.limiter,
          random: this.random,
          observer,
        })
      : null;
    this.reflectors = kubelet.strategy === 'Watch' ? this.reflectorsOf(this.fabric) : null;
    const manager = this.managerOf(ttlUs, intervals, this.reflectors);
    this.ledger = new UpdateLedger(topology, this.etcd, writes, manager, this.fingerprint, input.samples !== 'none');
    const workers = new PodWorkers(topology, kubelet, this.random);
    const reads = new Reads();
    this.kubelet = new Kubelet(
      {
        sim: this.sim,
        topology,
        etcd: this.etcd,
        servers: this.servers,
        load: this.load,
        tally: this.tally,
        workers,
        volumes: new VolumeManager(topology, kubelet, this.random),
        manager,
        reflectors: this.reflectors,
        ledger: this.ledger,
        statuses: new StatusManager(this.sim, topology, this.servers, this.limiter),
        reads: this.coupled ? reads : null,
        tokens: this.fabric?.tokens ?? null,
        incarnation: new Uint16Array(topology.podCount),
        random: this.random,
        input,
      },
      this.eager,
    );
    this.nodes = new NodeOperation(this.kubelet);
    this.meeting =
      this.fabric === null
        ? null
        : new Meeting({
            sim: this.sim,
            input,
            topology,
            etcd: this.etcd,
            ledger: this.ledger,
            random: this.random,
            fabric: this.fabric,
            kubelet: this.kubelet,
            manager,
            reads,
            ttlUs,
          });
    const longestInterval = longestPeriod + SECOND;
    const adaptiveMax = kubelet.whatIf.adaptiveTtl?.maxUs ?? 0;
    const longestTtl = ttlUs.reduce((max, ttl) => Math.max(max, ttl), Math.max(TTL_SECONDS_MAX * SECOND, adaptiveMax));
    // Get keeps nothing, so its events before the warm-up need not be simulated.
    const runUp = !this.coupled || kubelet.strategy !== 'Get' ? longestTtl + INTERVALS * longestInterval : 0;
    this.start = -input.warmupUs - (input.start === 'steady' ? runUp : 0);
    const ttl = kubelet.strategy === 'Cache' ? longestTtl : 0;
    const auto = ttl + INTERVALS * longestInterval + LONGEST_RETRY_US;
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
    const { nodeCount } = this.topology;
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
    const { topology, reflectors, kubelet } = this;
    const { started, startUs, longestStart } = kubelet.starts;
    this.tally.settle();
    return {
      ranges,
      load: this.load.part(),
      ledger: this.ledger.part(ranges, this.firstConsumer),
      fingerprint: this.fingerprint.part(),
      reflectors: reflectors && slicesOf(reflectors.state, ranges, (node) => topology.nodeEntryStart[node]),
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
    const { topology, reflectors, kubelet, limiter } = this;
    this.load.absorb(part.load);
    this.ledger.absorb(part.ledger, part.ranges, this.firstConsumer);
    this.fingerprint.absorb(part.fingerprint);
    part.ranges.forEach(([first], i) => {
      if (part.reflectors !== null) reflectors?.state.set(part.reflectors[i], topology.nodeEntryStart[first]);
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
    const { topology, etcd, ledger, fabric } = this;
    return wavesOf(topology, etcd, ledger, fabric?.storms ?? null);
  }

  /** What is measured of the run; after `run`. Once. */
  record(): RunRecord {
    const record = recordOf(this);
    return { ...record, execution: { events: this.sim.handled, draws: this.draws + this.drawnElsewhere } };
  }

  /** Random numbers drawn here so far. */
  private get draws(): number {
    return Object.values(this.random).reduce((sum, stream) => sum + stream.draws, 0);
  }

  private readonly firstConsumer = (node: number): number =>
    this.topology.podConsumerStart[this.topology.nodePodStart[node]];

  private reflectorsOf(fabric: Fabric | null): Reflectors {
    const { topology, servers, limiter, load, input, random, etcd } = this;
    if (fabric?.loops) return fabric.loops;
    const walked = new WalkedReflectors(
      topology,
      servers,
      limiter,
      load,
      input.behaviours,
      random,
      input.kubelet.whatIf,
    );
    for (let r = 0; r < etcd.revisions; r++) walked.written(topology.objectKind[etcd.object[r]], etcd.committedAt[r]);
    return walked;
  }

  private managerOf(ttlUs: Float64Array, intervals: UniformInterval, reflectors: Reflectors | null): ObjectManager {
    const { topology, etcd, servers, limiter, random, input } = this;
    if (reflectors !== null) return new WatchManager(topology, etcd, reflectors, input.behaviours);
    if (input.kubelet.strategy === 'Get') return new GetManager(topology, etcd, servers, limiter);
    const adaptive = input.kubelet.whatIf.adaptiveTtl;
    return new CacheManager(topology, etcd, servers, limiter, ttlUs, intervals, random, input.behaviours, adaptive);
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
    const { input, topology, sim, random } = this;
    input.timeline.forEach((entry, index) => {
      if (entry.action !== 'annotatePods') return;
      occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
        for (let pod = topology.nodePodStart[node]; pod < topology.nodePodStart[node + 1]; pod++) {
          random.timeline.pair(
            topology.podNameHigh[pod],
            topology.podNameLow[pod],
            occurrenceAddress(index, occurrence),
          );
          if (random.timeline.first() >= entry.fraction) continue;
          const latency = input.apiServer.write.p50Us + input.etcd.watch.p50Us + input.apiServer.dispatch.p50Us;
          sim.schedule(
            at + latency + Math.floor(random.timeline.second() * input.network.roundTrip.p99Us),
            TOUCH,
            pod,
            POD_UPDATE,
          );
        }
      });
    });
  }
}
