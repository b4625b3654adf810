import { MINUTE_US } from '../../sim/units.js';
import { ANSWER, type ExternalStore } from '../operators/external-store.js';
import { cpuNs } from '../model/costs.js';
import { EVENT } from '../model/events.js';
import { KIND } from '../model/kinds.js';
import type { SecretsStoreInput } from '../model/operators-input.js';
import type { World } from '../world/world.js';
import { FAILED } from './content-numbers.js';
import { ObjectManager } from './secret-manager/manager.js';

/** How long after it has written a volume the driver does not call its provider for it again (`--rotation-poll-interval` 2 m of 1.6). */
export const ROTATION_SKIPPED_US = 2 * MINUTE_US;
/** Bytes of a SecretProviderClassPodStatus in a request (assumption). */
const POD_STATUS_BYTES = 1024;

/**
 * The volumes of the Secrets Store CSI driver (`pkg/secrets-store/nodeserver.go`, `pkg/rotation/reconciler.go`): what a pod
 * mounts comes from the store by a call of the driver's provider, and no API server has it. Each pod has a volume, and so
 * an entry, of its own.
 *
 * From 1.6 on (`requiresRepublish`) the kubelet publishes each volume again at each sync of its pod, and the driver calls
 * the provider, unless it has written the volume within the last two minutes: the time of the files moves only when their
 * content does. Up to 1.5 the driver's own reconciler looks at the volumes of a node one after another every two minutes.
 * Both only with `--enable-secret-rotation`, which is off by default. A call that fails leaves the files as they are; that of
 * a pod that starts is repeated as any volume's set-up.
 *
 * Assumptions: one call for all that a volume holds; phases of nodes are uniform; what fails waits for the next sync or poll.
 */
export class SecretsStoreManager extends ObjectManager {
  readonly readsCount = false;
  override readonly keepsNothing = false;
  /** A read is a call of the store, where syncs publish. */
  readonly foreseesReads: boolean;
  /** Content number of each volume, 0: not published; its newest revision; and when the driver last wrote it, µs. */
  private readonly held: Int32Array;
  private readonly revisions: Int32Array;
  private readonly writtenAt: Float64Array;
  private readonly draws: Uint32Array;
  private readonly epoch: Uint16Array;

  constructor(
    private readonly world: World,
    private readonly store: ExternalStore,
    private readonly input: SecretsStoreInput,
  ) {
    super();
    const { entryCount } = world.population;
    this.foreseesReads = !(input.rotates && input.republishes);
    this.held = new Int32Array(entryCount);
    this.revisions = new Int32Array(entryCount).fill(-1);
    this.writtenAt = new Float64Array(entryCount).fill(-Infinity);
    this.draws = new Uint32Array(entryCount);
    this.epoch = new Uint16Array(entryCount);
  }

  override initialize(first: number, last: number): void {
    this.held.fill(0, first, last);
  }

  override register(entry: number, now: number): void {
    this.polls(entry, now);
  }

  override startStationary(entry: number, now: number, readers: number): void {
    if (readers === 0) return;
    this.held[entry] = 1;
    this.polls(entry, now);
  }

  override invalidate(): void {
    // No kubelet keeps what the driver has mounted.
  }

  override get(entry: number, at: number): void {
    this.doneAt = at;
    const { rotates, republishes } = this.input;
    const publishes = this.held[entry] === 0 || (rotates && republishes);
    if (publishes && at >= this.writtenAt[entry] + ROTATION_SKIPPED_US) {
      this.calls(entry, at);
      this.doneAt = this.store.answeredAt;
    }
    this.content = this.held[entry] === 0 ? FAILED : this.held[entry];
    this.revision = this.revisions[entry];
  }

  override finds(entry: number, at: number, shown: number): boolean {
    this.doneAt = at;
    return this.foreseesReads && shown > 0 && this.held[entry] === shown;
  }

  override release(entry: number): void {
    this.held[entry] = 0;
    this.revisions[entry] = -1;
    this.writtenAt[entry] = -Infinity;
    this.epoch[entry]++;
  }

  /** Every call from the change on finds it. */
  override readyAt(_entry: number, revision: number): number {
    return this.world.etcd.committedAt[revision];
  }

  /** Without rotation nothing but a new pod brings new content. */
  override readsOnce(): boolean {
    return !this.input.rotates;
  }

  /** The reconciler looks at a volume. */
  override timerDue(entry: number, epoch: number): void {
    if (this.epoch[entry] !== epoch) return;
    const { sim, population } = this.world;
    const before = this.held[entry];
    if (before > 0) this.calls(entry, sim.now);
    if (this.held[entry] !== before) {
      const { entryConsumerStart, entryConsumers } = population;
      for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++)
        sim.schedule(this.store.answeredAt, EVENT.VOLUME, entryConsumers[i], 0);
    }
    sim.schedule(sim.now + this.input.pollUs, EVENT.REPUBLISH, entry, epoch);
  }

  /** The reconciler begins to look at a volume, in its node's turn. */
  private polls(entry: number, now: number): void {
    const { rotates, republishes, pollUs } = this.input;
    if (!rotates || republishes) return;
    const { population, random, sim } = this.world;
    const node = population.entryNode[entry];
    const phase = random.operators.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], 1);
    // Behind the volumes of the node before it, each of which takes a call.
    const behind = this.store.expectedUs * this.placeOnNode(entry);
    const offset = Math.floor(phase * pollUs) + Math.round(behind);
    const first = now + ((((offset - now) % pollUs) + pollUs) % pollUs);
    sim.schedule(first, EVENT.REPUBLISH, entry, this.epoch[entry]);
  }

  /** Volumes of the driver on the node before this one. */
  private placeOnNode(entry: number): number {
    const { entryNode, entryObject, objectKind, nodeEntryStart } = this.world.population;
    let place = 0;
    for (let other = nodeEntryStart[entryNode[entry]]; other < entry; other++)
      if (objectKind[entryObject[other]] === KIND.SecretProviderClass) place++;
    return place;
  }

  /** Calls the provider at `at`; takes over what the store holds then, as far as the simulation has come. */
  private calls(entry: number, at: number): void {
    const { latencies, etcd, population } = this.world;
    const answer = this.store.call(at, latencies.nameHigh(entry), latencies.nameLow(entry), this.draws[entry]++);
    if (answer !== ANSWER.FOUND) return;
    const object = population.entryObject[entry];
    const revision = etcd.newest[object];
    const content = etcd.contentAt(object, revision);
    if (content === this.held[entry]) return;
    // The first publication of a volume is no rotation of it.
    if (this.held[entry] > 0) this.reports(entry, this.store.answeredAt);
    this.held[entry] = content;
    this.revisions[entry] = revision;
    this.writtenAt[entry] = this.store.answeredAt;
  }

  /** The driver updates the pod's SecretProviderClassPodStatus. */
  private reports(entry: number, at: number): void {
    const { load, operatorLoad, input, random, latencies } = this.world;
    const { write } = input.apiServer.costs;
    operatorLoad.requests.count(at);
    const draw = random.operators.uniform(latencies.nameHigh(entry), latencies.nameLow(entry), 0);
    load.addCpu(Math.floor(draw * input.apiServers), at, cpuNs(write, POD_STATUS_BYTES));
  }
}
