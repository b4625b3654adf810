import { OCCURRENCE_ADDRESSES, TIMELINE_ENTRIES_MAX } from '../../cluster/model/random-addresses.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';
import { NODES_MAX } from './cluster-counts.js';
import { durationUs, formatDuration } from './values/durations.js';
import { drainProblem } from './drain-checks.js';
import { shareOf } from './values/percent.js';
import { keyRotationProblems } from './key-rotation-checks.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import { TARGET_ACTIONS, type TargetCheck } from './targets.js';
import { ACTIONS, recurrence, removal, type ActionName } from './compile-timeline.js';
import type { TimelineEntry } from './timeline-schema.js';

/** A repeated entry happens at most this often: more is a slip of the unit. */
const OCCURRENCES_MAX = Math.min(1_000_000, OCCURRENCE_ADDRESSES);

/** What a timeline is held against. */
export interface TimelineCluster {
  readonly checkTarget: TargetCheck;
  /** Nodes at the start. */
  readonly nodes: number;
  /** Pods of the largest deployment at the start. */
  readonly replicas: number;
}

type Refuse = (message: string, ...fields: readonly string[]) => void;

/** What is wrong with the timeline in a cluster (null: not known). */
export function timelineProblems(spec: ExperimentSpec, cluster: TimelineCluster | null): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const refuseAt =
    (index: number): Refuse =>
    (message, ...fields) => {
      problems.push({ steps: ['spec', 'timeline', index, ...fields], message });
    };
  if (spec.timeline.length > TIMELINE_ENTRIES_MAX) {
    const message = `has ${spec.timeline.length} entries; at most ${TIMELINE_ENTRIES_MAX} are allowed: repeat one with every, or give it a rate`;
    return [{ steps: ['spec', 'timeline'], message }];
  }
  for (const [index, entry] of spec.timeline.entries()) {
    const refuse = refuseAt(index);
    if (entry.id !== undefined) {
      if (/^\d+$/.test(entry.id)) refuse('an id of digits could be taken for an index: give it a letter', 'id');
      if (seen.has(entry.id)) refuse('this id is given twice', 'id');
      seen.add(entry.id);
    }
    checkAction(entry, spec.cluster, cluster, refuse);
    checkTimes(entry, durationUs(spec.duration), refuse);
  }
  if (cluster !== null && problems.length === 0) checkNodes(spec, cluster.nodes, refuseAt);
  return problems;
}

/** Actions that may choose deployments by the objects that they use. */
const CONSUMER_ACTIONS = ['rollout', 'scale'] as const;

/** Fields that only some actions have, and those actions. */
const FIELD_OWNERS: Readonly<
  Record<'rate' | 'order' | 'kind' | 'by', { readonly actions: readonly ActionName[]; readonly text: string }>
> = {
  rate: { actions: TARGET_ACTIONS, text: 'actions on objects' },
  order: { actions: TARGET_ACTIONS, text: 'actions on objects' },
  kind: { actions: [...TARGET_ACTIONS, ...CONSUMER_ACTIONS], text: 'actions on objects, and on their consumers' },
  by: { actions: ['replace'], text: 'replace' },
};

function checkAction(
  entry: TimelineEntry,
  { apiServers, kubernetesVersion }: ExperimentSpec['cluster'],
  cluster: TimelineCluster | null,
  refuse: Refuse,
): void {
  const given = ACTIONS.filter((action) => entry[action] !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'no action' : `${given.length} actions (${given.join(', ')})`;
    refuse(`an entry has exactly one action, this has ${what} (allowed: ${ACTIONS.join(', ')})`);
    return;
  }
  const [action] = given;
  for (const [field, { actions, text }] of Object.entries(FIELD_OWNERS)) {
    if (!Object.hasOwn(entry, field) || actions.includes(action)) continue;
    const inside = field === 'rate' && (action === 'rollout' || action === 'drain');
    refuse(`belongs to ${text}, not to ${action}${inside ? `: write ${action}: {rate: …}` : ''}`, field);
  }
  for (const name of TARGET_ACTIONS) {
    const target = entry[name];
    const reason = target === undefined ? undefined : cluster?.checkTarget({ action: name, target, kind: entry.kind });
    if (reason !== undefined) refuse(reason, name);
  }
  for (const name of CONSUMER_ACTIONS) {
    const target = entry[name]?.consumersOf;
    const reason =
      target === undefined ? undefined : cluster?.checkTarget({ action: 'consumersOf', target, kind: entry.kind });
    if (reason !== undefined) refuse(reason, name, 'consumersOf');
  }
  if (entry.rollout !== undefined) checkRollout(entry.rollout, refuse);
  const replicas = entry.scale?.replicas;
  if (typeof replicas === 'number' && cluster !== null && replicas > cluster.replicas) {
    const there = `a deployment has ${cluster.replicas} at the start, at most (spec.cluster)`;
    refuse(`${replicas} replicas, but ${there}: more is not modelled`, 'scale', 'replicas');
  }
  if (entry.rotateEncryptionKey !== undefined) {
    for (const [field, message] of keyRotationProblems(entry.rotateEncryptionKey, { apiServers, kubernetesVersion }))
      refuse(message, 'rotateEncryptionKey', field);
  }
  const servers = entry.restartApiServer?.servers;
  if (typeof servers === 'number' && servers > apiServers) {
    refuse(`${servers} of ${apiServers} API servers (spec.cluster.apiServers)`, 'restartApiServer', 'servers');
  }
}

function checkRollout(rollout: NonNullable<TimelineEntry['rollout']>, refuse: Refuse): void {
  for (const field of ['maxUnavailable', 'maxSurge'] as const) {
    if (rollout[field] !== 1) continue;
    refuse('is a share here, and one pod in a Deployment: write 100% if all are meant', 'rollout', field);
  }
  if (shareOf(rollout.maxUnavailable) === 0 && shareOf(rollout.maxSurge) === 0) {
    refuse('must not be 0 when maxSurge is 0, or no pod could be replaced', 'rollout', 'maxUnavailable');
  }
}

function checkTimes(entry: TimelineEntry, durationUsMax: number, refuse: Refuse): void {
  const { at, every, from, until } = entry;
  if ((at === undefined) === (every === undefined)) {
    refuse(`an entry has either at or every, this has ${at === undefined ? 'neither' : 'both'}`);
    return;
  }
  const end = formatDuration(durationUsMax);
  for (const field of ['at', 'from'] as const) {
    const time = entry[field];
    if (time !== undefined && durationUs(time) >= durationUsMax) {
      refuse(`${time} is not before the end of the measured period (spec.duration ${end})`, field);
    }
  }
  if (until !== undefined && durationUs(until) > durationUsMax) {
    refuse(`${until} is after the end of the measured period (spec.duration ${end})`, 'until');
  }
  if (every === undefined) {
    for (const field of ['from', 'until', 'jitter'] as const) {
      if (entry[field] !== undefined) refuse('belongs to every, not to at', field);
    }
    return;
  }
  const { firstUs, everyUs, untilUs, jitterUs } = recurrence(entry, durationUsMax);
  if (untilUs < firstUs)
    refuse(`${until ?? end} is before from ${from ?? '0s'}`, until === undefined ? 'from' : 'until');
  if (jitterUs > durationUs(every))
    refuse(`must not be longer than every ${every}, or the order would change`, 'jitter');
  const times = Math.floor((untilUs - firstUs) / (everyUs ?? 1)) + 1;
  if (times > OCCURRENCES_MAX) refuse(`would happen ${times} times; at most ${OCCURRENCES_MAX} are allowed`, 'every');
}

/** Nodes may come and go, but one has to stay, and no more than a cluster may have come. */
function checkNodes(spec: ExperimentSpec, nodesAtStart: number, refuseAt: (index: number) => Refuse): void {
  const durationUsMax = durationUs(spec.duration);
  const drained = drainProblem(spec.timeline, nodesAtStart, durationUsMax);
  if (drained !== null) refuseAt(drained.index)(drained.message, 'drain');
  const moves = spec.timeline.flatMap((entry, index) => {
    const { addNodes, removeNodes } = entry;
    const change = addNodes ?? (removeNodes === undefined ? 0 : -removal(removeNodes).nodes);
    const when = recurrence(entry, durationUsMax);
    return change === 0 ? [] : [{ index, change, when, times: occurrenceCount(when, durationUsMax) }];
  });
  const added = moves.reduce((sum, { change, times }) => sum + Math.max(0, change) * times, 0);
  if (nodesAtStart + added > NODES_MAX) {
    const index = moves.findLast(({ change }) => change > 0)?.index ?? 0;
    const total = `${nodesAtStart + added} nodes come to be; at most ${NODES_MAX} are allowed`;
    refuseAt(index)(total, 'addNodes');
    return;
  }
  // Each occurrence moves at least one node, so no more of them than there are nodes need to be looked at.
  const steps = moves.flatMap(({ index, change, when, times }) =>
    Array.from({ length: Math.min(times, nodesAtStart + added) }, (_, i) => ({
      index,
      change,
      at: when.firstUs + i * (when.everyUs ?? 0),
    })),
  );
  let nodes = nodesAtStart;
  for (const { index, change, at } of steps.sort((a, b) => a.at - b.at || a.index - b.index)) {
    if (nodes + change < 1) {
      const there = `${nodes} ${nodes === 1 ? 'node is' : 'nodes are'} there at ${formatDuration(at)}`;
      refuseAt(index)(`${there}, and one has to stay`, 'removeNodes');
      return;
    }
    nodes += change;
  }
}
