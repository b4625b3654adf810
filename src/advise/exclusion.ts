import type { TopologyObject } from '../cluster/model/topology-file.js';
import type { ObjectHistory } from '../import/object-history.js';
import { age } from './age.js';
import type { ObjectUse } from './object-use.js';
import { rewriterOf } from './rewriters.js';

/** Why an object is not to be marked immutable, in the order in which the reasons are looked for. */
export const REASONS = [
  'already immutable',
  'missing',
  'not in the input',
  'not used',
  'service-account token',
  'root CA',
  'leader election',
  'has an owner',
  'rewritten by a tool',
  'optional',
  'env only',
  'recently updated',
] as const;
export type Reason = (typeof REASONS)[number];

/** An object is not to be marked. */
export interface Exclusion {
  readonly reason: Reason;
  /** One sentence. */
  readonly why: string;
}

/** What objects are judged by. */
export interface Judgement {
  /** An object whose content changed later than so long before `newestAt` is one that changes, ms. */
  readonly unchangedForMs: number;
  /** The newest time in the dump, ms since 1970; null where it tells none. */
  readonly newestAt: number | null;
  /** Kubelets stop watches of objects that nobody reads (≥1.21). */
  readonly idleStop: boolean;
}

/** Names of the ConfigMaps that hold a cluster's certification authorities, which are renewed in place. */
const ROOT_CA_NAMES = ['kube-root-ca.crt', 'openshift-service-ca.crt'];
const TOKEN_TYPE = 'kubernetes.io/service-account-token';
/** Annotation of client-go's leader election (`resourcelock.LeaderElectionRecordAnnotationKey`). */
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';

/** An object is put together in steps; what comes later than this after its creation is an update, ms. */
const CREATION_TAKES_MS = 60_000;

/** Taken to exist, for pods run with it: nothing else is known of it. */
const UNSEEN: Exclusion = {
  reason: 'not in the input',
  why: 'pods refer to it, but the input does not tell what it is',
};

/** Why an object is not to be marked immutable; null where nothing speaks against it. */
export function exclusionOf(
  object: TopologyObject,
  use: ObjectUse,
  history: ObjectHistory | undefined,
  judgement: Judgement,
): Exclusion | null {
  return (
    byState(object, use) ??
    (history === undefined ? UNSEEN : byOwner(object, history)) ??
    byUse(use, judgement) ??
    byTime(history, judgement)
  );
}

function byState({ missing, immutable }: TopologyObject, { pods }: ObjectUse): Exclusion | null {
  if (missing === true) return { reason: 'missing', why: 'pods refer to it, but it does not exist' };
  if (immutable === true) return { reason: 'already immutable', why: 'it is immutable' };
  return pods === 0 ? { reason: 'not used', why: 'no pod on a node uses it' } : null;
}

function byOwner({ kind, name, type }: TopologyObject, history: ObjectHistory): Exclusion | null {
  if (type === TOKEN_TYPE) return { reason: 'service-account token', why: 'the token controller writes it' };
  if (kind === 'ConfigMap' && ROOT_CA_NAMES.includes(name)) {
    return { reason: 'root CA', why: 'its controller writes it anew when the certification authority is renewed' };
  }
  if (history.annotations.includes(LEADER_ANNOTATION)) {
    return { reason: 'leader election', why: 'the leader writes it every few seconds' };
  }
  if (history.owners.length > 0) {
    const owners = [...new Set(history.owners)].join(', ');
    return { reason: 'has an owner', why: `it is owned by ${owners}, whose controller may write it again` };
  }
  const rewriter = rewriterOf(history);
  return rewriter === null ? null : { reason: 'rewritten by a tool', why: rewriter };
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
  const update = history === undefined ? null : lastUpdate(history);
  if (update === null || newestAt === null || newestAt - update.at >= unchangedForMs) return null;
  const by = update.manager === '' ? '' : ` by ${update.manager}`;
  return { reason: 'recently updated', why: `changed${by} ${age(newestAt - update.at)} before the newest time` };
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
