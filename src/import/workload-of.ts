import type { Pod } from './kubernetes-schemas.js';
import type { Workload } from './workload.js';

/**
 * The workload whose replica a pod is; undefined for a lone pod.
 * A ReplicaSet of a Deployment stands for the Deployment: its name is the Deployment's with the
 * pod-template-hash, which its pods carry as a label (`deployment_controller`, `sync.go` getNewReplicaSet).
 */
export function workloadOf({ metadata }: Pod): Workload | undefined {
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  // The mirror pod of a static pod is owned by its node.
  if (owner === undefined || owner.name === '' || owner.kind === 'Node') return undefined;
  const hash = metadata.labels['pod-template-hash'];
  const ofDeployment = owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`);
  const name = ofDeployment ? owner.name.slice(0, -hash.length - 1) : owner.name;
  const kind = ofDeployment ? 'Deployment' : owner.kind;
  return { name: `${metadata.namespace}/${name}`, kind: /^[A-Za-z0-9]{1,63}$/.test(kind) ? kind : undefined };
}
