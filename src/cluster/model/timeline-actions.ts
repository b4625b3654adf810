import type { ObjectKind } from './kinds.js';
import type { Restartable } from './operators-input.js';

/** When a timeline entry happens: once at `firstUs`, or repeatedly. */
export interface Recurrence {
  /** From the start of the measured period. */
  readonly firstUs: number;
  /** Period of a repeated entry; null: once. */
  readonly everyUs: number | null;
  /** Last possible time of a repeated entry. */
  readonly untilUs: number;
  /** Each occurrence is moved later by U[0, jitterUs). */
  readonly jitterUs: number;
}

/**
 * Changes of objects under their own name. `rotateAtSource` changes what the store outside of the cluster holds: whoever is
 * in charge of an object brings it; where nobody is, it is written at once.
 */
export const OBJECT_ACTIONS = ['update', 'delete', 'recreate', 'markImmutable', 'rotateAtSource'] as const;

/** A change of objects: of one object, or of a class one object after another. */
export interface ObjectAction extends Recurrence {
  readonly action: (typeof OBJECT_ACTIONS)[number];
  /** A class name, or `namespace/name` in an imported cluster, or a pattern of these. */
  readonly target: string;
  /** Needed where a Secret and a ConfigMap share namespace and name. */
  readonly kind: ObjectKind | null;
  /** Objects per second; null: all at the same instant. */
  readonly ratePerS: number | null;
  readonly order: 'given' | 'random';
  /** Reloader rolls out this share of the Deployments that use what is changed, 0 … 1; absent: none. */
  readonly reloads?: number;
  /** Index of the entry whose change this one copies, at the same times (`trustManager.source`); absent: none. */
  readonly follows?: number;
}

/** A change of what the store outside of the cluster holds, or of an object of the cluster that others are copies of. */
export type RotateAtSource = ObjectAction & { readonly action: 'rotateAtSource' };

/** Pods touched by an annotation: an immediate sync that resets their timer. */
export interface PodAction extends Recurrence {
  readonly action: 'annotatePods';
  /** Share of the pods, 0 … 1. */
  readonly fraction: number;
}

/**
 * How objects that cannot change are rotated: `newName` creates a new object per object of the target and
 * rolls out every deployment that uses it; `recreate` deletes and creates one after another under the same name;
 * `recreateAll` deletes all of them, and then creates all of them.
 */
export interface ReplaceAction extends Recurrence {
  readonly action: 'replace';
  readonly target: string;
  readonly kind: ObjectKind | null;
  readonly by: 'newName' | 'recreate' | 'recreateAll';
  readonly ratePerS: number | null;
  readonly order: 'given' | 'random';
}

/** The deployments that an action concerns. */
export interface DeploymentChoice {
  /** Share of them, 0 … 1. */
  readonly deployments: number;
  /** Only those with a pod that uses an object of this target, as it is called then; null: of all. */
  readonly consumersOf: string | null;
  /** Needed where a Secret and a ConfigMap share namespace and name. */
  readonly kind: ObjectKind | null;
}

/** New pods in place of the old ones, deployment by deployment, as a Deployment's rolling update does it. */
export interface RolloutAction extends Recurrence, DeploymentChoice {
  readonly action: 'rollout';
  /** From the time of the entry until the first rollout, µs: how long whoever starts it takes to react. */
  readonly afterUs: number;
  /** Deployments per second, one after another; null: all at the same instant. */
  readonly ratePerS: number | null;
  /** `maxUnavailable` and `maxSurge` as shares of a deployment's replicas, 0 … 1. */
  readonly maxUnavailable: number;
  readonly maxSurge: number;
}

/** A number of things, or a share of all there are, 0 … 1. */
export type Amount = { readonly count: number } | { readonly share: number };

/** How many of `all` an amount is. */
export function amountOf(amount: Amount, all: number): number {
  return 'count' in amount ? Math.min(amount.count, all) : Math.round(amount.share * all);
}

/** Deployments get another number of replicas, at most as many as they have at the start. */
export interface ScaleAction extends Recurrence, DeploymentChoice {
  readonly action: 'scale';
  /** Of each of the deployments. */
  readonly replicas: Amount;
}

/** API servers stop and start again. */
export interface RestartApiServerAction extends Recurrence {
  readonly action: 'restartApiServer';
  /** How many of them, one after another. */
  readonly servers: 'all' | number;
  /** From one server's stop to the next one's. */
  readonly staggerUs: number;
  /** From the end of the process to the start of the new one. */
  readonly downtimeUs: number;
  /** `crash`: killed, connections end at once; `graceful`: SIGTERM. */
  readonly mode: 'crash' | 'graceful';
}

/** Kubelets restart: caches and watches start anew, pods keep running. */
export interface RestartKubeletAction extends Recurrence {
  readonly action: 'restartKubelet';
  /** Share of the nodes, 0 … 1. */
  readonly nodes: number;
}

/** Nodes with their pods come. */
export interface AddNodesAction extends Recurrence {
  readonly action: 'addNodes';
  readonly nodes: number;
}

/** Nodes are switched off. */
export interface RemoveNodesAction extends Recurrence {
  readonly action: 'removeNodes';
  readonly nodes: number;
  /** Their pods leave with them, or come back on other nodes. */
  readonly pods: 'leave' | 'comeBack';
}

/** Nodes are emptied (`kubectl drain`), and take pods again later. */
export interface DrainAction extends Recurrence {
  readonly action: 'drain';
  readonly nodes: Amount;
  /** Nodes per second, one after another; null: all at the same instant. */
  readonly ratePerS: number | null;
  /** A PodDisruptionBudget of every deployment: the share of its replicas that may be missing, 0 … 1. */
  readonly maxUnavailable: number;
  /** From the beginning of its drain, a node takes no pods for so long, µs. */
  readonly cordonedUs: number;
}

/** Pods are deleted and replaced. */
export interface ChurnAction extends Recurrence {
  readonly action: 'churnPods';
  readonly pods: number;
}

/** A new encryption key: every server learns it as documented, then every Secret is rewritten. */
export interface RotateEncryptionKeyAction extends Recurrence {
  readonly action: 'rotateEncryptionKey';
  /** Of `kubectl replace`. */
  readonly ratePerS: number;
  /** False: only the rewriting. */
  readonly restarts: boolean;
  /** Servers read a new configuration as they run; absent: they restart. */
  readonly reload?: true;
  /** The key is used at once, without a first round in which servers learn it; absent: there is one. */
  readonly skipsFirstRound?: true;
  /** A controller rewrites, one object after another; absent: `kubectl replace` does, at `ratePerS`. */
  readonly rewrite?: 'storageVersionMigration';
}

/** The store outside of the cluster does not answer for a while. */
export interface SourceOutageAction extends Recurrence {
  readonly action: 'sourceOutage';
  readonly lastsUs: number;
}

/** Operators restart: what they had in hand is begun anew. */
export interface RestartOperatorAction extends Recurrence {
  readonly action: 'restartOperator';
  readonly operators: readonly Restartable[];
  readonly downtimeUs: number;
}

/** True for changes of objects under their own name. */
export function isObjectAction(entry: TimelineAction): entry is ObjectAction {
  return OBJECT_ACTIONS.some((action) => action === entry.action);
}

export type TimelineAction =
  | ObjectAction
  | PodAction
  | ReplaceAction
  | RolloutAction
  | RestartApiServerAction
  | RestartKubeletAction
  | ScaleAction
  | AddNodesAction
  | RemoveNodesAction
  | DrainAction
  | ChurnAction
  | RotateEncryptionKeyAction
  | SourceOutageAction
  | RestartOperatorAction;

/** Objects by their name or a pattern; a kind where only those of it are meant. */
export interface NamedTarget {
  readonly target: string;
  readonly kind: ObjectKind | null;
}

/** The objects that an action names, to change them or to find who uses them; null: it names none. */
export function namedTarget(entry: TimelineAction): NamedTarget | null {
  if ('target' in entry) return entry;
  if ('consumersOf' in entry && entry.consumersOf !== null) return { target: entry.consumersOf, kind: entry.kind };
  return null;
}
