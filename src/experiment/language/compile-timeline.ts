import type { Recurrence, TimelineAction } from '../../cluster/model/model-input.js';
import { durationUs } from './values/durations.js';
import { shareOf } from './values/percent.js';
import { ratePerS } from './values/rates.js';
import type { ExperimentSpec } from './schema.js';
import { OBJECT_ACTIONS, TARGET_ACTIONS } from './targets.js';
import type { TimelineEntry } from './timeline-schema.js';

/** The actions of the timeline: each entry has exactly one. */
export const ACTIONS = [
  ...TARGET_ACTIONS,
  'annotatePods',
  'rollout',
  'restartApiServer',
  'restartKubelet',
  'addNodes',
  'removeNodes',
  'churnPods',
  'rotateEncryptionKey',
] as const;
export type ActionName = (typeof ACTIONS)[number];

/** When an entry happens, in microseconds from the start of the measured period of `durationUsMax`. */
export function recurrence(entry: TimelineEntry, durationUsMax: number): Recurrence {
  const { at, every, from, until, jitter } = entry;
  return {
    firstUs: durationUs(at ?? from ?? '0s'),
    everyUs: every === undefined ? null : durationUs(every),
    untilUs: until === undefined ? durationUsMax : durationUs(until),
    jitterUs: jitter === undefined ? 0 : durationUs(jitter),
  };
}

/** The timeline of the model. The spec has to be free of problems. */
export function compileTimeline(spec: ExperimentSpec): TimelineAction[] {
  const durationUsMax = durationUs(spec.duration);
  return spec.timeline.map((entry) => ({ ...recurrence(entry, durationUsMax), ...compileAction(entry) }));
}

/** An action without its times, each alternative of the union for itself. */
type WithoutTimes<Action> = Action extends Recurrence ? Omit<Action, keyof Recurrence> : never;

/** Throws a TypeError for an entry without an action. */
function compileAction(entry: TimelineEntry): WithoutTimes<TimelineAction> {
  const { replace, annotatePods, rollout, restartApiServer, restartKubelet, rotateEncryptionKey } = entry;
  for (const action of OBJECT_ACTIONS) {
    const target = entry[action];
    if (target !== undefined) return { action, target, ...manner(entry) };
  }
  if (replace !== undefined) return { action: 'replace', target: replace, by: entry.by ?? 'newName', ...manner(entry) };
  if (annotatePods !== undefined) return { action: 'annotatePods', fraction: annotatePods.fraction };
  if (rollout !== undefined) {
    const { deployments, maxUnavailable, maxSurge } = rollout;
    return {
      action: 'rollout',
      deployments: shareOf(deployments),
      maxUnavailable: shareOf(maxUnavailable),
      maxSurge: shareOf(maxSurge),
    };
  }
  if (restartApiServer !== undefined) {
    const { servers, stagger, downtime, mode } = restartApiServer;
    const [staggerUs, downtimeUs] = [durationUs(stagger), durationUs(downtime)];
    return { action: 'restartApiServer', servers, staggerUs, downtimeUs, mode };
  }
  if (restartKubelet !== undefined) return { action: 'restartKubelet', nodes: shareOf(restartKubelet.nodes) };
  for (const action of ['addNodes', 'removeNodes'] as const) {
    const nodes = entry[action];
    if (nodes !== undefined) return { action, nodes };
  }
  if (entry.churnPods !== undefined) return { action: 'churnPods', pods: entry.churnPods };
  if (rotateEncryptionKey !== undefined) {
    const { rate, restarts } = rotateEncryptionKey;
    return { action: 'rotateEncryptionKey', ratePerS: ratePerS(rate), restarts };
  }
  throw new TypeError('a timeline entry without an action');
}

/** Which objects of a target an action concerns, and how fast. */
function manner({ kind, rate, order }: TimelineEntry) {
  return {
    kind: kind ?? null,
    ratePerS: rate === undefined ? null : ratePerS(rate),
    order: order ?? ('given' as const),
  };
}
