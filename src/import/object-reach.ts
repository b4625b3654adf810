import type { TopologyFile, TopologyObject } from '../cluster/model/topology-file.js';

/** How far an object reaches. */
export interface ObjectReach {
  readonly object: TopologyObject;
  /** Running pods that use it, in whatever way. */
  readonly pods: number;
  /** Running pods that mount it so that they see updates. */
  readonly updatablePods: number;
  readonly nodes: number;
}

/** The objects that pods use, the ones with most pods first, then by kind and name. */
export function objectReaches({ objects, pods }: TopologyFile): ObjectReach[] {
  const users = objects.map(() => ({ pods: 0, updatablePods: 0, nodes: new Set<number>() }));
  for (const { uses, node, pending } of pods) {
    if (pending === true) continue;
    for (const object of new Set(uses.map((use) => use.object))) {
      users[object].pods++;
      users[object].nodes.add(node);
    }
    const updatable = uses.filter(({ as }) => as === 'volume' || as === 'projected');
    for (const object of new Set(updatable.map((use) => use.object))) users[object].updatablePods++;
  }
  return objects
    .map((object, index) => ({ object, ...users[index], nodes: users[index].nodes.size }))
    .filter((reach) => reach.pods > 0)
    .sort((a, b) => b.pods - a.pods);
}

/** Tokens are rotated by deleting them, not by an update: another Secret says more. */
const TOKEN_TYPE = 'kubernetes.io/service-account-token';

/**
 * The Secret whose rotation reaches most pods; null where no running pod mounts a Secret that can change.
 */
export function rotationTarget(topology: TopologyFile): TopologyObject | null {
  return rotationTargets(topology).at(0)?.object ?? null;
}

/** The Secrets that can change and that running pods mount, the one that reaches most pods first, tokens last. */
export function rotationTargets(topology: TopologyFile): readonly ObjectReach[] {
  return objectReaches(topology)
    .filter(({ object, updatablePods }) => object.kind === 'Secret' && !isFixed(object) && updatablePods > 0)
    .sort((a, b) => Number(isToken(a.object)) - Number(isToken(b.object)) || b.updatablePods - a.updatablePods);
}

function isFixed({ missing, immutable }: TopologyObject): boolean {
  return missing === true || immutable === true;
}

function isToken({ type }: TopologyObject): boolean {
  return type === TOKEN_TYPE;
}
