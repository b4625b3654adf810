import { group } from 'd3-array';
import type { ObjectClass } from '../../cluster/model/model-input.js';
import type { ObjectKind } from '../../cluster/model/kinds.js';
import { OBJECT_ACTIONS } from '../../cluster/model/timeline-actions.js';
import { classesOf, isPattern, objectMatcher, patternMatcher } from '../../cluster/model/target-names.js';
import { timelineName, type TopologyFile, type TopologyObject } from '../../cluster/model/topology-file.js';
import { nearbyName } from './quoting.js';

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

/** Targets of a cluster that is made from counts: the names of its classes, and patterns of them. */
export function syntheticTargets(classes: readonly ObjectClass[]): TargetCheck {
  const names = [...new Set(classes.map(({ name }) => name))];
  return ({ action, target, kind }) => {
    const known = classes.find(({ name }) => name === target);
    if (known !== undefined) {
      if (kind !== undefined && kind !== known.kind) return `is the name of a ${known.kind}, not of a ${kind}`;
      return actionProblem(action, known.kind);
    }
    if (!isPattern(target)) return `no class of objects has this name${nearby(target, names)}`;
    const meant = classesOf(classes, target, kind ?? null);
    if (meant.length > 0) return firstProblem(action, meant);
    if (classesOf(classes, target, null).length > 0) return `the pattern matches no class of a ${String(kind)}`;
    return `the pattern matches none of ${names.length} classes of objects${nearestToPattern(target, names)}`;
  };
}

/** Targets of an imported cluster: `namespace/name` of its objects, the name of a ClusterTrustBundle, patterns of these. */
export function importedTargets(file: TopologyFile): TargetCheck {
  const objects = group(file.objects, timelineName);
  return ({ action, target, kind }) => {
    if (isPattern(target)) return patternProblem({ action, target, kind }, file.objects);
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
  if (kind === 'SecretProviderClass' && action !== 'rotateAtSource')
    return 'is in no API server: only rotateAtSource changes what pods mount of it';
  if (action !== 'markImmutable' || kind !== 'ClusterTrustBundle') return undefined;
  return 'a ClusterTrustBundle cannot be immutable: take a Secret or a ConfigMap';
}

/** What cannot be done to one of those that a pattern matches. */
function firstProblem(
  action: TargetRequest['action'],
  meant: readonly { readonly kind: ObjectKind }[],
): string | undefined {
  return meant.map(({ kind }) => actionProblem(action, kind)).find((problem) => problem !== undefined);
}

/** Why a pattern matches no object of an imported cluster; undefined where it does. */
function patternProblem(
  { action, target: pattern, kind }: TargetRequest,
  objects: readonly TopologyObject[],
): string | undefined {
  const meant = objects.filter(objectMatcher(pattern, kind ?? null));
  if (meant.length > 0) return firstProblem(action, meant);
  const [namespace, ...names] = pattern.split('/');
  if (names.length !== 1) return 'a pattern of an imported cluster is namespace/name, such as payments/*';
  if (objects.some(objectMatcher(pattern, null))) return `the pattern matches no ${String(kind)}`;
  const matches = patternMatcher(pattern);
  if (objects.some((object) => object.missing === true && matches(timelineName(object)))) {
    return 'the pattern matches only names that pods refer to, and the cluster has no such objects: name one to recreate it';
  }
  const inNamespace = objects.filter((object) => patternMatcher(namespace)(object.namespace));
  if (inNamespace.length === 0) {
    const namespaces = new Set(objects.map((object) => object.namespace));
    return `the pattern matches no object: no namespace is called so${nearestToPattern(namespace, [...namespaces])}`;
  }
  const known = [...new Set(inNamespace.map(({ name }) => name))];
  return `the pattern matches none of ${inNamespace.length} objects${nearestToPattern(names[0], known)}`;
}

/** What may have been meant by a pattern: a name that is near to it without its wildcards. */
function nearestToPattern(pattern: string, known: readonly string[]): string {
  return nearbyName(pattern.replace(/[*?]/g, ''), known);
}

function nearby(target: string, known: readonly string[]): string {
  if (known.length === 0) return ' (there are no objects)';
  return nearbyName(target, known) || ` (of ${known.length} names none is like it)`;
}
