import { group } from 'd3-array';
import { flagsOf } from '../cluster/population/consumption.js';
import type { ConsumptionMode } from '../cluster/model/kinds.js';
import { REFLECTOR } from '../cluster/client-go/reflector.js';
import { steadyState } from '../cluster/kubelet/secret-manager/watch-manager.js';
import type { TopologyFile, TopologyObject, TopologyPod, TopologyUse } from '../cluster/model/topology-file.js';
import { READS, UPDATABLE } from '../cluster/population/population.js';
import type { Behaviours } from '../cluster/model/versions.js';

/** Who uses an object of a cluster in operation, and what its kubelets hold for it. */
export interface ObjectUse {
  /** Pods on a node, in whatever way they use it. */
  readonly pods: number;
  readonly nodes: number;
  /** Pods that mount it so that they see updates, and the nodes that these are on. */
  readonly updatablePods: number;
  readonly updatableNodes: readonly number[];
  /** Pods that keep what they started with, and the workloads that these belong to. */
  readonly envPods: number;
  readonly subPathPods: number;
  readonly staleWorkloads: readonly string[];
  /** True where a pod can do without it: a mount or variable is optional. */
  readonly optional: boolean;
  /** True where some pod reads it at its syncs. */
  readonly read: boolean;
  /** Watches that kubelets hold open under Watch: at most one per node. */
  readonly watches: number;
  /** Of these, the ones that close when the object is marked: their kubelets read it and find it immutable. */
  readonly closable: number;
}

/** Counts for each object of a topology, in its order. */
export function objectUses({ objects, pods }: TopologyFile, behaviours: Behaviours): ObjectUse[] {
  const counts = objects.map(() => new UseCount());
  for (const pod of pods) {
    for (const [object, uses] of group(pod.uses, (use) => use.object)) counts[object].add(pod, uses);
  }
  return objects.map((object, index) => counts[index].result(object, behaviours));
}

class UseCount {
  private pods = 0;
  private readonly onNodes = new Map<number, NodeUse>();
  private readonly updatableNodes = new Set<number>();
  private updatablePods = 0;
  private envPods = 0;
  private subPathPods = 0;
  private readonly staleWorkloads = new Set<string>();
  private optional = false;

  /** A pod with all its uses of the object. */
  add({ namespace, name, node, workload, pending }: TopologyPod, uses: readonly TopologyUse[]): void {
    const flags = uses.map(({ as }) => flagsOf(as, false));
    const has = (mode: ConsumptionMode): boolean => uses.some(({ as }) => as === mode);
    this.pods++;
    const reads = flags.some((each) => (each & READS) !== 0);
    const onNode = this.onNodes.get(node) ?? { running: false, read: false, mounted: false };
    this.onNodes.set(node, onNode);
    if (pending !== true) onNode.running = true;
    if (reads) onNode.read = true;
    if (reads && uses.some(({ as }) => as !== 'imagePullSecret')) onNode.mounted = true;
    if (flags.some((each) => (each & UPDATABLE) !== 0)) {
      this.updatablePods++;
      this.updatableNodes.add(node);
    }
    if (has('env')) this.envPods++;
    if (has('subPath')) this.subPathPods++;
    if (has('env') || has('subPath')) this.staleWorkloads.add(workload ?? `${namespace}/${name}`);
    // Pods start without imagePullSecrets, whatever their references say.
    if (uses.some(({ as, optional }) => optional === true && as !== 'imagePullSecret')) this.optional = true;
  }

  result({ immutable, missing }: TopologyObject, behaviours: Behaviours): ObjectUse {
    const nodes = [...this.onNodes.values()];
    const watchedIf = (isImmutable: boolean): number =>
      nodes.filter((node) => holdsWatch(node, isImmutable, behaviours)).length;
    const watches = watchedIf(immutable === true);
    return {
      pods: this.pods,
      nodes: nodes.length,
      updatablePods: this.updatablePods,
      updatableNodes: [...this.updatableNodes],
      envPods: this.envPods,
      subPathPods: this.subPathPods,
      staleWorkloads: [...this.staleWorkloads].sort(),
      optional: this.optional,
      read: nodes.some(({ read }) => read),
      watches,
      closable: missing === true ? 0 : watches - watchedIf(true),
    };
  }
}

/** How the pods of a node use an object. */
interface NodeUse {
  /** One that has started uses it. */
  running: boolean;
  /** One reads it at its syncs. */
  read: boolean;
  /** One mounts it: it reads it even if it cannot start, for it misses another object. */
  mounted: boolean;
}

/**
 * Whether a kubelet that has long been in operation watches the object. Pods that wait for a missing object have their
 * other objects watched, too; of these they read the volumes, and nothing that comes after mounting.
 */
function holdsWatch({ running, read, mounted }: NodeUse, immutable: boolean, behaviours: Behaviours): boolean {
  const found = immutable && (running || mounted);
  return steadyState(found, Number(read || !running), behaviours) === REFLECTOR.RUNNING;
}
