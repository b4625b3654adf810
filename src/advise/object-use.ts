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
  /** Of these: they have never started, for a required object is missing. The next counts are of the others. */
  readonly waitingPods: number;
  /** Pods that mount it so that they see updates. */
  readonly updatablePods: number;
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
    const waits = waitsFor(pod, objects);
    for (const [object, uses] of group(pod.uses, (use) => use.object)) counts[object].add(pod, uses, waits);
  }
  return objects.map((object, index) => counts[index].result(object, behaviours));
}

/** What keeps a pod from starting: a volume without which it reads nothing else, or what its containers are created with. */
type Waits = 'for a volume' | 'for a variable' | 'for nothing';

function waitsFor({ pending, uses }: TopologyPod, objects: readonly TopologyObject[]): Waits {
  if (pending !== true) return 'for nothing';
  const volumes = uses.filter(({ volume, optional }) => volume !== undefined && optional !== true);
  return volumes.some(({ object }) => objects[object].missing === true) ? 'for a volume' : 'for a variable';
}

class UseCount {
  private pods = 0;
  private waitingPods = 0;
  private readonly onNodes = new Map<number, NodeUse>();
  private updatablePods = 0;
  private envPods = 0;
  private subPathPods = 0;
  private readonly staleWorkloads = new Set<string>();
  private optional = false;

  /** A pod with all its uses of the object. */
  add(pod: TopologyPod, uses: readonly TopologyUse[], waits: Waits): void {
    const { node, pending } = pod;
    this.pods++;
    const reads = uses.some(({ as }) => (flagsOf(as, false) & READS) !== 0);
    const onNode = this.onNodes.get(node) ?? { running: false, read: false, mounted: false, tried: false };
    this.onNodes.set(node, onNode);
    if (pending !== true) onNode.running = true;
    if (reads) onNode.read = true;
    if (reads && uses.some(({ as }) => as !== 'imagePullSecret')) onNode.mounted = true;
    if (waits === 'for a variable') onNode.tried = true;
    // Pods start without imagePullSecrets, whatever their references say.
    if (uses.some(({ as, optional }) => optional === true && as !== 'imagePullSecret')) this.optional = true;
    if (pending === true) this.waitingPods++;
    else this.addRunning(pod, uses);
  }

  /** A pod that holds some content, and can be left with it: what `run` counts as due, and as never reached. */
  private addRunning({ namespace, name, workload }: TopologyPod, uses: readonly TopologyUse[]): void {
    const has = (mode: ConsumptionMode): boolean => uses.some(({ as }) => as === mode);
    if (uses.some(({ as }) => (flagsOf(as, false) & UPDATABLE) !== 0)) {
      this.updatablePods++;
    }
    if (has('env')) this.envPods++;
    if (has('subPath')) this.subPathPods++;
    if (has('env') || has('subPath')) this.staleWorkloads.add(workload ?? `${namespace}/${name}`);
  }

  result({ immutable, missing }: TopologyObject, behaviours: Behaviours): ObjectUse {
    const nodes = [...this.onNodes.values()];
    const watchedIf = (isImmutable: boolean): number =>
      nodes.filter((node) => holdsWatch(node, isImmutable, behaviours)).length;
    const watches = watchedIf(immutable === true);
    return {
      pods: this.pods,
      nodes: nodes.length,
      waitingPods: this.waitingPods,
      updatablePods: this.updatablePods,
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
  /** One tries again and again to create its containers with it. */
  tried: boolean;
}

/**
 * Whether a kubelet that has long been in operation watches the object. Pods that wait for a missing object have their
 * other objects watched, too; of these they read the volumes, and what comes after mounting only once these are there.
 */
function holdsWatch({ running, read, mounted, tried }: NodeUse, immutable: boolean, behaviours: Behaviours): boolean {
  const found = immutable && (running || mounted || tried);
  return steadyState(found, Number(running ? read : mounted || tried), behaviours) === REFLECTOR.RUNNING;
}
