import { EVENT, RESYNC_CAUSE } from '../model/events.js';
import { MODE } from '../model/kinds.js';
import { IdleWatches } from './idle-watches.js';
import { ImageManager } from './image-manager.js';
import type { KubeletParts } from './parts.js';
import { NO_RELIST, Pleg } from './pleg.js';
import type { PodSyncs } from './pod-syncs.js';
import type { Reconciler } from './reconciler.js';
import { waitFor } from './wait-for.js';
import { PulledImages } from './pulled-images.js';
import { CREATE_READ } from './reads.js';
import { NOT_FOUND, PENDING } from './content-numbers.js';
import { CREDENTIALS, HEAD, OPTIONAL } from '../population/population.js';
import { POD_ATTACH_AND_MOUNT_RETRY_INTERVAL_US, POD_ATTACH_AND_MOUNT_TIMEOUT_US } from './volume-manager.js';

/**
 * Where the creation of a pod's containers stands: reading imagePullSecrets or environments, with all that is required
 * found so far or not.
 */
const PULLING = 0;
const COMPLETE = 1;
const INCOMPLETE = 2;
const WITHOUT_CREDENTIALS = 3;

/**
 * The start of a pod (`pkg/kubelet/kubelet.go` SyncPod): register its objects, mount its volumes, read
 * imagePullSecrets, create its containers with their environment, run. A failed mount is retried with
 * the volume operation's back-off while the sync waits up to 123 s; a missing environment, or a private image that
 * cannot be pulled, fails the sync, which is repeated U[10, 15) s later. (That holds within the image's back-off, too:
 * SyncPod means to wait for the next resync there, but `ConfigPodSandbox` has succeeded, so that it returns the error;
 * issue 123602. The sync that the PLEG's event of the sandbox brings in between is left out for both.)
 */
export class PodStarts {
  /** Pods that have started, and how long that took from when their kubelet was told: together, and at most, µs. */
  started = 0;
  startUs = 0;
  longestStart = 0;
  /** Volumes not mounted yet; −1 before the pod's objects are registered. */
  private readonly unmounted: Int32Array;
  private readonly mounted: Uint8Array;
  /** When the kubelet was told of each pod; −Infinity: long ago, or not yet. */
  readonly toldAt: Float64Array;
  /** 1 while a sync waits in WaitForAttachAndMount. */
  private readonly waiting: Uint8Array;
  private readonly errors: Uint32Array;
  /** When each pod's sandbox started; −Infinity: not yet. */
  private readonly sandboxAt: Float64Array;
  private readonly pleg: Pleg;
  readonly idle: IdleWatches;
  private readonly images = new ImageManager();
  readonly pulled: PulledImages;

  /** `running`: told of pods that have started, and when. */
  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    private readonly syncs: PodSyncs,
    private readonly running: (pod: number, at: number) => void,
  ) {
    const { population } = parts.world;
    this.unmounted = parts.world.memory.int32(population.podCount);
    this.mounted = parts.world.memory.uint8(population.consumerCount);
    this.toldAt = parts.world.memory.float64(population.podCount);
    this.waiting = parts.world.memory.uint8(population.podCount);
    this.errors = parts.world.memory.uint32(population.podCount);
    this.sandboxAt = parts.world.memory.float64(population.podCount);
    this.pleg = new Pleg(parts.world);
    this.idle = new IdleWatches(parts.world, parts.manager);
    this.pulled = new PulledImages(parts.world);
  }

  /** The kubelet knows the pods from `first` to `last` (exclusive) since long ago, unless it is told of them. */
  initialize(first: number, last: number): void {
    this.unmounted.fill(-1, first, last);
    this.toldAt.fill(-Infinity, first, last);
    this.sandboxAt.fill(-Infinity, first, last);
  }

  /** The kubelet learns of the pod; up to 1.21 that registers its objects, later the first sync does. */
  add(pod: number): void {
    const { world, pods } = this.parts;
    const { sim, input } = world;
    if (pods.isLeaving(pod)) return;
    if (this.toldAt[pod] === -Infinity) this.toldAt[pod] = sim.now;
    if (pods.isDown(pod)) return;
    if (input.behaviours.cacheInvalidation === 'podEvent') this.register(pod);
    sim.schedule(sim.now, EVENT.START, pod, pods.epoch[pod]);
  }

  /** True where the kubelet has been told of the pod. */
  hasBegun(pod: number): boolean {
    return this.toldAt[pod] > -Infinity;
  }

  /** The kubelet forgets how far the pod's start has come. */
  forget(pod: number): void {
    const { population } = this.parts.world;
    this.unmounted[pod] = -1;
    this.waiting[pod] = 0;
    this.errors[pod] = 0;
    this.sandboxAt[pod] = -Infinity;
    this.images.forget(pod);
    this.mounted.fill(0, population.podConsumerStart[pod], population.podConsumerStart[pod + 1]);
  }

  /** A sync of a pod that does not run yet. */
  sync(pod: number, epoch: number): void {
    const { world, pods, workers, volumes, statuses, manager } = this.parts;
    if (epoch !== pods.epoch[pod]) return;
    const { sim, population } = world;
    const node = population.podNode[pod];
    const first = this.errors[pod] === 0;
    if (first) statuses.setAt(pod, sim.now);
    workers.syncStart[pod] = sim.now;
    if (this.unmounted[pod] < 0) this.register(pod);
    else if (manager.dropsAtSyncs) this.syncs.dropCaches(pod);
    if (first) {
      const mountAt = volumes.firstMountTime(node, sim.now);
      for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
        if (population.consumerFlags[c] & HEAD) sim.schedule(mountAt, EVENT.VOLUME, c, 0);
      }
    } else {
      sim.schedule(volumes.readTime(node, sim.now), EVENT.READ, pod, epoch);
    }
    if (this.unmounted[pod] === 0) {
      sim.schedule(sim.now, EVENT.CREATE, pod, epoch);
      return;
    }
    this.waiting[pod] = 1;
    sim.schedule(sim.now + POD_ATTACH_AND_MOUNT_TIMEOUT_US, EVENT.MOUNT_TIMEOUT, pod, epoch);
  }

  /** A volume of a starting pod is set up, its last source read at `doneAt`. */
  volumeMounted(head: number, doneAt: number): void {
    const { world, pods, workers } = this.parts;
    const { sim, population, input } = world;
    const pod = population.consumerPod[head];
    if (this.mounted[head] === 1) return;
    this.mounted[head] = 1;
    if (--this.unmounted[pod] > 0 || this.waiting[pod] === 0) return;
    this.waiting[pod] = 0;
    const begun = workers.syncStart[pod];
    const elapsed = doneAt + input.kubelet.volumeWriteDurationUs - begun;
    const polls = Math.ceil(elapsed / POD_ATTACH_AND_MOUNT_RETRY_INTERVAL_US);
    sim.schedule(begun + polls * POD_ATTACH_AND_MOUNT_RETRY_INTERVAL_US, EVENT.CREATE, pod, pods.epoch[pod]);
  }

  /** The sync gives up waiting for the pod's volumes and will be repeated. */
  mountTimeout(pod: number, epoch: number): void {
    if (epoch !== this.parts.pods.epoch[pod] || this.waiting[pod] === 0) return;
    this.waiting[pod] = 0;
    this.repeat(pod, this.parts.world.sim.now);
  }

  /** Runs the pod's sandbox, reads imagePullSecrets and environments, and runs the containers. */
  create(pod: number, epoch: number): void {
    const { world, pods } = this.parts;
    if (epoch !== pods.epoch[pod]) return;
    const { population, sim } = world;
    if (this.sandboxAt[pod] === -Infinity) this.sandboxAt[pod] = sim.now;
    this.proceed(pod, population.podConsumerStart[pod], PULLING, sim.now, false);
  }

  /** The answer is there for which the creation of a pod's containers waited, at `consumer`. */
  resume(pod: number, consumer: number, state: number): void {
    this.proceed(pod, consumer, state, this.parts.world.sim.now, true);
  }

  /** Reads what containers need, in order, from a consumer on; `answered`: it has just been answered. */
  private proceed(pod: number, from: number, state: number, at: number, answered: boolean): void {
    const { world, manager } = this.parts;
    const { population } = world;
    const end = population.podConsumerStart[pod + 1];
    let done = at;
    let c = from;
    let now = state;
    let waited = answered;
    for (let credentials = NOT_FOUND; ;) {
      for (; c < end; c++) {
        if (population.consumerMode[c] !== (isPulling(now) ? MODE.imagePullSecret : MODE.env)) continue;
        if (!waited) manager.get(population.consumerEntry[c], done);
        waited = false;
        if (manager.content === PENDING) {
          waitFor(this.parts, CREATE_READ, pod, c, now, done);
          return;
        }
        done = manager.doneAt;
        if (isPulling(now)) {
          credentials = manager.content;
          const needed = (population.consumerFlags[c] & CREDENTIALS) !== 0;
          if (needed && credentials <= NOT_FOUND) now = WITHOUT_CREDENTIALS;
        } else if (!this.environmentRead(c, done)) now = INCOMPLETE;
      }
      if (!isPulling(now)) break;
      if (!this.images.pull(pod, done, now === PULLING)) {
        now = INCOMPLETE;
        break;
      }
      now = COMPLETE;
      done = this.pulled.ensure(pod, credentials, done);
      c = population.podConsumerStart[pod];
    }
    this.created(pod, now === COMPLETE, done);
  }

  /** Takes over what was read for a consumer's environment; false where it is missing and required. */
  private environmentRead(consumer: number, at: number): boolean {
    const { world, manager } = this.parts;
    const { population } = world;
    this.idle.read(population.consumerEntry[consumer], at);
    if (manager.content > NOT_FOUND) {
      this.reconciler.shown[consumer] = manager.content;
      return true;
    }
    return manager.content === NOT_FOUND && (population.consumerFlags[consumer] & OPTIONAL) !== 0;
  }

  private created(pod: number, complete: boolean, done: number): void {
    const { world, workers, volumes } = this.parts;
    const { sim, population } = world;
    if (!complete) {
      this.repeat(pod, done);
      return;
    }
    this.count(done, done - this.toldAt[pod]);
    const begun = workers.syncStart[pod];
    const rereads = this.errors[pod] > 0 && volumes.readTime(population.podNode[pod], begun) >= sim.now;
    this.syncs.runs(pod, done, rereads);
    this.shows(pod, done);
    this.running(pod, done);
    this.idle.started(pod, done);
    this.syncsAfterStart(pod, begun, done);
  }

  /** What a pod shows from its start on may be old already. */
  private shows(pod: number, at: number): void {
    const { world, coupled, manager } = this.parts;
    const { population, ledger, input } = world;
    if (!coupled && at >= input.durationUs) return;
    let stale = false;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const blind = manager.readsOnce(population.consumerEntry[c]);
      if (ledger.stale.starts(c, this.reconciler.shown[c], at, blind)) stale = true;
    }
    if (stale) ledger.stale.startedStale++;
  }

  /** Counts a start at `at`. How long a node's drain is simulated that meets no other does not say anything about it. */
  private count(at: number, took: number): void {
    const { coupled, world } = this.parts;
    if (!coupled && at >= world.input.durationUs) return;
    this.started++;
    this.startUs += took;
    this.longestStart = Math.max(this.longestStart, took);
  }

  private register(pod: number): void {
    const { world, references } = this.parts;
    const { population } = world;
    let volumes = 0;
    references.add(pod, false);
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      if (population.consumerFlags[c] & HEAD) volumes++;
      this.idle.register(c, false);
    }
    this.unmounted[pod] = volumes;
  }

  /** The PLEG reports the sandbox and the containers. The first sync behind it finds the pod running and sets its status. */
  private syncsAfterStart(pod: number, begun: number, started: number): void {
    const { world, statuses } = this.parts;
    const { sim, population } = world;
    const node = population.podNode[pod];
    const first = this.pleg.seesRunning(node, started);
    sim.schedule(first, EVENT.RESYNC, pod, RESYNC_CAUSE.PLEG_EVENT);
    const second = this.pleg.secondSync(node, begun, this.sandboxAt[pod], started, first);
    if (second < NO_RELIST) sim.schedule(second, EVENT.RESYNC, pod, RESYNC_CAUSE.PLEG_EVENT);
    statuses.setRunningAt(pod, first);
  }

  private repeat(pod: number, failedAt: number): void {
    const { world, pods, workers } = this.parts;
    world.sim.schedule(workers.afterError(pod, failedAt, this.errors[pod]++), EVENT.START, pod, pods.epoch[pod]);
  }
}

/** True while imagePullSecrets are read. */
function isPulling(state: number): boolean {
  return state === PULLING || state === WITHOUT_CREDENTIALS;
}
