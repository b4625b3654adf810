import type { TopologyWorkload } from '../model/topology-file.js';

/** How a workload's pods get another template; the numeric code used in typed arrays. */
export const WORKLOAD = {
  /** By a rolling update with a surge (`pkg/controller/deployment/rolling.go`). */
  deployment: 0,
  /** Where they are, some nodes at a time (`pkg/controller/daemon/update.go`). */
  daemonSet: 1,
  /** Where they are, one after another (`pkg/controller/statefulset/stateful_set_control.go`). */
  statefulSet: 2,
  /** They never do: the template of a Job is immutable (`pkg/apis/batch/validation`). */
  job: 3,
} as const;

const BY_OWNER: Readonly<Record<string, number>> = {
  DaemonSet: WORKLOAD.daemonSet,
  StatefulSet: WORKLOAD.statefulSet,
  Job: WORKLOAD.job,
};

/**
 * How the pods of an owner get another template: `everywhere` is for those of whom no kind is known, with a pod on every
 * node. Assumption: owners of other kinds do it as a Deployment, among them a ReplicaSet, which mostly is one's.
 */
export function workloadKind(ownerKind: string | undefined, everywhere: boolean): number {
  if (ownerKind === undefined) return everywhere ? WORKLOAD.daemonSet : WORKLOAD.deployment;
  return Object.hasOwn(BY_OWNER, ownerKind) ? BY_OWNER[ownerKind] : WORKLOAD.deployment;
}

/**
 * Pods of a workload of `pods` pods that may be missing while it is rolled out; 0: it is not. `maxUnavailable` of a DaemonSet
 * that says nothing is 1 (`pkg/apis/apps/v1/defaults.go`), a StatefulSet takes one pod after another; all releases. Of a
 * Deployment no matter.
 */
export function missingAtRollout(kind: number, pods: number, own: TopologyWorkload | undefined): number {
  if (kind === WORKLOAD.job || own?.onDelete === true) return 0;
  const { maxUnavailable = 1 } = own ?? {};
  return typeof maxUnavailable === 'number' ? maxUnavailable : Math.ceil((parseFloat(maxUnavailable) * pods) / 100);
}

/** True for workloads that can be scaled (`kubectl scale`). */
export const scales = (kind: number): boolean => kind === WORKLOAD.deployment || kind === WORKLOAD.statefulSet;

/** True for workloads whose next pod comes when the one in its place has ended. */
export const replacesInPlace = (kind: number): boolean => kind === WORKLOAD.daemonSet || kind === WORKLOAD.statefulSet;
