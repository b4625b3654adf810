import { IS_RUNNING, VOLUME } from './events.js';
import type { KubeletParts } from './kubelet-parts.js';
import { FAILED, NOT_FOUND } from './secret-manager/manager.js';
import { CONTINUES, HEAD, OPTIONAL, READS, type Topology } from './topology.js';

/** A read that was answered with a revision before the simulation came to its commit. */
interface Ahead {
  readonly syncStart: number;
  readonly at: number;
}

/**
 * What the reconciler does with volumes (`pkg/kubelet/volumemanager/reconciler`, `pkg/volume/{secret,
 * configmap,projected}` SetUpAt, `pkg/volume/util/atomic_writer.go`): read all sources of a volume, then
 * swap its files at one instant, or leave the old ones where a required source is missing and retry.
 */
export class Reconciler {
  /** Content number that each consumer's files show; 0 before the first. */
  readonly shown: Int32Array;
  /** Failures in a row of the volume that begins with a consumer. */
  readonly failures: Uint8Array;
  /** Mount failures in the measured period. */
  mountFailures = 0;
  /** When the last `setUp` had read its last source. */
  setUpDoneAt = 0;
  /** Until when the last operation on the volume that begins with a consumer lasts: there is one at a time. */
  private readonly busyUntil: Float64Array;
  /** Consumers that show a revision whose commit is still to come: their read was under way. */
  private readonly ahead = new Map<number, Ahead>();
  /** Revision and content of each source that the last `setUp` read. */
  private readonly revisions: Int32Array;
  private readonly contents: Int32Array;

  /** `phase`: the phase of each pod. */
  constructor(
    private readonly parts: KubeletParts,
    private readonly phase: Uint8Array,
  ) {
    const { topology } = parts;
    this.shown = new Int32Array(topology.consumerCount);
    this.failures = new Uint8Array(topology.consumerCount);
    this.busyUntil = new Float64Array(topology.consumerCount).fill(-Infinity);
    this.revisions = new Int32Array(longestVolume(topology));
    this.contents = new Int32Array(this.revisions.length);
  }

  /**
   * Reads one volume of a pod at `at`, its sources one after another. True where all were found; then
   * new content shows, picked up by the sync that began at `syncStart`.
   */
  setUp(head: number, at: number, syncStart: number): boolean {
    const { topology, manager, input } = this.parts;
    const { consumerFlags, consumerEntry } = topology;
    let done = at;
    let complete = true;
    let changed = false;
    let c = head;
    for (; ; c++) {
      if (consumerFlags[c] & READS) {
        manager.get(consumerEntry[c], done);
        done = manager.doneAt;
        const { content } = manager;
        this.revisions[c - head] = manager.revision;
        this.contents[c - head] = content;
        if (content === FAILED || (content === NOT_FOUND && (consumerFlags[c] & OPTIONAL) === 0)) complete = false;
        else if (content !== this.shown[c] && content !== NOT_FOUND) changed = true;
      } else {
        this.contents[c - head] = NOT_FOUND;
      }
      if ((consumerFlags[c] & CONTINUES) === 0) break;
    }
    this.setUpDoneAt = done;
    this.busyUntil[head] = done;
    if (complete && changed) this.show(head, c, syncStart, done + input.kubelet.volumeWriteDurationUs);
    return complete;
  }

  /** Re-reads the volumes of a pod now; volumes in back-off are left to their retries. */
  refresh(pod: number, syncStart: number): void {
    const { topology, sim } = this.parts;
    const { consumerFlags, podConsumerStart } = topology;
    const end = podConsumerStart[pod + 1];
    for (let c = podConsumerStart[pod]; c < end; c++) {
      if ((consumerFlags[c] & HEAD) === 0 || this.failures[c] > 0 || this.busyUntil[c] > sim.now) continue;
      if (!this.setUp(c, sim.now, syncStart)) this.mountFailed(c, this.setUpDoneAt, 1);
    }
  }

  /** Tries a volume again that has failed `failures` times. */
  retry(head: number, failures: number): boolean {
    // A retry belongs to no sync: nothing was waited for but the retry itself.
    const complete = this.setUp(head, this.parts.sim.now, -Infinity);
    if (complete) this.failures[head] = 0;
    else this.mountFailed(head, this.setUpDoneAt, failures + 1);
    return complete;
  }

  /**
   * An update commits that the consumer already shows: its read was under way, and was answered with it.
   * Nothing happens where it does not show it yet.
   */
  commits(consumer: number, revision: number): void {
    const { etcd, ledger, sim } = this.parts;
    if (this.shown[consumer] < etcd.content[revision]) return;
    const read = this.ahead.get(consumer);
    const before = etcd.content[revision] - 1;
    ledger.projected(consumer, before, revision, read?.syncStart ?? -Infinity, read?.at ?? sim.now);
  }

  /** Counts a mount failure and schedules the retry. `failures`: in a row, this one included. */
  private mountFailed(head: number, failedAt: number, failures: number): void {
    const { sim, topology, volumes, input } = this.parts;
    this.failures[head] = Math.min(failures, 255);
    if (failedAt >= 0 && failedAt < input.durationUs) this.mountFailures++;
    const node = topology.podNode[topology.consumerPod[head]];
    sim.schedule(volumes.retryTime(node, failedAt, failures), VOLUME, head, failures);
  }

  /** The files of a volume's sources show what the last `setUp` read. */
  private show(head: number, last: number, syncStart: number, at: number): void {
    const { topology, ledger, etcd, sim } = this.parts;
    for (let c = head; c <= last; c++) {
      const content = this.contents[c - head];
      const before = this.shown[c];
      if (content === NOT_FOUND || content === before) continue;
      this.shown[c] = content;
      const revision = this.revisions[c - head];
      if (revision >= 0 && etcd.committedAt[revision] > sim.now) this.ahead.set(c, { syncStart, at });
      if (this.phase[topology.consumerPod[c]] === IS_RUNNING) ledger.projected(c, before, revision, syncStart, at);
    }
  }
}

/** Sources of the volume with the most of them. */
function longestVolume(topology: Topology): number {
  let longest = 1;
  let length = 1;
  for (const flags of topology.consumerFlags) {
    length = flags & CONTINUES ? length + 1 : 1;
    if (length > longest) longest = length;
  }
  return longest;
}
