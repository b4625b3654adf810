import type {
  ChurnAction,
  DrainAction,
  ScaleAction,
  Recurrence,
  ReplaceAction,
  RolloutAction,
  TimelineAction,
} from '../../src/cluster/model/timeline-actions.js';

const S = 1e6;

const when = (at: number): Recurrence => ({ firstUs: at * S, everyUs: null, untilUs: Infinity, jitterUs: 0 });

/** An action without its times. */
type Action = { [A in TimelineAction as A['action']]: Omit<A, keyof Recurrence> }[TimelineAction['action']];

/** An entry of the timeline that happens once, at a time in seconds. */
export function once(at: number, action: Action): TimelineAction {
  return { ...action, ...when(at) };
}

/** API servers are killed at a time in seconds, all at once, and start again after `downtime` seconds. */
export function crash(at: number, servers: number | 'all' = 'all', downtime = 10): TimelineAction {
  return once(at, {
    action: 'restartApiServer',
    servers,
    staggerUs: 0,
    downtimeUs: downtime * S,
    mode: 'crash',
  });
}

/** API servers are told to end, one after another. */
export function roll(at: number, staggerS: number, servers: number | 'all' = 'all'): TimelineAction {
  return once(at, {
    action: 'restartApiServer',
    servers,
    staggerUs: staggerS * S,
    downtimeUs: 5 * S,
    mode: 'graceful',
  });
}

/** All kubelets restart. */
export function restartKubelets(at: number, share = 1): TimelineAction {
  return once(at, { action: 'restartKubelet', nodes: share });
}

const ALL_AT_ONCE = { consumersOf: null, kind: null, afterUs: 0, ratePerS: null };

/** A rollout of a share of the deployments; `more` in the model's own units. */
export function rollout(at: number, deployments = 1, more: Partial<RolloutAction> = {}): RolloutAction {
  return { ...when(at), action: 'rollout', deployments, ...ALL_AT_ONCE, maxUnavailable: 0.25, maxSurge: 0.25, ...more };
}

/** A replacement by new names. */
export function replace(at: number, target: string, more: Partial<ReplaceAction> = {}): ReplaceAction {
  return {
    ...when(at),
    action: 'replace',
    target,
    kind: null,
    by: 'newName',
    ratePerS: null,
    order: 'given',
    ...more,
  };
}

/** Nodes that join or leave. */
export function nodes(at: number, action: 'addNodes' | 'removeNodes', count: number): TimelineAction {
  return { ...when(at), ...(action === 'addNodes' ? { action } : { action, pods: 'leave' }), nodes: count };
}

/** All deployments get another number of replicas. */
export function scale(at: number, replicas: ScaleAction['replicas'], more: Partial<ScaleAction> = {}): ScaleAction {
  return { ...when(at), action: 'scale', deployments: 1, consumersOf: null, kind: null, replicas, ...more };
}

/** Nodes are drained, without a budget for disruptions. */
export function drain(at: number, count: DrainAction['nodes'], more: Partial<DrainAction> = {}): DrainAction {
  return {
    ...when(at),
    action: 'drain',
    nodes: count,
    ratePerS: null,
    maxUnavailable: 1,
    cordonedUs: 600 * S,
    ...more,
  };
}

/** Pods that are deleted and replaced. */
export function churn(at: number, pods: number, more: Partial<ChurnAction> = {}): ChurnAction {
  return { ...when(at), action: 'churnPods', pods, ...more };
}
