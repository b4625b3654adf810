import type { ObjectKind } from '../cluster/model/kinds.js';
import type { CollectedCluster } from './cluster-collector.js';

/** An object by its name. */
interface Named {
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
}

/** What is taken of an object that pods refer to and that is not in the input. */
export type Presence =
  /** It does not exist. */
  | 'missing'
  /** It exists: the input has no object of its kind, … */
  | 'kind not in input'
  /** … or none of its kind and namespace, … */
  | 'namespace not in input'
  /** … or a pod runs that could not have started without it. */
  | 'mounted';

/** Names that the API server accepts (DNS-1123 subdomain). */
const POSSIBLE_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
/** Of a ClusterTrustBundle: that of its signer stands before a colon. */
const POSSIBLE_BUNDLE_NAME = /^[a-z0-9](?:[-a-z0-9.:]{0,251}[a-z0-9])?$/;

/** The namespace of what a pod uses: a ClusterTrustBundle is in none. */
export function namespaceOf(kind: ObjectKind, podNamespace: string): string {
  return kind === 'ClusterTrustBundle' ? '' : podNamespace;
}

/**
 * What is not in a dump is no proof of absence: kubectl leaves out what RBAC forbids, and support bundles never hold
 * Secrets. Where a dump would show an object, and no running pod proves that it is there, it is missing.
 */
export class PresenceOracle {
  private readonly shown = new Set<string>();
  private readonly mounted = new Set<string>();
  private readonly notFound = new Set<string>();

  constructor({ objects, pods }: Pick<CollectedCluster, 'objects' | 'pods'>) {
    for (const { kind, namespace } of objects) this.shown.add(kind).add(`${kind}/${namespace}`);
    for (const { namespace, uses, waiting, notFound } of pods) {
      for (const each of notFound) this.notFound.add(`${namespace}/${each}`);
      // Pods start without imagePullSecrets.
      const required = waiting ? [] : uses.filter(({ optional, as }) => !optional && as !== 'imagePullSecret');
      for (const { kind, name } of required) this.mounted.add(`${namespaceOf(kind, namespace)}/${kind}/${name}`);
    }
  }

  /** @param object one that is not in the input */
  of({ kind, namespace, name }: Named): Presence {
    const key = `${namespace}/${kind}/${name}`;
    const possible = kind === 'ClusterTrustBundle' ? POSSIBLE_BUNDLE_NAME : POSSIBLE_NAME;
    if (this.notFound.has(key) || !possible.test(name)) return 'missing';
    if (!this.shown.has(kind)) return 'kind not in input';
    if (!this.shown.has(`${kind}/${namespace}`)) return 'namespace not in input';
    return this.mounted.has(key) ? 'mounted' : 'missing';
  }
}
