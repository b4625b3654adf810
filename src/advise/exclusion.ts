import type { TopologyObject } from '../cluster/model/topology-file.js';
import type { ObjectHistory } from '../import/object-history.js';
import { type KnownOwner, ownerNamed } from '../import/owners/known-owners.js';
import type { Ownership } from '../import/owners/ownership.js';
import { age } from './age.js';
import type { ObjectUse } from './object-use.js';
import { MEANING, type Reason } from './reasons.js';

/** An object is not to be marked. */
export interface Exclusion {
  readonly reason: Reason;
  /** One sentence. */
  readonly why: string;
}

/** What objects are judged by. */
export interface Judgement {
  /** Of an object that is younger, or whose content changed later, than so long before `newestAt`: it may change, ms. */
  readonly unchangedForMs: number;
  /** The newest time in the dump, ms since 1970; null where it tells none. */
  readonly newestAt: number | null;
  /** Kubelets stop watches of objects that nobody reads (≥1.21). */
  readonly idleStop: boolean;
  /** Kubelets hold watches, which is what marking saves. */
  readonly watched: boolean;
}

/** Names of the ConfigMaps that hold a cluster's certification authorities, which are renewed in place. */
const ROOT_CA_NAMES = ['kube-root-ca.crt', 'openshift-service-ca.crt'];
const TOKEN_TYPE = 'kubernetes.io/service-account-token';
const TLS_TYPE = 'kubernetes.io/tls';
/** Annotation of client-go's leader election (`resourcelock.LeaderElectionRecordAnnotationKey`). */
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';

/** An object is put together in steps; what comes later than this after its creation is an update, ms. */
const CREATION_TAKES_MS = 60_000;

/** What a dump tells of an object's past and of its writers. */
interface Past {
  /** undefined: it is not in the dump. */
  readonly history: ObjectHistory | undefined;
  readonly ownership: Ownership | null;
}

/** Why an object is not to be marked immutable; null where nothing speaks against it. */
export function exclusionOf(
  object: TopologyObject,
  use: ObjectUse,
  { history, ownership }: Past,
  judgement: Judgement,
): Exclusion | null {
  return (
    byState(object, use) ??
    // Taken to exist, for pods run with it: nothing else is known of it.
    (history === undefined ? because('not in the input') : byOwner(object, history, ownership)) ??
    byUse(use, judgement) ??
    byTime(history, judgement) ??
    (use.closable > 0 && judgement.watched ? null : because('saves nothing'))
  );
}

/** An exclusion of which there is no more to say than what its reason means. */
function because(reason: Reason): Exclusion {
  return { reason, why: MEANING[reason] };
}

function byState({ missing, immutable }: TopologyObject, { pods }: ObjectUse): Exclusion | null {
  if (missing === true) return because('missing');
  if (immutable === true) return { reason: 'already immutable', why: 'it is immutable' };
  return pods === 0 ? because('not used') : null;
}

function byOwner(
  { kind, name, type }: TopologyObject,
  history: ObjectHistory,
  ownership: Ownership | null,
): Exclusion | null {
  if (type === TOKEN_TYPE) return because('service-account token');
  if (kind === 'ConfigMap' && ROOT_CA_NAMES.includes(name)) {
    return { reason: 'root CA', why: 'its controller writes it anew when the certification authority is renewed' };
  }
  if (history.annotations.includes(LEADER_ANNOTATION)) {
    return because('leader election');
  }
  if (history.owners.length > 0) {
    const owners = [...new Set(history.owners)].join(', ');
    return { reason: 'has an owner', why: `it is owned by ${owners}, whose controller may write it again` };
  }
  const owner = ownership === null ? undefined : ownerNamed(ownership.owner);
  if (owner !== undefined) return byTool(owner);
  return type === TLS_TYPE ? because('TLS certificate') : null;
}

/** A mark that is set at the API server would make the next change in git fail; there, it comes with a new name. */
function byTool({ name, when, role }: KnownOwner): Exclusion {
  if (role !== 'git') return { reason: 'rewritten by a tool', why: `${name} ${when}` };
  const where = 'mark it there, under a name that changes with its content';
  return { reason: 'applied from git', why: `${name} ${when}: ${where}` };
}

function byUse({ optional, read }: ObjectUse, { idleStop }: Judgement): Exclusion | null {
  if (optional) {
    return { reason: 'optional', why: 'a pod can do without it: were it deleted, kubelets would not notice any more' };
  }
  if (read) return null;
  const watch = idleStop
    ? 'kubelets stop its watch by themselves when nobody has read it for a while'
    : 'kubelets would keep its watch until its pods are started anew';
  return { reason: 'env only', why: `pods read it only when a container starts; ${watch}` };
}

function byTime(history: ObjectHistory | undefined, { unchangedForMs, newestAt }: Judgement): Exclusion | null {
  if (history === undefined || newestAt === null) return null;
  const update = lastUpdate(history);
  if (update !== null && newestAt - update.at < unchangedForMs) {
    const by = update.manager === '' ? '' : ` by ${update.manager}`;
    return { reason: 'recently updated', why: `changed${by} ${age(newestAt - update.at)} before the newest time` };
  }
  const { createdAt } = history;
  if (createdAt === null || newestAt - createdAt >= unchangedForMs) return null;
  return { reason: 'recently created', why: `created ${age(newestAt - createdAt)} before the newest time` };
}

/** A change of an object's content. */
export interface ContentChange {
  readonly manager: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The last change of an object's content after its creation; null where none is recorded. */
export function lastUpdate({ createdAt, writers }: ObjectHistory): ContentChange | null {
  const since = createdAt === null ? -Infinity : createdAt + CREATION_TAKES_MS;
  let last: ContentChange | null = null;
  for (const { manager, at } of writers ?? []) {
    if (at !== null && at > since && at > (last?.at ?? -Infinity)) last = { manager, at };
  }
  return last;
}
