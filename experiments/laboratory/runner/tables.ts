import type { AuditedRequest } from './audit-log.js';
import type { EventFact, Facts, ProjectionFact, UpdateFact } from './facts.js';

/** A table of a laboratory: the header, then rows. */
export type Rows = readonly (readonly (string | number)[])[];

/** Seconds with the tenth of a millisecond. */
export const at = (value: number): number => Math.round(value * 1e4) / 1e4;

/** True for what belongs to a kubelet; its node is behind the colons. */
const KUBELET = 'system:node:';
export const nodeOf = (user: string): string => user.slice(KUBELET.length);
export const isKubelet = ({ user }: AuditedRequest): boolean => user.startsWith(KUBELET);

/** The group of a node that is called GROUP-NUMBER. */
export const groupOf = (node: string): string => node.slice(0, node.lastIndexOf('-'));

/** Time zero of all tables: the first request of a kubelet for a Secret. */
export function originOf(requests: readonly AuditedRequest[]): number {
  const times = requests
    .filter((each) => isKubelet(each) && each.resource === 'secrets')
    .map((each) => each.receivedAt);
  return Math.min(...times);
}

/** When the rounds were over: their last end before the first restart. */
export function endOfRounds(events: readonly EventFact[]): number {
  const restart = events.find(isStop)?.at ?? Infinity;
  const ends = events.filter(({ event, at: time }) => event === 'endOfRounds' && time < restart);
  return ends.at(-1)?.at ?? restart;
}

/** True of the signal that begins a restart. */
export const isStop = ({ event }: EventFact): boolean => event === 'kill9' || event === 'sigterm';

/**
 * `pods.csv`. The start is the kubelet's, of which the API server keeps whole seconds, counted from the second of time
 * zero; all else is the client's clock, the creation in whole seconds as experiments/validation has it.
 */
export function podRows({ pods }: Facts, origin: number): Rows {
  const whole = (time: number): string | number => (time === 0 ? '' : Math.floor(time) - Math.floor(origin));
  const exact = (time: number): string | number => (time === 0 ? '' : at(time - origin));
  const sorted = [...pods].sort((a, b) => (a.pod < b.pod ? -1 : 1));
  return [
    ['group', 'node', 'pod', 'created_at_s', 'started_at_s', 'sent_at_s', 'running_at_s', 'deleted_at_s', 'gone_at_s'],
    ...sorted.map((pod) => [
      ...[pod.group, pod.node, pod.pod, Math.floor(pod.acknowledgedAt - origin), whole(pod.startedAt)],
      ...[exact(pod.sentAt), exact(pod.runningAt), exact(pod.deletedAt), exact(pod.goneAt)],
    ]),
  ];
}

/** `updates.csv`, and `rewrites.csv` of a rotation. */
export function updateRows(updates: readonly UpdateFact[], origin: number): Rows {
  const sorted = [...updates].sort((a, b) => a.sentAt - b.sentAt);
  return [
    ['sent_at_s', 'acknowledged_at_s', 'object', 'version', 'kind', 'resource_version', 'error'],
    ...sorted.map((update) => [
      ...[at(update.sentAt - origin), at(update.acknowledgedAt - origin), update.object, update.version],
      ...[update.kind, update.resourceVersion, update.error === undefined ? '' : 'failed'],
    ]),
  ];
}

/** `projections.csv`: each version of an object that a pod mounted at the time, with when its files had it or a later one. */
export function projectionRows({ updates, projections }: Facts, origin: number): Rows {
  const acknowledged = new Map<string, number>();
  for (const update of updates) {
    if (update.error === undefined) acknowledged.set(`${update.object} ${update.version}`, update.acknowledgedAt);
  }
  const shown = new Map<string, number>();
  const rows: (string | number)[][] = [];
  for (const seen of [...projections].sort((a, b) => a.at - b.at)) {
    const volume = `${seen.pod} ${seen.object}`;
    const before = shown.get(volume);
    shown.set(volume, seen.version);
    for (let version = (before ?? seen.version) + 1; version <= seen.version; version++) {
      const written = acknowledged.get(`${seen.object} ${version}`);
      if (written === undefined) continue;
      rows.push([
        ...[seen.group, seen.node, seen.pod, seen.object, version],
        ...[at(written - origin), at(seen.at - origin), at(seen.at - written)],
      ]);
    }
  }
  return [
    ['group', 'node', 'pod', 'object', 'version', 'acknowledged_at_s', 'projected_at_s', 'delay_s'],
    ...rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  ];
}

const keyOf = (row: readonly (string | number)[]): string =>
  [...row.slice(0, 4), String(row[4]).padStart(6, '0')].join(' ');

/** `starts.csv`: which version a pod's files had first. `tokens.csv`: when a pod got a new service account token. */
export function fileRows(projections: readonly ProjectionFact[], origin: number): Rows {
  const sorted = [...projections].sort((a, b) => a.at - b.at);
  return [
    ['group', 'node', 'pod', 'object', 'version', 'projected_at_s'],
    ...sorted.map((seen) => [seen.group, seen.node, seen.pod, seen.object, seen.version, at(seen.at - origin)]),
  ];
}

/** `watches.csv`: what the servers' processes held and had used. */
export function sampleRows({ samples }: Facts, origin: number): Rows {
  return [
    [
      ...['at_s', 'watches', 'secret_watches', 'configmap_watches', 'apiserver_cpu_s', 'etcd_cpu_s'],
      ...['apiserver_resident_mib', 'etcd_resident_mib', 'heap_in_use_mib', 'stacks_mib', 'goroutines'],
    ],
    ...samples.map((sample) => [
      ...[at(sample.at - origin), sample.watches, sample.secretWatches, sample.configMapWatches],
      ...[sample.apiServer.cpuSeconds, sample.etcd.cpuSeconds, mebibytes(sample.apiServer.residentBytes)],
      ...[mebibytes(sample.etcd.residentBytes), mebibytes(sample.heapBytes), mebibytes(sample.stackBytes)],
      sample.goroutines,
    ]),
  ];
}

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

/** `events.csv`: what happened to the whole laboratory. */
export function eventRows({ events }: Facts, origin: number): Rows {
  return [['at_s', 'event'], ...events.map(({ at: time, event }) => [at(time - origin), event])];
}
