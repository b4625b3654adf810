import type { TopologyPod } from '../model/topology-file.js';

/** Who a pod belongs to. */
export interface PodOwner {
  /** `Deployment`; `Pod` for a pod of its own, `workload` where the topology does not tell. */
  readonly kind: string;
  /** `namespace/name`; `namespace/*` for pods of their own: nobody looks for the delays of each. */
  readonly name: string;
}

/** The owner of a pod of an imported cluster. */
export function importedOwner({ namespace, workload, ownerKind = 'workload' }: TopologyPod): PodOwner {
  return workload === undefined ? { kind: 'Pod', name: `${namespace}/*` } : { kind: ownerKind, name: workload };
}

/** `Deployment payments/web`. */
export function ownerLabel({ kind, name }: PodOwner): string {
  return `${kind} ${name}`;
}
