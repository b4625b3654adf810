import { ADD, ENDED, IS_RUNNING } from '../model/events.js';
import type { Kubelet } from './kubelet.js';

/** Pods end, and kubelets stop and start again, while the rest of the cluster goes on. */
export class KubeletLifecycle {
  /** 1 for nodes whose kubelet is down. */
  private readonly down: Uint8Array;

  constructor(private readonly kubelet: Kubelet) {
    this.down = new Uint8Array(kubelet.parts.population.nodeCount);
  }

  /** True while the kubelet of a pod is down: it does not see what happens to the pod, and looks when it is back. */
  isDown(pod: number): boolean {
    return this.down[this.kubelet.parts.population.podNode[pod]] === 1;
  }

  /** A pod has ended: its kubelet forgets it, and the objects that no other of its pods references. */
  podEnds(pod: number): void {
    const { phase, references, parts } = this.kubelet;
    const { population, ledger, sim } = parts;
    if (phase[pod] === ENDED) return;
    this.forget(pod);
    phase[pod] = ENDED;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++)
      ledger.gone(c, sim.now);
    references?.remove(pod);
  }

  /** A node's kubelet stops: pods run on, but clocks, caches and watches are gone. */
  stops(node: number): void {
    const { population } = this.kubelet.parts;
    if (this.down[node] === 1) return;
    this.down[node] = 1;
    this.kubelet.parts.statuses.stops(node);
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      if (!this.isKnown(pod)) continue;
      this.kubelet.drawInterval(pod);
      this.forget(pod);
      this.kubelet.references?.remove(pod);
    }
  }

  /** A node's kubelet is back: it starts anew with the pods that it finds. */
  starts(node: number): void {
    const { phase, references, parts } = this.kubelet;
    const { population, sim, manager } = parts;
    if (this.down[node] === 0) return;
    this.down[node] = 0;
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      if (!this.isKnown(pod)) continue;
      if (phase[pod] !== IS_RUNNING) {
        sim.schedule(sim.now, ADD, pod);
        continue;
      }
      references?.add(pod, true);
      for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
        manager.register(population.consumerEntry[c], sim.now);
      }
      parts.statuses.returns(pod);
      this.kubelet.beginSync(pod);
    }
  }

  /** True for pods that the kubelet has been told of, and that have not ended. */
  private isKnown(pod: number): boolean {
    const { phase, starts } = this.kubelet;
    return phase[pod] === IS_RUNNING || (phase[pod] !== ENDED && starts.hasBegun(pod));
  }

  /** Voids everything that is pending about a pod. */
  private forget(pod: number): void {
    const { reconciler, starts, parts } = this.kubelet;
    const { population, incarnation, tokens } = parts;
    incarnation[pod]++;
    tokens?.forget(pod);
    this.kubelet.voidClock(pod);
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) reconciler.forget(c);
    starts.forget(pod);
  }
}
