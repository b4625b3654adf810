import type { Workload } from '../workload.js';
import type { OwnerWitnesses } from './ownership.js';

/** What a cluster tells of operators beside the objects that they write. */
export interface OwnerFacts {
  /** Resources that ask for objects, by kind: `ExternalSecret`, `Certificate` … */
  readonly resources: Readonly<Record<string, number>>;
  /** Workloads that Reloader rolls out when a Secret or ConfigMap changes. */
  readonly reloadedWorkloads: number;
  /** Pods with volumes of the Secrets Store CSI driver, and the SecretProviderClasses that fill them. */
  readonly csiPods: number;
  readonly secretProviderClasses: number;
}

/** A pod, as far as it tells of operators. */
interface TellingPod {
  readonly namespace: string;
  readonly workload: Workload | undefined;
  readonly secretProviderClasses: readonly string[];
  readonly asksForReload: boolean;
}

/** What resources, workloads and pods tell. */
export function ownerFacts(witnesses: OwnerWitnesses, pods: readonly TellingPod[]): OwnerFacts {
  const mounting = pods.filter((pod) => pod.secretProviderClasses.length > 0);
  const classes = mounting.flatMap((pod) => pod.secretProviderClasses.map((name) => `${pod.namespace}/${name}`));
  // Annotations of a pod are those of its workload's template; a lone pod is rolled out by nobody.
  const reloaded = pods.flatMap(({ asksForReload, workload }) =>
    asksForReload && workload?.kind !== undefined ? [`${workload.kind}/${workload.name}`] : [],
  );
  return {
    resources: witnesses.resourceCounts,
    reloadedWorkloads: new Set([...witnesses.reloaded, ...reloaded]).size,
    csiPods: mounting.length,
    secretProviderClasses: new Set(classes).size,
  };
}
