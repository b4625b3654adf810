import { group } from 'd3-array';
import type { ObjectClass } from '../../cluster/model/model-input.js';
import type { ObjectKind } from '../../cluster/model/kinds.js';
import { timelineName, type TopologyFile } from '../../cluster/model/topology-file.js';
import { nearbyName } from './quoting.js';

/** Changes of objects under their own name. */
export const OBJECT_ACTIONS = ['update', 'delete', 'recreate', 'markImmutable'] as const;

/** What a timeline entry does to objects that it names. */
export const TARGET_ACTIONS = [...OBJECT_ACTIONS, 'replace'] as const;
export type TargetActionName = (typeof TARGET_ACTIONS)[number];

/** A change that a timeline entry asks for, or that it asks who uses the target. */
export interface TargetRequest {
  readonly action: TargetActionName | 'consumersOf';
  readonly target: string;
  readonly kind: ObjectKind | undefined;
}

/** Says why a cluster has no such target; undefined where it has one. */
export type TargetCheck = (request: TargetRequest) => string | undefined;

/** Targets of a cluster that is made from counts: the names of its classes. */
export function syntheticTargets(classes: readonly ObjectClass[]): TargetCheck {
  const names = [...new Set(classes.map(({ name }) => name))];
  return ({ action, target, kind }) => {
    const known = classes.find(({ name }) => name === target);
    if (known === undefined) return `no class of objects has this name${nearby(target, names)}`;
    if (kind !== undefined && kind !== known.kind) return `is the name of a ${known.kind}, not of a ${kind}`;
    return actionProblem(action, known.kind);
  };
}

/** Targets of an imported cluster: `namespace/name` of its objects, the name of a ClusterTrustBundle. */
export function importedTargets(file: TopologyFile): TargetCheck {
  const objects = group(file.objects, timelineName);
  return ({ action, target, kind }) => {
    const sharing = objects.get(target);
    if (sharing === undefined) return `the cluster has no such object${nearby(target, [...objects.keys()])}`;
    const meant = sharing.filter((object) => kind === undefined || object.kind === kind);
    if (meant.length === 0) return `is a ${sharing[0].kind}, not a ${String(kind)}`;
    if (meant.length > 1) return 'a Secret and a ConfigMap both have this name: add kind: Secret or kind: ConfigMap';
    const problem = actionProblem(action, meant[0].kind);
    if (problem !== undefined) return problem;
    const absent = meant[0].missing === true && action !== 'recreate' && action !== 'consumersOf';
    return absent
      ? 'pods refer to this name, but the cluster has no such object: only recreate can act on it'
      : undefined;
  };
}

/** What cannot be done to objects of a kind. */
function actionProblem(action: TargetRequest['action'], kind: ObjectKind): string | undefined {
  if (action === 'consumersOf') return undefined;
  if (kind === 'PodCertificateRequest') return 'is renewed by the kubelets: nobody else can change it';
  if (action !== 'markImmutable' || kind !== 'ClusterTrustBundle') return undefined;
  return 'a ClusterTrustBundle cannot be immutable: take a Secret or a ConfigMap';
}

function nearby(target: string, known: readonly string[]): string {
  if (known.length === 0) return ' (there are no objects)';
  return nearbyName(target, known) || ` (of ${known.length} names none is like it)`;
}
