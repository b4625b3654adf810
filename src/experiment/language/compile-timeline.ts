import { RESTARTABLE } from '../../cluster/model/operators-input.js';
import {
  OBJECT_ACTIONS,
  type Amount,
  type DeploymentChoice,
  type ObjectAction,
  type Recurrence,
  type RemoveNodesAction,
  type ReplaceAction,
  type TimelineAction,
} from '../../cluster/model/timeline-actions.js';
import { copies, reloadsOf, renewals } from './compile-operators.js';
import { durationUs } from './values/durations.js';
import { shareOf } from './values/percent.js';
import { ratePerS } from './values/rates.js';
import type { ExperimentSpec } from './schema.js';
import { TARGET_ACTIONS } from './targets.js';
import type { TimelineEntry } from './timeline-schema.js';

/** The actions of the timeline: each entry has exactly one. */
export const ACTIONS = [
  ...TARGET_ACTIONS,
  'sourceOutage',
  'restartOperator',
  'annotatePods',
  'rollout',
  'scale',
  'restartApiServer',
  'restartKubelet',
  'addNodes',
  'removeNodes',
  'drain',
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
  const reloads = reloadsOf(spec);
  const given = spec.timeline.map((entry) => ({
    ...recurrence(entry, durationUsMax),
    ...compileAction(entry, reloads),
  }));
  const changes = [...given, ...renewals(spec)];
  return [...changes, ...copies(spec, changes)];
}

/** An action without its times, each alternative of the union for itself. */
type WithoutTimes<Action> = Action extends Recurrence ? Omit<Action, keyof Recurrence> : never;

/** Throws a TypeError for an entry without an action. */
function compileAction(entry: TimelineEntry, reloads: ReturnType<typeof reloadsOf>): WithoutTimes<TimelineAction> {
  const { annotatePods, rollout, scale, restartApiServer, restartKubelet, rotateEncryptionKey } = entry;
  const { drain, removeNodes, sourceOutage, restartOperator } = entry;
  const ofObjects = objectAction(entry, reloads);
  if (ofObjects !== null) return ofObjects;
  if (sourceOutage !== undefined) return { action: 'sourceOutage', lastsUs: durationUs(sourceOutage) };
  if (restartOperator !== undefined) {
    const { operator, downtime } = restartOperator;
    const operators = operator === 'all' ? RESTARTABLE : [operator];
    return { action: 'restartOperator', operators, downtimeUs: durationUs(downtime) };
  }
  if (annotatePods !== undefined) return { action: 'annotatePods', fraction: annotatePods.fraction };
  if (rollout !== undefined) {
    return {
      action: 'rollout',
      ...deploymentChoice(rollout, entry),
      afterUs: durationUs(rollout.after),
      ratePerS: optionalRate(rollout.rate),
      maxUnavailable: shareOf(rollout.maxUnavailable),
      maxSurge: shareOf(rollout.maxSurge),
    };
  }
  if (scale !== undefined) {
    return { action: 'scale', ...deploymentChoice(scale, entry), replicas: amount(scale.replicas) };
  }
  if (restartApiServer !== undefined) {
    const { servers, stagger, downtime, mode } = restartApiServer;
    const [staggerUs, downtimeUs] = [durationUs(stagger), durationUs(downtime)];
    return { action: 'restartApiServer', servers, staggerUs, downtimeUs, mode };
  }
  if (restartKubelet !== undefined) return { action: 'restartKubelet', nodes: shareOf(restartKubelet.nodes) };
  if (entry.addNodes !== undefined) return { action: 'addNodes', nodes: entry.addNodes };
  if (removeNodes !== undefined) return { action: 'removeNodes', ...removal(removeNodes) };
  if (drain !== undefined) {
    return {
      action: 'drain',
      nodes: amount(drain.nodes),
      ratePerS: optionalRate(drain.rate),
      maxUnavailable: shareOf(drain.maxUnavailable),
      cordonedUs: durationUs(drain.cordoned),
    };
  }
  if (entry.churnPods !== undefined) return { action: 'churnPods', pods: entry.churnPods };
  if (rotateEncryptionKey !== undefined) {
    const { rate, restarts, mode, firstRound, rewrite } = rotateEncryptionKey;
    return {
      action: 'rotateEncryptionKey',
      ratePerS: ratePerS(rate),
      restarts,
      ...(mode === 'reload' && { reload: true }),
      ...(firstRound === false && { skipsFirstRound: true }),
      ...(rewrite === 'storageVersionMigration' && { rewrite }),
    };
  }
  throw new TypeError('a timeline entry without an action');
}

/** What an entry does to objects; null where it does something else. `reloads`: what Reloader makes of a change. */
function objectAction(
  entry: TimelineEntry,
  reloads: ReturnType<typeof reloadsOf>,
): WithoutTimes<ObjectAction | ReplaceAction> | null {
  const { replace } = entry;
  for (const action of OBJECT_ACTIONS) {
    const target = entry[action];
    const changes = action === 'update' || action === 'rotateAtSource';
    if (target !== undefined) return { action, target, ...manner(entry), ...(changes && reloads) };
  }
  if (replace === undefined) return null;
  return entry.by === 'inPlace'
    ? { action: 'update', target: replace, ...manner(entry), ...reloads }
    : { action: 'replace', target: replace, by: entry.by ?? 'newName', ...manner(entry) };
}

/** Which objects of a target an action concerns, and how fast. */
function manner({ kind, rate, order }: TimelineEntry) {
  return {
    kind: kind ?? null,
    ratePerS: optionalRate(rate),
    order: order ?? ('given' as const),
  };
}

/** Which deployments an action concerns. */
function deploymentChoice(
  { deployments, consumersOf }: Pick<NonNullable<TimelineEntry['rollout']>, 'deployments' | 'consumersOf'>,
  { kind }: TimelineEntry,
): DeploymentChoice {
  return { deployments: shareOf(deployments), consumersOf: consumersOf ?? null, kind: kind ?? null };
}

/** Nodes that are switched off, and what becomes of their pods. */
export function removal(given: NonNullable<TimelineEntry['removeNodes']>): Pick<RemoveNodesAction, 'nodes' | 'pods'> {
  return typeof given === 'number' ? { nodes: given, pods: 'leave' } : given;
}

/** A number of things, or a percentage of them. */
function amount(given: number | string): Amount {
  return typeof given === 'number' ? { count: given } : { share: shareOf(given) };
}

function optionalRate(rate: string | undefined): number | null {
  return rate === undefined ? null : ratePerS(rate);
}
