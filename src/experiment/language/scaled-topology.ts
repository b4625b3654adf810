import { groups } from 'd3-array';
import { MAX_ENTITIES } from '../../sim/event-queue.js';
import { ttlSecondsFor } from '../../cluster/kube-controller-manager/ttl-controller.js';
import type { TopologyFile, TopologyNode, TopologyObject, TopologyPod } from '../../cluster/model/topology-file.js';
import type { Behaviours } from '../../cluster/model/versions.js';

/** Most nodes of a cluster that is described node by node: its description has to fit into memory. */
const DESCRIBED_NODES_MAX = 200_000;

/** What is wrong with a cluster of `scale` times the nodes; undefined where nothing is. */
export function scaleProblem({ nodes, pods }: TopologyFile, scale: number): string | undefined {
  const uses = pods.reduce((sum, pod) => sum + pod.uses.length, 0);
  const most = Math.min(DESCRIBED_NODES_MAX / nodes.length, MAX_ENTITIES / Math.max(pods.length, uses));
  if (scale <= most) return undefined;
  const size = `${nodes.length} nodes, ${pods.length} pods and ${uses} uses of an object by a pod`;
  return `a cluster of ${size} can be made at most ${Math.floor(most * 10) / 10} times as large`;
}

/**
 * The same cluster with `scale` times as many nodes (from 1; rounded), as it would be with more nodes of the same make:
 * copies of its nodes with the pods on them. A part of a copy takes nodes evenly from the list. A copied pod is of the
 * workload of its original, so that Deployments have more replicas and DaemonSets one pod on each new node.
 *
 * Objects are shared as before: what a namespace, a workload or the whole cluster uses stays one object, with more
 * users. What is a single pod's or node's own is copied with the node (`ownObjects`). Objects that nobody uses stay.
 *
 * Nodes with a TTL get what the TTL controller sets in a cluster that has grown to this size, if it is longer.
 */
export function scaledTopology(
  file: TopologyFile,
  scale: number,
  boundaries: Behaviours['ttlBoundaries'],
): TopologyFile {
  const { nodes, objects, pods } = file;
  const all = Math.round(nodes.length * scale);
  const ttl = ttlSecondsFor(all, boundaries);
  const own = ownObjects(file);
  const podsOn = podsByNode(file);
  const grown: { nodes: TopologyNode[]; objects: TopologyObject[]; pods: TopologyPod[] } = {
    nodes: [...nodes],
    objects: [...objects],
    pods: [...pods],
  };
  for (let copy = 2; grown.nodes.length < all; copy++) {
    const named = <Item extends { readonly name: string }>(item: Item): Item => ({
      ...item,
      name: copyName(item.name, copy),
    });
    for (const node of evenly(nodes.length, all - grown.nodes.length)) {
      const copied = new Map<number, number>();
      const objectOf = (object: number): number => {
        if (!own[object]) return object;
        const known = copied.get(object) ?? grown.objects.push(named(objects[object])) - 1;
        copied.set(object, known);
        return known;
      };
      const index = grown.nodes.push(named(nodes[node])) - 1;
      for (const pod of podsOn[node]) {
        const uses = pods[pod].uses.map((use) => ({ ...use, object: objectOf(use.object) }));
        grown.pods.push({ ...named(pods[pod]), node: index, uses });
      }
    }
  }
  const withTtl = grown.nodes.map((node) =>
    node.ttlSeconds === undefined ? node : { ...node, ttlSeconds: Math.max(node.ttlSeconds, ttl) },
  );
  return { ...file, ...grown, nodes: withTtl };
}

/** The name of a copy: no name of Kubernetes has the sign, so it is nobody else's. */
function copyName(name: string, copy: number): string {
  return `${name}~${copy}`;
}

/** The first `count` of `all` indices, or where these are fewer than all: so many of them, evenly spread. */
function evenly(all: number, count: number): number[] {
  const chosen = Math.min(count, all);
  const before = (i: number): number => Math.floor((i * chosen) / all);
  return Array.from({ length: all }, (_, i) => i).filter((i) => before(i + 1) > before(i));
}

function podsByNode({ nodes, pods }: TopologyFile): readonly (readonly number[])[] {
  const on: number[][] = nodes.map(() => []);
  pods.forEach(({ node }, pod) => on[node].push(pod));
  return on;
}

/**
 * True for each object that is a single pod's or a single node's own: all of its users are on one node, and none is a
 * whole workload. What every replica of a workload uses is the workload's, though it may have a single replica; what is
 * in no namespace is the cluster's.
 */
function ownObjects({ objects, pods }: TopologyFile): readonly boolean[] {
  const replicas = new Map<string, number>();
  const users: Set<number>[] = objects.map(() => new Set());
  pods.forEach(({ workload, uses }, pod) => {
    if (workload !== undefined) replicas.set(workload, (replicas.get(workload) ?? 0) + 1);
    for (const { object } of uses) users[object].add(pod);
  });
  return users.map((using, object) => {
    if (objects[object].namespace === '') return false;
    if (new Set(Array.from(using, (pod) => pods[pod].node)).size !== 1) return false;
    const byWorkload = groups(using, (pod) => pods[pod].workload);
    return byWorkload.every(([workload, of]) => workload === undefined || of.length < (replicas.get(workload) ?? 0));
  });
}
