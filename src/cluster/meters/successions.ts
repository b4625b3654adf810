import { DUE, type Population } from '../population/population.js';
import type { UpdateLedger } from './update-ledger.js';

/** What a pod shows as it starts, and what its kubelet knows of it. */
export interface StartedPod {
  /** Since when the kubelet has known of a pod, µs; −∞: long ago. */
  knownAt(pod: number): number;
  /** Content number that a consumer shows. */
  shownBy(consumer: number): number;
  /** True where the kubelet of a consumer's pod does not watch its object, because the one it knows is immutable. */
  isBlind(consumer: number): boolean;
}

/**
 * One pod after another holds a place: the replica of a deployment, or a node's place of a DaemonSet. What a pod is due
 * for goes on to the pod that follows it, until one of them shows it; it ends with the place.
 */
export class Successions {
  /** The newest pod of each place that has run. */
  private readonly holder: Int32Array;

  /** Present where pods come and go (`population.lifecycle`). */
  constructor(
    private readonly population: Population,
    private readonly podReplica: Int32Array,
    firstPods: Int32Array,
    private readonly ledger: UpdateLedger,
    private readonly started: StartedPod,
  ) {
    this.holder = firstPods.map((pod) => (population.podArrives[pod] === 1 ? -1 : pod));
  }

  /** True for a pod that holds its place. */
  isCurrent(pod: number): boolean {
    return this.holder[this.podReplica[pod]] === pod;
  }

  /** A pod runs from `at` on: it takes its place, and what the pod before it is due for. */
  runs(pod: number, at: number): void {
    const { population, ledger, started } = this;
    const before = this.holder[this.podReplica[pod]];
    const knownAt = started.knownAt(pod);
    if (before === pod || (before >= 0 && started.knownAt(before) > knownAt)) return;
    this.holder[this.podReplica[pod]] = pod;
    if (before < 0) return;
    for (let old = population.podConsumerStart[before]; old < population.podConsumerStart[before + 1]; old++) {
      const c = this.sameIn(pod, old);
      // With another template a place may not mount the object any more.
      if (c < 0) ledger.gone(old);
      else ledger.succeeds(c, old, started.shownBy(c), { knownAt, at, blind: started.isBlind(c) });
    }
  }

  /** The place of a pod that has ended is given up. */
  placeGone(pod: number): void {
    const { podConsumerStart } = this.population;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) this.ledger.gone(c);
  }

  /** The consumer in a pod that has the object and the mode of another; −1 where there is none. */
  private sameIn(pod: number, consumer: number): number {
    const { podConsumerStart, consumerObject, consumerMode, consumerFlags } = this.population;
    if ((consumerFlags[consumer] & DUE) === 0) return -1;
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) {
      const alike = consumerObject[c] === consumerObject[consumer] && consumerMode[c] === consumerMode[consumer];
      if (alike && (consumerFlags[c] & DUE) !== 0) return c;
    }
    return -1;
  }
}
