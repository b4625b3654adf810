import { BATCH_SIZE } from '../../sim/random-batch.js';
import type { ShownTogether } from '../meters/projections-together.js';
import { isAlone, plainPods } from '../population/plain-pods.js';
import { READS, UPDATABLE } from '../population/population.js';
import type { KubeletParts } from './parts.js';
import type { Reconciler } from './reconciler.js';

/** Flags of a consumer that shows what its volume's reads find. */
const SHOWS = READS | UPDATABLE;

/**
 * The first reads of an object by all pods of a node from an event on, where it is certain when that arrives what they find
 * (`ObjectManager.settledUntil`), and that they do nothing else but show it. They are carried out at once, as the
 * reconciler does one after another, and are no events: clocks that nothing disturbs are pure sequences and are walked
 * together, and so are the waits for their kubelet's loops drawn.
 */
export class ReadsTogether {
  /** Consumers that `carryOut` has left: their reads are planned one by one. */
  readonly left: Int32Array;
  private leftCount = 0;
  /** When the last of the reads comes that consumers wait for and that `carryOut` has carried out, µs; −Infinity: there is none. */
  until = -Infinity;
  private readonly rows: ShownTogether;
  /** 1 for pods whose syncs read nothing but volumes, whose objects are there. */
  private readonly plain: Uint8Array;

  /** `planned`: when the next READ of each pod is an event, Infinity: none is. Nothing at or after `horizon` matters, µs. */
  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    private readonly planned: Float64Array,
    private readonly horizon: number,
  ) {
    const { population, memory } = parts.world;
    this.left = memory.int32(BATCH_SIZE);
    this.rows = {
      consumers: memory.int32(BATCH_SIZE),
      before: memory.int32(BATCH_SIZE),
      syncStarts: memory.float64(BATCH_SIZE),
      reads: memory.float64(BATCH_SIZE),
      at: memory.float64(BATCH_SIZE),
    };
    this.plain = plainPods(population);
  }

  /**
   * An event of an entry has arrived: carries the reads of its consumers out, of those at the places from `first` to `last`
   * (exclusive) in `entryConsumers`, at the most `BATCH_SIZE`, but for those of the pod `except`. Returns how many are left.
   */
  carryOut(entry: number, first: number, last: number, except: number): number {
    const { rows, reconciler, left } = this;
    const { manager, world } = this.parts;
    const { consumers, syncStarts, reads } = rows;
    const now = world.sim.now;
    const settled = manager.settledUntil(entry);
    const chosen = this.choose(first, last, except);
    this.findReads(entry, chosen);
    let certain = 0;
    for (let row = 0; row < chosen; row++) {
      const consumer = consumers[row];
      const read = reads[row];
      // A read of this instant may come before the event.
      if (!(read > now && read < this.horizon && read <= settled) || !reconciler.isIdle(consumer, read)) {
        left[this.leftCount++] = consumer;
        continue;
      }
      consumers[certain] = consumer;
      syncStarts[certain] = syncStarts[row];
      reads[certain++] = read;
    }
    this.until = certain > 0 ? reconciler.readTogether(entry, rows, certain) : -Infinity;
    return this.leftCount;
  }

  /**
   * Chooses the consumers whose pods' next reads nothing else is known to happen at, and leaves the others; walks the clocks
   * of all that are not planned to the syncs that may read from now on. Returns how many are chosen.
   */
  private choose(first: number, last: number, except: number): number {
    const { planned, plain, left } = this;
    const { consumers } = this.rows;
    const { workers, clocks, volumes, world, pods } = this.parts;
    const { population, batch, sim } = world;
    const { entryConsumers, consumerPod, consumerFlags } = population;
    const from = sim.now - volumes.longestWait;
    let [chosen, walking, apart] = [0, 0, 0];
    for (let i = first; i < last; i++) {
      const consumer = entryConsumers[i];
      const pod = consumerPod[consumer];
      const flags = consumerFlags[consumer];
      if ((flags & READS) === 0 || !pods.isRunning(pod)) continue;
      const idle = planned[pod] === Infinity && pods.beginsMatter[pod] === 0 && pod !== except;
      // A pod's consumers stand side by side.
      const walks = idle && workers.syncStart[pod] < from && (walking === 0 || batch.entities[walking - 1] !== pod);
      if (walks) batch.entities[walking++] = pod;
      if (idle && plain[pod] === 1 && (flags & SHOWS) === SHOWS && isAlone(flags)) consumers[chosen++] = consumer;
      else left[apart++] = consumer;
    }
    this.leftCount = apart;
    if (walking > 0) clocks.walkAllTo(walking, from);
    return chosen;
  }

  /** Looks up where the clocks of the chosen consumers' pods stand, and when they read then. */
  private findReads(entry: number, chosen: number): void {
    const { consumers, syncStarts, reads } = this.rows;
    const { volumes, world, workers } = this.parts;
    const { consumerPod, entryNode } = world.population;
    for (let row = 0; row < chosen; row++) syncStarts[row] = workers.syncStart[consumerPod[consumers[row]]];
    volumes.readTimes(world.batch, entryNode[entry], syncStarts, reads, chosen);
  }
}
