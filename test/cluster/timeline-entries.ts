import type {
  ChurnAction,
  NodesAction,
  Recurrence,
  ReplaceAction,
  RolloutAction,
} from '../../src/cluster/model-input.js';

const S = 1e6;

/** Once, at a time in seconds. */
const once = (at: number): Recurrence => ({ firstUs: at * S, everyUs: null, untilUs: Infinity, jitterUs: 0 });

/** A rollout of a share of the deployments; `more` in the model's own units. */
export function rollout(at: number, deployments = 1, more: Partial<RolloutAction> = {}): RolloutAction {
  return { ...once(at), action: 'rollout', deployments, maxUnavailable: 0.25, maxSurge: 0.25, ...more };
}

/** A replacement by new names. */
export function replace(at: number, target: string, more: Partial<ReplaceAction> = {}): ReplaceAction {
  return {
    ...once(at),
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
export function nodes(at: number, action: NodesAction['action'], count: number): NodesAction {
  return { ...once(at), action, nodes: count };
}

/** Pods that are deleted and replaced. */
export function churn(at: number, pods: number, more: Partial<ChurnAction> = {}): ChurnAction {
  return { ...once(at), action: 'churnPods', pods, ...more };
}
