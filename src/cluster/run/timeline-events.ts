import { SECOND_US } from '../../sim/units.js';
import { EVENT, RESYNC_CAUSE, KUBELET_RESTART } from '../model/events.js';
import { occurrenceAddress } from '../model/random-addresses.js';
import { occurrences } from '../model/occurrences.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import type { World } from '../world/world.js';

/** From the end of a kubelet to its successor's first sync (assumption). */
const KUBELET_RESTART_US = 5 * SECOND_US;

/** Schedules the pod updates of the timeline for a node's pods. */
export function scheduleAnnotations(world: World, node: number): void {
  const { timeline } = world.input;
  for (let index = 0; index < timeline.length; index++) {
    const entry = timeline[index];
    // No closure is made for each node where there is none.
    if (entry.action === 'annotatePods') scheduleUpdates(world, node, entry, index);
  }
}

/** Schedules those of one entry. */
function scheduleUpdates(
  { input, population, sim, random }: World,
  node: number,
  entry: Extract<TimelineAction, { readonly action: 'annotatePods' }>,
  index: number,
): void {
  const { timeline } = random;
  const latency = input.apiServer.write.p50Us + input.etcd.watch.p50Us + input.apiServer.dispatch.p50Us;
  occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
    for (let pod = population.nodePodStart[node]; pod < population.nodePodStart[node + 1]; pod++) {
      timeline.pair(population.podNameHigh[pod], population.podNameLow[pod], occurrenceAddress(index, occurrence));
      if (timeline.first() >= entry.fraction) continue;
      const underWay = latency + Math.floor(timeline.second() * input.network.roundTrip.p99Us);
      sim.schedule(at + underWay, EVENT.RESYNC, pod, RESYNC_CAUSE.POD_UPDATE);
    }
  });
}

/** Schedules the restarts of kubelets. */
export function scheduleKubeletRestarts({ input, population, sim, random }: World): void {
  input.timeline.forEach((entry, index) => {
    if (entry.action !== 'restartKubelet') return;
    occurrences(entry, index, input.durationUs, random).forEach((at, occurrence) => {
      const stream = occurrenceAddress(index, occurrence);
      for (let node = 0; node < population.nodeCount; node++) {
        const u = random.timeline.uniform(population.nodeNameHigh[node], population.nodeNameLow[node], stream);
        if (u >= entry.nodes) continue;
        sim.schedule(at, EVENT.KUBELET_RESTARTS, node, KUBELET_RESTART.STOPS);
        sim.schedule(at + KUBELET_RESTART_US, EVENT.KUBELET_RESTARTS, node, KUBELET_RESTART.STARTS);
      }
    });
  });
}
