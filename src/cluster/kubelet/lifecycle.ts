import { EVENT } from '../model/events.js';
import { POD_PHASE } from './pod-table.js';
import type { KubeletParts } from './parts.js';
import type { PodStarts } from './pod-start.js';
import type { PodSyncs } from './pod-syncs.js';
import type { Reconciler } from './reconciler.js';

/** Pods end, and kubelets stop and start again, while the rest of the cluster goes on. */
export class KubeletLifecycle {
  constructor(
    private readonly parts: KubeletParts,
    private readonly reconciler: Reconciler,
    private readonly syncs: PodSyncs,
    private readonly starts: PodStarts,
  ) {}

  /**
   * A pod's kubelet sees that it is deleted (`pod_workers.go` SyncTerminatingPod): it is not synced any more, so that it
   * shows what it shows. What it references is kept until it has ended: up to 1.21 in the pod manager until it is removed
   * (`pod_manager.go` DeletePod), later until its volumes are unmounted (`kubelet.go` SyncTerminatedPod).
   */
  podTerminates(pod: number): void {
    const { pods } = this.parts;
    if (pods.isLeaving(pod)) return;
    const ran = pods.isRunning(pod);
    this.forget(pod);
    pods.phase[pod] = ran ? POD_PHASE.TERMINATING : POD_PHASE.NOT_STARTED;
  }

  /** A pod has ended: its kubelet forgets it, and the objects that no other of its pods references. */
  podEnds(pod: number): void {
    const { world, pods, references } = this.parts;
    const { population, ledger, sim } = world;
    if (pods.hasEnded(pod)) return;
    this.forget(pod);
    pods.phase[pod] = POD_PHASE.ENDED;
    for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++)
      ledger.stale.ends(c, sim.now);
    references.remove(pod);
  }

  /** A node's kubelet stops: pods run on, but clocks, caches and watches are gone. */
  stops(node: number): void {
    const { world, pods, statuses, references, manager } = this.parts;
    const { nodePodStart } = world.population;
    if (!pods.stops(node)) return;
    statuses.stops(node);
    for (let pod = nodePodStart[node]; pod < nodePodStart[node + 1]; pod++) {
      if (!this.isKnown(pod)) continue;
      this.syncs.drawInterval(pod);
      this.forget(pod);
      references.remove(pod);
    }
    manager.kubeletEnds(node);
  }

  /** A node's kubelet is back: it starts anew with the pods that it finds. */
  returns(node: number): void {
    const { world, pods, statuses, references, manager } = this.parts;
    const { population, sim } = world;
    if (!pods.starts(node)) return;
    manager.kubeletStarts(node);
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      // Pods that terminate are registered by no sync any more.
      if (!this.isKnown(pod) || pods.isLeaving(pod)) continue;
      if (!pods.isRunning(pod)) {
        sim.schedule(sim.now, EVENT.ADD, pod);
        continue;
      }
      references.add(pod, true);
      for (let c = population.podConsumerStart[pod]; c < population.podConsumerStart[pod + 1]; c++) {
        this.starts.idle.register(c, true);
      }
      statuses.returns(pod);
      this.syncs.begin(pod);
    }
  }

  /** True for pods that the kubelet has been told of, and that have not ended. */
  private isKnown(pod: number): boolean {
    const { pods } = this.parts;
    return pods.hasContainers(pod) || (!pods.hasEnded(pod) && this.starts.hasBegun(pod));
  }

  /** Voids everything that is pending about a pod. */
  private forget(pod: number): void {
    const { world, pods, tokens } = this.parts;
    const { podConsumerStart } = world.population;
    pods.incarnation[pod]++;
    tokens.forget(pod);
    this.syncs.voidClock(pod);
    for (let c = podConsumerStart[pod]; c < podConsumerStart[pod + 1]; c++) this.reconciler.forget(c);
    this.starts.forget(pod);
  }
}
