import { OBJECT_KINDS } from '../model/kinds.js';
import type { Population } from '../population/population.js';
import type { World } from '../world/world.js';
import type { ServerProcess } from './server-process.js';

/**
 * The memory of each server: the objects in its watch caches and the events in their histories, and the watches that it
 * has open. A LIST of one object needs nothing worth counting. What else a server holds is left out.
 */
export class ServerMemory {
  /** Bytes of all objects of a kind, and of one in the mean: an event of the history holds an object. */
  private readonly objectBytes: readonly number[];
  private readonly meanBytes: readonly number[];
  private readonly limitBytes: number;

  /** `exceeded`: told when a server holds more than its machine has, where that ends it. */
  constructor(
    private readonly world: World,
    private readonly processes: readonly ServerProcess[],
    private readonly exceeded: (server: number) => void,
  ) {
    const { machine } = world.input.apiServer;
    this.limitBytes = machine?.crashes === true ? machine.memoryBytes : Infinity;
    this.objectBytes = OBJECT_KINDS.map((_, kind) => bytesOfKind(world.population, kind));
    this.meanBytes = OBJECT_KINDS.map(
      (_, kind) => this.objectBytes[kind] / Math.max(1, objectsOf(world.population, kind)),
    );
  }

  /** The watch caches of a server have changed. */
  cachesChanged(server: number): void {
    const { caches: memory, sim, input } = this.world;
    const { isUp, cacheReady, caches } = this.processes[server];
    let bytes = 0;
    if (isUp) {
      cacheReady.forEach((ready, kind) => {
        if (ready) bytes += this.objectBytes[kind] + caches[kind].size * this.meanBytes[kind];
      });
    }
    memory.set(server, sim.now, bytes * input.apiServer.costs.cachedObjectMemoryRatio);
    this.grown(server);
  }

  /** Bytes of the objects in the histories of all watch caches. */
  eventBytes(): number {
    let bytes = 0;
    this.meanBytes.forEach((mean, kind) => {
      for (const { caches } of this.processes) bytes += caches[kind].size * mean;
    });
    return bytes;
  }

  /** A server may hold more than before: it has opened a watch. */
  grown(server: number): void {
    if (this.limitBytes === Infinity) return;
    const { load, caches, input } = this.world;
    const bytes = caches.of(server) + load.watches[server].level * input.apiServer.costs.watchMemoryBytes;
    if (bytes > this.limitBytes) this.exceeded(server);
  }
}

function bytesOfKind({ objectKind, objectSize }: Population, kind: number): number {
  let bytes = 0;
  for (let object = 0; object < objectKind.length; object++)
    if (objectKind[object] === kind) bytes += objectSize[object];
  return bytes;
}

function objectsOf({ objectKind }: Population, kind: number): number {
  return objectKind.reduce((count, each) => (each === kind ? count + 1 : count), 0);
}
