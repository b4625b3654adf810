import type { Workload } from '../workload.js';
import type { OwnerWitnesses } from './ownership.js';
import { type DriverSettings, newestSettings } from './secrets-store-driver.js';

/** What a cluster tells of operators beside the objects that they write. */
export interface OwnerFacts {
  /** Resources that ask for objects, by kind: `ExternalSecret`, `Certificate` … */
  readonly resources: Readonly<Record<string, number>>;
  /** Workloads that Reloader rolls out when a Secret or ConfigMap changes. */
  readonly reloadedWorkloads: number;
  /** Pods with volumes of the Secrets Store CSI driver, and the SecretProviderClasses that fill them. */
  readonly csiPods: number;
  readonly secretProviderClasses: number;
  /** Settings of that driver; null where none of its pods is in the input. */
  readonly driver: DriverSettings | null;
}

/** A pod, as far as it tells of operators. */
interface TellingPod {
  readonly namespace: string;
  readonly workload: Workload | undefined;
  readonly uses: readonly { readonly kind: string; readonly name: string }[];
  readonly driver: DriverSettings | null;
  readonly asksForReload: boolean;
}

/** What resources, workloads and pods tell. */
export function ownerFacts(witnesses: OwnerWitnesses, pods: readonly TellingPod[]): OwnerFacts {
  const mounted = pods.map(({ namespace, uses }) =>
    uses.flatMap(({ kind, name }) => (kind === 'SecretProviderClass' ? [`${namespace}/${name}`] : [])),
  );
  // Annotations of a pod are those of its workload's template; a lone pod is rolled out by nobody.
  const reloaded = pods.flatMap(({ asksForReload, workload }) =>
    asksForReload && workload?.kind !== undefined ? [`${workload.kind}/${workload.name}`] : [],
  );
  return {
    resources: witnesses.resourceCounts,
    reloadedWorkloads: new Set([...witnesses.reloaded, ...reloaded]).size,
    csiPods: mounted.filter((classes) => classes.length > 0).length,
    secretProviderClasses: new Set(mounted.flat()).size,
    driver: newestSettings(pods.flatMap(({ driver }) => driver ?? [])),
  };
}
