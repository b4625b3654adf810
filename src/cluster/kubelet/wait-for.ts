import type { KubeletParts } from './parts.js';

/** A read of a pod waits from `at` on for the answer about a consumer's object. */
export function waitFor(
  { world, pods, manager, reads }: KubeletParts,
  kind: number,
  pod: number,
  consumer: number,
  state: number,
  at: number,
): void {
  const read = reads.open(kind, pod, consumer, at, pods.incarnation[pod]);
  reads.state[read] = state;
  manager.wait(world.population.consumerEntry[consumer], read);
}
