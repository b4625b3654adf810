import type { World } from '../world/world.js';
import type { Population } from '../population/population.js';
import type { ObjectManager } from './secret-manager/manager.js';

/** Told of pods that their kubelet learns of, and which entries other pods of the node referenced before. */
export type PodArrival = (pod: number, known: (entry: number) => boolean) => void;

/** Who references what. */
export interface References {
  /** A pod references its objects from now on. `running`: it has been running before. */
  add(pod: number, running: boolean): void;
  /** A pod references nothing any more. */
  remove(pod: number): void;
}

/** Where pods neither come nor go, references do not change. */
export const FIXED_REFERENCES: References = { add: () => undefined, remove: () => undefined };

/**
 * Which pods reference an object at a node (`pkg/kubelet/util/manager` AddReference, DeleteReference): the object is
 * kept until the last of them has ended.
 */
export class PodReferences implements References {
  private readonly population: Population;
  private readonly pods: Uint16Array;
  private readonly referring: Uint8Array;

  constructor(
    private readonly world: World,
    private readonly manager: ObjectManager,
    private readonly arrives: PodArrival,
  ) {
    const { population } = world;
    this.population = population;
    this.pods = new Uint16Array(population.entryCount);
    this.referring = new Uint8Array(population.podCount);
  }

  add(pod: number, running: boolean): void {
    const { population, pods } = this;
    if (this.referring[pod] === 1) return;
    if (!running) this.arrives(pod, (entry) => pods[entry] > 0);
    this.referring[pod] = 1;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      pods[population.consumerEntry[c]]++;
    }
  }

  remove(pod: number): void {
    const { population, pods } = this;
    if (this.referring[pod] === 0) return;
    this.referring[pod] = 0;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const entry = population.consumerEntry[c];
      if (--pods[entry] === 0) this.manager.release(entry, this.world.sim.now);
    }
  }
}
