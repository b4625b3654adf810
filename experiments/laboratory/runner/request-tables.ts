import type { AuditedRequest } from './audit-log.js';
import type { EventFact, Facts } from './facts.js';
import { at, groupOf, isKubelet, isStop, nodeOf, type Rows } from './tables.js';

/** Resources whose objects a kubelet puts into pods. */
const MOUNTED = ['secrets', 'configmaps', 'serviceaccounts/token'];

/** `requests.csv` (Secrets) and `other-requests.csv` (ConfigMaps, tokens): requests of kubelets that were received by an end. */
export function requestRows(requests: readonly AuditedRequest[], origin: number, end: number, secrets: boolean): Rows {
  const chosen = requests.filter(
    (each) =>
      each.stage === 'ResponseComplete' &&
      isKubelet(each) &&
      each.receivedAt <= end &&
      MOUNTED.includes(each.resource) &&
      (each.resource === 'secrets') === secrets,
  );
  return [
    [
      ...['received_at_s', 'duration_s', 'group', 'node', 'verb', 'object', 'resource_version', 'timeout_s', 'status'],
      ...['resource', 'initial_events'],
    ],
    ...byTime(chosen).map((each) => [
      ...[at(each.receivedAt - origin), at(each.stageAt - each.receivedAt), ...whose(each), each.verb, each.object],
      ...[each.resourceVersion, each.timeoutS, each.status, each.resource, each.initialEvents ? 'true' : ''],
    ]),
  ];
}

/** `open-watches.csv`: watches that were received before the end of the rounds and had not ended when the log does, or the server. */
export function openWatchRows(requests: readonly AuditedRequest[], origin: number, end: number): Rows {
  const ended = new Set(requests.filter(({ stage }) => stage !== 'ResponseStarted').map(({ id }) => id));
  const open = requests.filter(
    (each) => !ended.has(each.id) && isKubelet(each) && each.receivedAt <= end && MOUNTED.includes(each.resource),
  );
  return [
    ['received_at_s', 'group', 'node', 'object', 'resource_version', 'timeout_s', 'resource', 'initial_events'],
    ...byTime(open).map((each) => [
      ...[at(each.receivedAt - origin), ...whose(each), each.object, each.resourceVersion, each.timeoutS],
      ...[each.resource, each.initialEvents ? 'true' : ''],
    ]),
  ];
}

/** `request-counts.csv`: all requests of all users that ended by an end. */
export function countRows(requests: readonly AuditedRequest[], end: number): Rows {
  const counts = new Map<string, number>();
  for (const each of requests) {
    if (each.stage === 'ResponseStarted' || each.receivedAt > end) continue;
    const who = isKubelet(each) ? groupOf(nodeOf(each.user)) : each.user;
    const key = JSON.stringify([who, each.verb, each.resource, each.resourceVersion, each.status]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [
    ['group_or_user', 'verb', 'resource', 'resource_version', 'status', 'count'],
    ...[...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => [...(JSON.parse(key) as string[]), count]),
  ];
}

/** `restart-events.csv`, on a clock of its own: zero is the first stop of the server. */
export function restartEventRows(events: readonly EventFact[]): Rows {
  const first = events.findIndex(isStop);
  const header = ['at_s', 'event'];
  if (first < 0) return [header];
  const origin = events[first].at;
  const told = events
    .slice(first)
    // A process that is killed ends with the signal.
    .filter(({ event }, i, all) => ['kill9', 'sigterm', 'exited', 'start', 'ready'].includes(event) && !killed(all, i))
    .map(({ at: time, event }) => [at(time - origin), event]);
  const end = endOfRestarts(events);
  return [header, ...told, ...(end < Infinity ? [[at(end - origin), 'end']] : [])];
}

const killed = (events: readonly EventFact[], i: number): boolean =>
  events[i].event === 'exited' && events[i - 1]?.event === 'kill9';

/** What follows the restarts ends what their log shows of them; a laboratory that was cut off may have nothing there. */
function endOfRestarts(events: readonly EventFact[]): number {
  const last = events.findLastIndex(({ event }) => event === 'ready');
  return events[last + 1]?.at ?? Infinity;
}

/** `restart-dials.csv`: attempts of kubelets to set up a connection, from the first stop of the server on. */
export function restartDialRows({ events, dials }: Pick<Facts, 'events' | 'dials'>): Rows {
  const header = ['at_s', 'group', 'node', 'class'];
  const first = events.find(isStop);
  if (first === undefined) return [header];
  const end = endOfRestarts(events);
  return [
    header,
    ...dials
      .filter((dial) => dial.at >= first.at && dial.at < end)
      .map(({ at: time, node, class: failed }) => [at(time - first.at), groupOf(node), node, failed]),
  ];
}

/** `restart-requests.csv`: requests of kubelets for Secrets that the restarted servers received. */
export function restartRequestRows(requests: readonly AuditedRequest[], events: readonly EventFact[]): Rows {
  const header = ['received_at_s', 'duration_s', 'restart', 'group', 'node', 'verb', 'object', 'resource_version'];
  const first = events.find(isStop);
  if (first === undefined) return [[...header, 'stage', 'status', 'initial_events']];
  const starts = events.filter(({ event }) => event === 'start').map(({ at: time }) => time);
  const end = endOfRestarts(events);
  const chosen = requests.filter(
    (each) => isKubelet(each) && each.resource === 'secrets' && each.receivedAt >= starts[0] && each.receivedAt < end,
  );
  return [
    [...header, 'stage', 'status', 'initial_events'],
    ...byTime(chosen).map((each) => [
      ...[at(each.receivedAt - first.at), at(each.stageAt - each.receivedAt)],
      ...[starts.filter((time) => time <= each.receivedAt).length, ...whose(each), each.verb, each.object],
      ...[each.resourceVersion, each.stage, each.status, each.initialEvents ? 'true' : ''],
    ]),
  ];
}

const byTime = (requests: readonly AuditedRequest[]): readonly AuditedRequest[] =>
  [...requests].sort((a, b) => a.receivedAt - b.receivedAt);

/** Group and node of a kubelet's request. */
function whose({ user }: AuditedRequest): readonly [group: string, node: string] {
  return [groupOf(nodeOf(user)), nodeOf(user)];
}
