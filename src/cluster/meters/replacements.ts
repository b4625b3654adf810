import type { Etcd } from '../etcd/etcd.js';
import { DUE, type Population } from '../population/population.js';
import type { UpdateLedger } from './update-ledger.js';

/**
 * Updates by a new name (`replace`): the consumers of the old object have the new content when a pod that
 * mounts the new object runs in their place, however they consume it.
 */
export class Replacements {
  /** Update that each new object is, by object. */
  private readonly updateOf = new Map<number, number>();
  /** The pod that held each replica when the replacement was committed, −1: none. */
  private readonly awaited: Int32Array;

  constructor(
    private readonly population: Population,
    private readonly etcd: Etcd,
    private readonly ledger: UpdateLedger,
  ) {
    this.awaited = new Int32Array(population.lifecycle?.replicaCount ?? 0).fill(-1);
  }

  /** True where an update is a new object in place of another. */
  isReplacement(update: number): boolean {
    return this.etcd.object[this.etcd.updateRevision[update]] !== this.etcd.updateAudience[update];
  }

  /** A new object has been committed: the running pods that use the old one are due. */
  committed(update: number, isRunning: (pod: number) => boolean): void {
    const { population, etcd, ledger } = this;
    const old = etcd.updateAudience[update];
    this.updateOf.set(etcd.object[etcd.updateRevision[update]], update);
    for (let i = population.objectEntryStart[old]; i < population.objectEntryStart[old + 1]; i++) {
      const entry = population.objectEntries[i];
      for (let j = population.entryConsumerStart[entry]; j < population.entryConsumerStart[entry + 1]; j++) {
        const consumer = population.entryConsumers[j];
        const pod = population.consumerPod[consumer];
        if (!isRunning(pod) || (population.consumerFlags[consumer] & DUE) === 0) continue;
        ledger.awaitsReplacement(consumer, update);
        if (population.lifecycle !== null) this.awaited[population.lifecycle.podReplica[pod]] = pod;
      }
    }
  }

  /** A pod runs from `at` on, of which its kubelet has known since `knownAt`: it may bring new objects to its replica. */
  runs(pod: number, knownAt: number, at: number): void {
    const { population, ledger } = this;
    if (population.lifecycle === null || this.updateOf.size === 0) return;
    const before = this.awaited[population.lifecycle.podReplica[pod]];
    if (before < 0) return;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const update = this.updateOf.get(population.consumerObject[c]);
      if (update === undefined) continue;
      const old = this.consumerBefore(before, this.etcd.updateAudience[update], population.consumerMode[c]);
      if (old >= 0) ledger.replacedBy(old, update, knownAt, at);
    }
  }

  /** A place is given up: no pod will bring what its consumers wait for. */
  placeGone(replica: number): void {
    const { population, ledger } = this;
    const before = this.awaited[replica];
    if (before < 0) return;
    for (const update of this.updateOf.values()) {
      for (let c = population.podConsumerStart[before]; c < population.podConsumerStart[before + 1]; c++) {
        if (population.consumerObject[c] === this.etcd.updateAudience[update]) ledger.goneBefore(c, update);
      }
    }
  }

  /** The consumer of an object in a pod, in a mode; −1 where there is none. */
  private consumerBefore(pod: number, object: number, mode: number): number {
    const { population } = this;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
      const alike = population.consumerObject[c] === object && population.consumerMode[c] === mode;
      if (alike && (population.consumerFlags[c] & DUE) !== 0) return c;
    }
    return -1;
  }
}
