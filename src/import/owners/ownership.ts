import type { ObjectKind } from '../../cluster/model/kinds.js';
import { isRecord } from '../item-kind.js';
import type { ObjectHistory } from '../object-history.js';
import { type Claim, claimReader } from './claims.js';
import { ownerInMetadata, ownerNamed, ownerOfResource } from './known-owners.js';
import { isReloaded, WORKLOAD_KINDS } from './reloader.js';

/** Who writes an object again. */
export interface Ownership {
  /** A known program, as `known-owners.ts` calls it, or the kind of the owner. */
  readonly owner: string;
  /** How often it looks for new content, or renews, seconds; null: not told, or never. */
  readonly refreshSeconds: number | null;
}

/** What is asked: an object, and what its metadata tell. */
interface OwnedObject {
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
  readonly history: ObjectHistory;
}

/** A kind as Kubernetes has them; any other text may be something else. */
const KIND_NAME = /^[A-Z][A-Za-z0-9]{0,62}$/;

/**
 * Resources that tell who writes which objects, and workloads that are restarted when their objects change. Of each only
 * names and intervals are kept.
 */
export class OwnerWitnesses {
  /** Workloads with annotations of Reloader: `Deployment/namespace/name`. */
  readonly reloaded = new Set<string>();
  /** What each resource asks for, by kind, namespace and name of the resource. */
  private readonly resources = new Map<string, readonly (Claim & { readonly owner: string })[]>();
  private readonly kinds = new Map<string, number>();

  /** @returns whether the item tells something of who writes objects */
  add(kind: string, item: unknown): boolean {
    if (!isRecord(item)) return false;
    const id = idOf(kind, item);
    if (id === null) return false;
    if (WORKLOAD_KINDS.includes(kind)) {
      if (!isReloaded(item)) return false;
      this.reloaded.add(id);
      return true;
    }
    const known = claimReader(kind, item['apiVersion']);
    if (known === undefined) return false;
    const owner = ownerOfResource(kind)?.name ?? kind;
    const claims = known.read(item).map((claim) => ({ ...claim, owner }));
    if (!this.resources.has(id)) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.resources.set(id, claims);
    return true;
  }

  /** How many resources of each kind there are. */
  get resourceCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.kinds);
  }

  /** Who writes an object again; once all resources are there. A resource that asks for it says more than its metadata. */
  lookUp(): (object: OwnedObject) => Ownership | null {
    const claims = [...this.resources.values()].flat();
    const byObject = new Map(claims.map((claim) => [keyOf(claim), claim]));
    return (object) => {
      const claim = byObject.get(keyOf(object)) ?? byObject.get(keyOf({ ...object, namespace: null }));
      if (claim !== undefined) return { owner: claim.owner, refreshSeconds: claim.refreshSeconds };
      const owner = ownerInMetadata(object.history)?.name ?? object.history.owners.find((kind) => KIND_NAME.test(kind));
      return owner === undefined ? null : { owner, refreshSeconds: null };
    };
  }
}

/** Whether an owner is a program beside Kubernetes: what Kubernetes itself writes is no choice of an operator. */
export function isBesideKubernetes({ owner }: Ownership): boolean {
  return ownerNamed(owner)?.role !== 'kubernetes';
}

function keyOf({ kind, namespace, name }: { kind: string; namespace: string | null; name: string }): string {
  return `${kind}/${namespace ?? '*'}/${name}`;
}

function idOf(kind: string, { metadata }: Readonly<Record<string, unknown>>): string | null {
  if (!isRecord(metadata) || typeof metadata['name'] !== 'string') return null;
  const { namespace, name } = metadata;
  return `${kind}/${typeof namespace === 'string' ? namespace : ''}/${name}`;
}
