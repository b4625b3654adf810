import type { TimelineAction } from '../../src/cluster/model-input.js';

const S = 1e6;

type When = 'firstUs' | 'everyUs' | 'untilUs' | 'jitterUs';
/** An action without its times. */
type Action = { [A in TimelineAction as A['action']]: Omit<A, When> }[TimelineAction['action']];

/** An entry of the timeline that happens once, at a time in seconds. */
export function once(at: number, action: Action): TimelineAction {
  return { ...action, firstUs: at * S, everyUs: null, untilUs: Infinity, jitterUs: 0 };
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
