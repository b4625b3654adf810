import { type ConsumptionMode, hasOwnManager, KIND } from '../../cluster/model/kinds.js';
import type { TopologyFile, TopologyObject, TopologyPod, TopologyWorkload } from '../../cluster/model/topology-file.js';

/** How a pod can use what only projected volumes have. */
const PROJECTED_MODES: readonly ConsumptionMode[] = ['projected', 'subPath'];
/** Workloads whose pods get another template where they are. */
const IN_PLACE = ['DaemonSet', 'StatefulSet'];
/** How a pod uses what the Secrets Store CSI driver mounts. */
const CSI_MODES: readonly ConsumptionMode[] = ['volume', 'subPath'];

/** What is wrong between parts of a topology that are right one by one; undefined where nothing is. */
export function topologyProblem({ nodes, objects, pods, workloads = [] }: TopologyFile): string | undefined {
  return (
    duplicate(
      'nodes',
      nodes.map(({ name }) => name),
    ) ??
    duplicate(
      'objects',
      objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ) ??
    duplicate(
      'pods',
      pods.map(({ namespace, name }) => `${namespace}/${name}`),
    ) ??
    duplicate(
      'workloads',
      workloads.map(({ ownerKind, workload }) => `${ownerKind} ${workload}`),
    ) ??
    first(workloads, workloadProblem) ??
    first(objects, objectProblem) ??
    first(pods, (pod, index) => podProblem(pod, index, nodes.length, objects))
  );
}

function duplicate(list: string, names: readonly string[]): string | undefined {
  const seen = new Map<string, number>();
  return first(names, (name, index) => {
    const before = seen.get(name);
    seen.set(name, index);
    return before === undefined ? undefined : `${list}.${index}: its name is there twice; first in ${list}.${before}`;
  });
}

/** A ClusterTrustBundle is in no namespace and cannot be immutable; others are in one. */
function objectProblem({ kind, namespace, immutable, selectedBy }: TopologyObject, index: number): string | undefined {
  const at = `objects.${index}`;
  const isBundle = kind === 'ClusterTrustBundle';
  if (isBundle && namespace !== '') return `${at}.namespace: a ClusterTrustBundle is in no namespace: expected ""`;
  if (!isBundle && namespace === '') return `${at}.namespace: a name must not be empty`;
  if (hasOwnManager(KIND[kind]) && immutable === true) return `${at}.immutable: a ${kind} cannot be immutable`;
  return isBundle || selectedBy === undefined ? undefined : `${at}.selectedBy: belongs to a ClusterTrustBundle`;
}

function workloadProblem({ ownerKind, maxUnavailable }: TopologyWorkload, index: number): string | undefined {
  const at = `workloads.${index}`;
  if (!IN_PLACE.includes(ownerKind)) return `${at}.ownerKind: expected ${IN_PLACE.join(' or ')}`;
  return maxUnavailable !== undefined && ownerKind !== 'DaemonSet'
    ? `${at}.maxUnavailable: belongs to a DaemonSet`
    : undefined;
}

function podProblem(
  pod: TopologyPod,
  index: number,
  nodes: number,
  objects: readonly TopologyObject[],
): string | undefined {
  if (pod.node >= nodes) return outOfRange(`pods.${index}.node`, 'nodes', nodes);
  return first(pod.uses, ({ object, as, volume }, use) => {
    const at = `pods.${index}.uses.${use}`;
    if (object >= objects.length) return outOfRange(`${at}.object`, 'objects', objects.length);
    const { kind } = objects[object];
    const modes = kind === 'SecretProviderClass' ? CSI_MODES : PROJECTED_MODES;
    if (hasOwnManager(KIND[kind]) && !modes.includes(as)) return `${at}: a ${kind} is used as ${modes.join(' or ')}`;
    const ofVolume = as !== 'env' && as !== 'imagePullSecret';
    if (ofVolume && volume === undefined) return `${at}: a ${as} use needs the number of its volume`;
    if (!ofVolume && volume !== undefined) return `${at}: a use as ${as} has no volume`;
    return undefined;
  });
}

function outOfRange(path: string, list: string, count: number): string {
  return `${path}: is not an index of ${list}, of which there are ${count} (0 to ${count - 1})`;
}

/** The first problem among the items. */
function first<T>(items: readonly T[], check: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = check(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
