import { EVENT } from '../model/events.js';
import type { Kubelet } from './kubelet.js';

/** Brings the nodes of a cluster into operation, and takes stock of them at the end. */
export class NodeOperation {
  /** HTTP/2 connections of the kubelets at the end of the measured period: one per `http2MaxStreams` open watches, at least one. */
  connections = 0;

  constructor(private readonly kubelet: Kubelet) {}

  /** Gives all that belongs to the nodes its state before they operate. */
  initialize(): void {
    const { plans, starts, reconciler, parts } = this.kubelet;
    const { population, ledger } = parts.world;
    const { podCount, consumerCount, entryCount } = population;
    plans.initialize(0, podCount);
    starts.initialize(0, podCount);
    reconciler.initialize(0, consumerCount);
    ledger.stale.initialize(0, consumerCount);
    parts.manager.initialize(0, entryCount);
  }

  /** The node's pods and caches have been in operation for long; pods that miss an object are still starting. */
  startStationary(node: number): void {
    const { kubelet } = this;
    const { world, manager, coupled } = kubelet.parts;
    const { population, sim, input } = world;
    // Where watches are events, those before the warm-up would only cost time: their law is stationary.
    const walked = !coupled || manager.readsCount;
    const watchesFrom = walked ? sim.now : Math.max(sim.now, -input.warmupUs);
    if (population.nodeArrives[node] === 0) manager.kubeletRuns(node, watchesFrom);
    const allRun = this.startPods(population.nodePodStart[node], population.nodePodStart[node + 1]);
    this.startEntries(population.nodeEntryStart[node], population.nodeEntryStart[node + 1], watchesFrom, allRun);
    if (kubelet.plans.awaitEvents) return;
    kubelet.plans.inspect(node);
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      kubelet.syncs.plansFirst(pod);
    }
  }

  /**
   * Of the pods from `first` to `last` (exclusive) of a node those run that can; others that are there are still starting.
   * True where all run.
   */
  private startPods(first: number, last: number): boolean {
    const { kubelet } = this;
    const { population, sim } = kubelet.parts.world;
    const { podArrives, podPending } = population;
    let runFrom = first;
    let allRun = true;
    for (let pod = first; pod < last; pod++) {
      if (podArrives[pod] === 0 && podPending[pod] === 0) continue;
      if (runFrom < pod) kubelet.runForLong(runFrom, pod);
      if (podArrives[pod] === 0) sim.schedule(sim.now, EVENT.ADD, pod);
      runFrom = pod + 1;
      allRun = false;
    }
    if (runFrom < last) kubelet.runForLong(runFrom, last);
    return allRun;
  }

  /** What the pods that run reference of the entries from `first` to `last` (exclusive) of a node has been used for long. */
  private startEntries(first: number, last: number, watchesFrom: number, allRun: boolean): void {
    const { world, manager } = this.kubelet.parts;
    const { entryReaders } = world.population;
    if (allRun) {
      manager.startAllStationary(first, last, watchesFrom, entryReaders);
      return;
    }
    for (let entry = first; entry < last; entry++) {
      if (this.isReferenced(entry)) manager.startStationary(entry, watchesFrom, entryReaders[entry]);
    }
  }

  /** All pods of the node start, now or where the population says so later. */
  startCold(node: number): void {
    const { world, manager } = this.kubelet.parts;
    const { population, sim } = world;
    if (population.nodeArrives[node] === 0) manager.kubeletStarts(node);
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      if (population.podArrives[pod] === 0)
        sim.schedule(sim.now + (population.podStartsAfter?.[pod] ?? 0), EVENT.ADD, pod);
    }
  }

  /** Counts the connections that the node's open watches need, at the end of the measured period. */
  countConnections(node: number): void {
    const { world, manager } = this.kubelet.parts;
    const { population, input } = world;
    if (population.lifecycle !== null && !this.hasPods(node)) return;
    const open = manager.watching(population.nodeEntryStart[node], population.nodeEntryStart[node + 1]);
    this.connections += Math.max(1, Math.ceil(open / input.behaviours.http2MaxStreams));
  }

  /** Counts what the node's pods and watches did up to `end`. */
  finish(node: number, end: number): void {
    const { world, manager } = this.kubelet.parts;
    const { nodePodStart, nodeEntryStart } = world.population;
    this.kubelet.plans.finish(nodePodStart[node], nodePodStart[node + 1], end);
    manager.finish(nodeEntryStart[node], nodeEntryStart[node + 1], end);
  }

  /** True where a pod runs on the node. */
  private hasPods(node: number): boolean {
    const { world, pods } = this.kubelet.parts;
    const { nodePodStart } = world.population;
    for (let pod = nodePodStart[node]; pod < nodePodStart[node + 1]; pod++) if (pods.isRunning(pod)) return true;
    return false;
  }

  /** True where a running pod references the entry's object. */
  private isReferenced(entry: number): boolean {
    const { world, pods } = this.kubelet.parts;
    const { entryConsumerStart, entryConsumers, consumerPod } = world.population;
    for (let i = entryConsumerStart[entry]; i < entryConsumerStart[entry + 1]; i++) {
      if (pods.isRunning(consumerPod[entryConsumers[i]])) return true;
    }
    return false;
  }
}
