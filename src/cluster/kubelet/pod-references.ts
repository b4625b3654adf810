import type { Simulator } from '../../sim/simulator.js';
import type { ObjectManager } from './secret-manager/manager.js';
import type { Population } from '../population/population.js';

/**
 * Which pods reference an object at a node (`pkg/kubelet/util/manager` AddReference, DeleteReference): the object is
 * kept until the last of them has ended.
 */
export class PodReferences {
  /** Told of pods that their kubelet learns of, and which entries other pods of the node referenced before. */
  arrives: ((pod: number, known: (entry: number) => boolean) => void) | null = null;
  private readonly pods: Uint16Array;
  private readonly referring: Uint8Array;

  constructor(
    private readonly population: Population,
    private readonly manager: ObjectManager,
    private readonly sim: Simulator,
  ) {
    this.pods = new Uint16Array(population.entryCount);
    this.referring = new Uint8Array(population.podCount);
  }

  /** A pod references its objects from now on. `running`: it has been running before. */
  add(pod: number, running: boolean): void {
    const { population, pods } = this;
    if (this.referring[pod] === 1) return;
    if (!running) this.arrives?.(pod, (entry) => pods[entry] > 0);
    this.referring[pod] = 1;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      pods[population.consumerEntry[c]]++;
    }
  }

  /** A pod references nothing any more. */
  remove(pod: number): void {
    const { population, pods } = this;
    if (this.referring[pod] === 0) return;
    this.referring[pod] = 0;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const entry = population.consumerEntry[c];
      if (--pods[entry] === 0) this.manager.release(entry, this.sim.now);
    }
  }
}
