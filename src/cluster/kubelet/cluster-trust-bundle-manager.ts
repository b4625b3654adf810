import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import { SharedInformers } from '../client-go/shared-informers.js';
import { REFLECTOR } from '../client-go/reflector.js';
import { BUNDLE_SELECTIONS, KIND } from '../model/kinds.js';
import { syncIntervals } from './sync-intervals.js';
import { stationaryAge } from './secret-manager/cache-age.js';
import { CoupledWatchManager } from './secret-manager/coupled-watch-manager.js';
import { FAILED, NOT_FOUND, PENDING } from './content-numbers.js';
import { ReadyLog } from './secret-manager/ready-log.js';
import type { Clients, ManagerParts } from './secret-manager/strategy.js';

/** `ensureManagerSet`: the first read starts the informer and waits for it, for at most 10 s. */
const CACHE_SYNC_TIMEOUT_US = 10 * SECOND_US;
/** `syncedPollPeriod` (`client-go/tools/cache/shared_informer.go`). */
const SYNCED_POLL_PERIOD_US = 100e3;
/** `cacheTTL` that `ensureManagerSet` gives the cache of normalized trust anchors. */
export const CACHE_TTL_US = 5 * MINUTE_US;

/** Code of the selection of which `dropCacheFor` forgets to drop what is cached. */
const NAME_OF_SIGNED = BUNDLE_SELECTIONS.indexOf('nameOfSigned');

/**
 * The kubelets' trust anchors (`pkg/kubelet/clustertrustbundle/clustertrustbundle_manager.go`, the same from 1.33 to
 * 1.37): the first read of any ClusterTrustBundle starts an informer of all of them (LazyInformerManager), which runs
 * until the kubelet ends; reads are answered from its store, under every change detection strategy.
 *
 * What a read finds is normalized and kept for 5 min. An event of a bundle drops what is kept under its signer or, where
 * it has none, under its name (`dropCacheFor`); so of a bundle that has a signer and is mounted by its name the old
 * content is served until that time is over (issue 141439; measured there with 1.35.5, 1.36.1 and 1.37.0-rc.0: 290 to
 * 310 s and 364 to 374 s, the others within one sync). That the cache holds 2 × maxPods entries is not modelled: it has
 * room for two bundles per pod.
 */
export class ClusterTrustBundleManager extends CoupledWatchManager {
  protected override readonly pollIntervalUs = SYNCED_POLL_PERIOD_US;
  protected override readonly pollTimeoutUs = CACHE_SYNC_TIMEOUT_US;
  /** Where reads move what is kept, it is not known before which of them matter. */
  override readonly foreseesReads: boolean;
  /** When each node's informer was started; −Infinity: long ago, or not at all. */
  private readonly startedAt: Float64Array;
  /** Until when what was read last is kept, and what it is; of bundles whose events do not drop it. */
  private readonly keptUntil: Float64Array;
  private readonly keptContent: Int32Array;
  private readonly keptRevision: Int32Array;
  private readonly kept: ReadyLog;
  private readonly firstBundle: number;

  constructor(parts: ManagerParts, clients: Clients) {
    super(parts, clients, (...each) => new SharedInformers(KIND.ClusterTrustBundle, ...each));
    const { entryCount, nodeCount, objectKind, objectSelectedBy } = this.population;
    this.foreseesReads = !objectSelectedBy.includes(NAME_OF_SIGNED);
    this.startedAt = new Float64Array(nodeCount).fill(-Infinity);
    this.keptUntil = new Float64Array(entryCount);
    this.keptContent = new Int32Array(entryCount);
    this.keptRevision = new Int32Array(entryCount);
    this.kept = new ReadyLog(entryCount);
    this.firstBundle = objectKind.indexOf(KIND.ClusterTrustBundle);
  }

  override initialize(first: number, last: number): void {
    super.initialize(first, last);
    this.keptUntil.fill(-Infinity, first, last);
    this.keptRevision.fill(-1, first, last);
    this.kept.initialize(first, last);
  }

  override register(): void {
    // The first read starts the informer, and no pod's arrival does.
  }

  override startStationary(entry: number, now: number, readers: number): void {
    const content = this.etcd.contentAt(this.population.entryObject[entry], -1);
    if (readers === 0) return;
    this.reflectors.startStationary(entry, now);
    if (!this.keeps(entry) || content === NOT_FOUND) return;
    const intervals = syncIntervals(this.world.input.kubelet);
    this.keptUntil[entry] = now + CACHE_TTL_US - stationaryAge(this.world, intervals, entry, CACHE_TTL_US, readers);
    this.keptContent[entry] = content;
  }

  override get(entry: number, at: number): void {
    if (at < this.keptUntil[entry]) {
      this.doneAt = at;
      this.content = this.keptContent[entry];
      this.revision = this.keptRevision[entry];
      return;
    }
    this.read(entry, at);
    if (this.keeps(entry) && this.content > NOT_FOUND) this.keep(entry);
  }

  override delivered(entry: number, revision: number): void {
    const runs = this.reflectors.state[entry] === REFLECTOR.RUNNING;
    if (runs && this.deliver(entry, revision)) this.listener.changed(entry);
  }

  override readyAt(entry: number, revision: number): number {
    const arrived = super.readyAt(entry, revision);
    const step = this.kept.find(entry, revision);
    return step < 0 ? arrived : Math.max(arrived, this.kept.sinceOf(step));
  }

  /** One watch serves all bundles of a node. */
  override isWatching(entry: number): boolean {
    return super.isWatching(entry) && this.population.entryObject[entry] === this.firstBundle;
  }

  override release(): void {
    // The informer runs on without readers.
  }

  override kubeletEnds(node: number): void {
    const { nodeEntryStart, entryObject, objectKind } = this.population;
    for (let entry = nodeEntryStart[node]; entry < nodeEntryStart[node + 1]; entry++) {
      if (objectKind[entryObject[entry]] !== KIND.ClusterTrustBundle) continue;
      this.reflectors.stop(entry, this.world.sim.now, REFLECTOR.NONE);
      this.received[entry] = -1;
      this.keptUntil[entry] = -Infinity;
      this.keptRevision[entry] = -1;
    }
  }

  /** Whoever comes while the first read waits for the informer waits with it. */
  protected override waitsSince(read: number): number {
    return this.startedAt[this.nodeOf(this.population.consumerEntry[this.reads.consumer[read]])];
  }

  /** Reads the informer's store; later reads of one that has not synced in time fail at once. */
  private read(entry: number, at: number): void {
    const node = this.nodeOf(entry);
    if (this.reflectors.state[entry] === REFLECTOR.NONE) {
      this.startReflector(entry, at);
      this.startedAt[node] = at;
    }
    super.get(entry, at);
    if (this.content !== PENDING || at < this.startedAt[node] + CACHE_SYNC_TIMEOUT_US) return;
    this.content = FAILED;
    this.doneAt = at;
  }

  /** Keeps what was just read. */
  private keep(entry: number): void {
    if (this.revision > this.keptRevision[entry]) this.kept.push(entry, this.revision, this.keptUntil[entry], false);
    this.keptUntil[entry] = this.doneAt + CACHE_TTL_US;
    this.keptContent[entry] = this.content;
    this.keptRevision[entry] = this.revision;
  }

  /** True for a bundle whose events do not drop what is kept of it. */
  private keeps(entry: number): boolean {
    return this.population.objectSelectedBy[this.population.entryObject[entry]] === NAME_OF_SIGNED;
  }

  private nodeOf(entry: number): number {
    return this.population.entryNode[entry];
  }
}
