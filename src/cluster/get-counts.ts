import type { ApiServers } from './api-server.js';
import type { Etcd } from './etcd.js';
import { CONSUMPTION_MODES, type ModelInput } from './model-input.js';
import type { PodWorkers } from './pod-workers.js';
import { CONTINUES, HEAD, READS, type Topology } from './topology.js';

const SECOND = 1e6;
const IMAGE_PULL_SECRET = CONSUMPTION_MODES.indexOf('imagePullSecret');

/**
 * Reads of the strategy Get that are known before to find what the files show: each is a GET per source that is only
 * counted. That needs a node whose pods' clocks run undisturbed, and whose kubelet's limiter never holds a GET back,
 * so that the order of its pods' reads does not matter.
 */
export class GetCounts {
  /** 1 for pods whose reads are counted. */
  private readonly counted: Uint8Array;
  /** Nothing in the timeline touches pods, or makes volumes fail. */
  private readonly undisturbed: boolean;
  /** From a sync's start to its first GETs, at the most, µs. */
  private readonly longestWait: number;

  constructor(
    private readonly topology: Topology,
    private readonly input: ModelInput,
    private readonly etcd: Etcd,
    private readonly servers: ApiServers,
    private readonly workers: PodWorkers,
  ) {
    this.counted = new Uint8Array(topology.podCount);
    this.longestWait = input.kubelet.populatorLoopSleepPeriodUs + input.kubelet.reconcilerLoopSleepPeriodUs;
    this.undisturbed = input.timeline.every(({ action }) => action === 'update' || action === 'markImmutable');
  }

  /** Looks at a node whose clocks stand at their first syncs: which of its pods' reads can be counted, up to `horizon`? */
  inspect(node: number, horizon: number): void {
    const { nodePodStart } = this.topology;
    const first = nodePodStart[node];
    const last = nodePodStart[node + 1];
    if (!this.undisturbed) return;
    for (let pod = first; pod < last; pod++) if (!this.isPlain(pod)) return;
    if (!this.limiterIsIdle(first, last, horizon)) return;
    for (let pod = first; pod < last; pod++) this.counted[pod] = this.waitsForNoDraw(pod) ? 1 : 0;
  }

  /** True where the pod's reads are counted. */
  counts(pod: number): boolean {
    return this.counted[pod] === 1;
  }

  /** The first time at which a read of the pod may find something new, as it is known at `now`. */
  mattersFrom(pod: number, now: number, shown: Int32Array): number {
    const { etcd, servers } = this;
    const { podConsumerStart, consumerFlags, consumerObject } = this.topology;
    let first = Infinity;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const object = consumerObject[c];
      if ((consumerFlags[c] & READS) === 0 || etcd.newest[object] < 0) continue;
      const revision = etcd.revisionAt(object, now);
      if (etcd.contentAt(object, revision) !== shown[c]) return -Infinity;
      const next = etcd.following(object, revision);
      if (next >= 0) first = Math.min(first, etcd.committedAt[next] - servers.longestQuorumGet);
    }
    return first;
  }

  /** Counts the GETs of a read of the pod at `read`: volumes at once, the sources of one after another. */
  count(pod: number, read: number): void {
    const { podConsumerStart, consumerFlags, consumerEntry } = this.topology;
    let at = read;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const flags = consumerFlags[c];
      if (flags & HEAD) at = read;
      if (flags & READS) at = this.servers.getKnown(consumerEntry[c], at);
    }
  }

  /** True for a pod whose reads find all its objects, and whose syncs read nothing else. */
  private isPlain(pod: number): boolean {
    const { podConsumerStart, podPending, podArrives, consumerMode, consumerFlags, consumerObject, objectExists } =
      this.topology;
    if (podPending[pod] === 1 || podArrives[pod] === 1) return false;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      if (consumerMode[c] === IMAGE_PULL_SECRET) return false;
      if (consumerFlags[c] & READS && objectExists[consumerObject[c]] === 0) return false;
    }
    return true;
  }

  /** True where no source is read behind one whose GET takes a time that is drawn. */
  private waitsForNoDraw(pod: number): boolean {
    const { podConsumerStart, consumerFlags, consumerObject } = this.topology;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const flags = consumerFlags[c];
      const alone = (flags & HEAD) !== 0 && (flags & CONTINUES) === 0;
      if (flags & READS && !alone && this.etcd.newest[consumerObject[c]] >= 0) return false;
    }
    return true;
  }

  /**
   * True where the limiter of a node never holds a GET of its pods' syncs back: a token bucket that is looked at once a
   * second stays above what it may be off by, a second's tokens and a second's GETs, where all GETs of a sync leave
   * within a second of its start. Leaves the clocks as they are.
   */
  private limiterIsIdle(firstPod: number, lastPod: number, horizon: number): boolean {
    const { kubeAPIQPS, kubeAPIBurst } = this.input.kubelet;
    const { workers } = this;
    const { syncStart, index, syncDuration } = workers;
    const from = -this.input.warmupUs;
    const gets = new Uint32Array(Math.ceil((horizon - from) / SECOND) + 2);
    for (let pod = firstPod; pod < lastPod; pod++) {
      const start = syncStart[pod];
      const drawn = index[pod];
      const perSync = this.getsPerSync(pod);
      if (this.longestWait + perSync * this.servers.knownLatency > SECOND) return false;
      while (syncStart[pod] < horizon) {
        gets[Math.max(0, Math.floor((syncStart[pod] - from) / SECOND))] += perSync;
        syncStart[pod] = workers.following(pod, syncStart[pod] + syncDuration);
      }
      syncStart[pod] = start;
      index[pod] = drawn;
    }
    let used = 0;
    let before = 0;
    for (const now of gets) {
      used = Math.max(0, used - kubeAPIQPS) + now;
      if (used + before + kubeAPIQPS > kubeAPIBurst - 1) return false;
      before = now;
    }
    return true;
  }

  private getsPerSync(pod: number): number {
    const { podConsumerStart, consumerFlags } = this.topology;
    let gets = 0;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) if (consumerFlags[c] & READS) gets++;
    return gets;
  }
}
