import type { UpdateRecord } from '../model/run-record.js';
import { ANY_NODE } from '../population/handovers.js';
import { LIFECYCLE_ACTIONS } from '../population/lifecycle-plan.js';
import type { Population } from '../population/population.js';

const DRAIN = LIFECYCLE_ACTIONS.indexOf('drain');
/** Pods that a warning names. */
const NAMED_MAX = 3;

/**
 * What becomes of pods in whose place nobody puts one with another template, in a sentence each: no controller owns them, or
 * one does that rolls nothing out.
 * @param population the whole cluster; null: it has none of them
 */
export function lonePodWarnings(population: Population | null, updates: readonly UpdateRecord[]): string[] {
  const warnings: string[] = [];
  if (updates.some(({ neverLone = 0 }) => neverLone > 0)) {
    warnings.push(
      'pods that nobody rolls out (no controller owns them, or a Job does, or OnDelete is set) run on with the old object of what ' +
        'is replaced by a new name, as their spec names it: see never_lone_pod; whoever made them has to make them anew',
    );
  }
  const left = population === null ? [] : leftByDrains(population);
  if (population !== null && left.length > 0) warnings.push(drainWarning(population, left));
  return warnings;
}

function drainWarning({ podName, podNode, nodeName }: Population, left: readonly number[]): string {
  const named = left.slice(0, NAMED_MAX).map((pod) => `${podName(pod)} on ${nodeName(podNode[pod])}`);
  const more = left.length - named.length;
  const who = left.length === 1 ? '1 pod that no controller owns' : `${left.length} pods that no controller owns`;
  return (
    `drained nodes keep ${who} (${named.join(', ')}${more > 0 ? `, ${more} more` : ''}): kubectl drain refuses such a ` +
    'node, or with --force deletes these pods, which nobody makes anew'
  );
}

/** Lone pods on nodes that are drained. Mirror pods, which kubectl passes over, use no objects. */
function leftByDrains(population: Population): readonly number[] {
  const { lifecycle } = population;
  if (lifecycle === null) return [];
  const { changeCount, changeAction, partStart, partNode } = lifecycle;
  const drained = new Set<number>();
  for (let change = 0; change < changeCount; change++) {
    if (changeAction[change] !== DRAIN) continue;
    for (let part = partStart[change]; part < partStart[change + 1]; part++) drained.add(partNode[part]);
  }
  drained.delete(ANY_NODE);
  return [...drained].sort((a, b) => a - b).flatMap((node) => lonePodsOf(population, node));
}

function lonePodsOf({ nodePodStart, podDeployment, podConsumerStart }: Population, node: number): readonly number[] {
  const pods: number[] = [];
  for (let pod = nodePodStart[node]; pod < nodePodStart[node + 1]; pod++) {
    if (podDeployment[pod] < 0 && podConsumerStart[pod + 1] > podConsumerStart[pod]) pods.push(pod);
  }
  return pods;
}
