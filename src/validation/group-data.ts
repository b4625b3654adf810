import { SECOND_US } from '../sim/units.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import type { Group, Laboratory } from './laboratory.js';
import { isImmutable } from './laboratory-cluster.js';
import { startOfRounds } from './laboratory-latencies.js';
import type { CsvRow } from './measured-folder.js';
import type { Observed } from './observation.js';

/** What delays are told apart by: the object that all pods share, each pod's own, and so for ConfigMaps. */
export const DELAY_KINDS = ['shared', 'own', 'shared ConfigMap', 'own ConfigMap', 'kube-root-ca.crt'] as const;
export type DelayKind = (typeof DELAY_KINDS)[number];

/** What is known of a group while its pods start, until the first update; measured or simulated. */
export interface StartData {
  readonly quorumGets: number;
  readonly forbiddenGets: number;
  readonly lists: number;
  readonly forbiddenLists: number;
  readonly forbiddenWatches: number;
  /** Lives of the watches of immutable objects, from the request on, s. */
  readonly immutableWatchLives: readonly number[];
}

/** What is known of it in the rounds of updates. */
export interface RoundsData {
  /** Delays from acknowledgement, ascending, s; undefined where no pod mounts such an object. */
  readonly delays: Readonly<Partial<Record<DelayKind, readonly number[]>>>;
  readonly cachedGets: number;
  readonly quorumGets: number;
  /** Pods that started with an older version of an object than there was; undefined where that was not looked at. */
  readonly startedStale: number | undefined;
  /** Lives of watches that ended before the log did, ascending, s. */
  readonly watchLives: readonly number[];
  /** Watches that are open when it ends; undefined where that was not looked at. */
  readonly watchesOpen: number | undefined;
}

/** What is known of a group. */
export interface GroupData {
  readonly nodes: number;
  readonly start: StartData;
  readonly rounds: RoundsData;
}

const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

/** The kind of an object, by its name with or without namespace; immutable ones have no delay. */
function kindOf(object: string): DelayKind | undefined {
  const name = object.slice(object.indexOf('/') + 1);
  if (isImmutable(name)) return undefined;
  if (name === 'shared' || name === 'kube-root-ca.crt') return name;
  if (name === 'cm-shared') return 'shared ConfigMap';
  return name.startsWith('cm-') ? 'own ConfigMap' : 'own';
}

/** True for a Secret; names with or without namespace. */
function isSecret(object: string): boolean {
  return isImmutable(object) || kindOf(object) === 'shared' || kindOf(object) === 'own';
}

/** Delays by kind, ascending. */
function delaysByKind(each: readonly { readonly object: string; readonly delayS: number }[]): RoundsData['delays'] {
  const found = new Map<DelayKind, number[]>();
  for (const { object, delayS } of each) {
    const kind = kindOf(object);
    if (kind === undefined) continue;
    const delays = found.get(kind) ?? [];
    found.set(kind, delays);
    delays.push(delayS);
  }
  return Object.fromEntries([...found].map(([kind, delays]) => [kind, ascending(delays)]));
}

/** A request for a Secret, measured or simulated. */
interface SecretRequest {
  readonly verb: 'get' | 'list' | 'watch';
  readonly allowed: boolean;
  readonly quorum: boolean;
  readonly atS: number;
}

/** A watch of a Secret that has ended. */
interface EndedWatch {
  readonly object: string;
  readonly fromS: number;
  readonly lifeS: number;
}

/** What requests before the first update come to. */
function startOf(requests: readonly SecretRequest[], watches: readonly EndedWatch[], until: number): StartData {
  const count = (verb: SecretRequest['verb'], allowed: boolean): number =>
    requests.filter((each) => each.verb === verb && each.allowed === allowed && each.atS < until).length;
  return {
    quorumGets: requests.filter(({ verb, allowed, quorum, atS }) => verb === 'get' && allowed && quorum && atS < until)
      .length,
    forbiddenGets: count('get', false),
    lists: count('list', true),
    forbiddenLists: count('list', false),
    forbiddenWatches: count('watch', false),
    immutableWatchLives: watches.filter(({ object, fromS }) => isImmutable(object) && fromS < until).map(lifeOf),
  };
}

/** What requests come to in the rounds, but for delays and starts. */
function requestsOfRounds(
  requests: readonly SecretRequest[],
  watches: readonly EndedWatch[],
  from: number,
  log: number,
): Pick<RoundsData, 'cachedGets' | 'quorumGets' | 'watchLives'> {
  const gets = (wanted: boolean): number =>
    requests.filter(({ verb, allowed, quorum, atS }) => verb === 'get' && allowed && quorum === wanted && atS >= from)
      .length;
  // Of a watch that was open when the log ended it is not known how long it lived.
  const ended = watches.filter(({ object, fromS, lifeS }) => !isImmutable(object) && fromS + lifeS <= log);
  return { cachedGets: gets(false), quorumGets: gets(true), watchLives: ascending(ended.map(lifeOf)) };
}

const lifeOf = ({ lifeS }: EndedWatch): number => lifeS;

/** A group as it was measured. */
export function measuredGroup(laboratory: Laboratory, { group }: Group): GroupData {
  const { tables, endOfLogS } = laboratory;
  const ofGroup = (row: CsvRow): boolean => row.group === group;
  const delays = tables.rows('projections', { text: ['group', 'object'], numbers: ['delay_s'] }).filter(ofGroup);
  const rows = tables.rows('requests').filter(ofGroup);
  const from = startOfRounds(laboratory);
  const requests = rows.flatMap(({ verb, status, resource_version, received_at_s }): SecretRequest[] => {
    if ((verb !== 'get' && verb !== 'list' && verb !== 'watch') || (status !== '200' && status !== '403')) return [];
    return [{ verb, allowed: status === '200', quorum: resource_version === '', atS: Number(received_at_s) }];
  });
  // A watch that was refused has no life.
  const watches = rows
    .filter(({ verb, status }) => verb === 'watch' && status === '200')
    .map((row) => ({ object: row.object, fromS: Number(row.received_at_s), lifeS: Number(row.duration_s) }));
  return {
    nodes: new Set(tables.rows('pods').flatMap((row) => (ofGroup(row) ? [row.node] : []))).size,
    start: startOf(requests, watches, from),
    rounds: {
      ...requestsOfRounds(requests, watches, from, endOfLogS),
      delays: delaysByKind(delays.map(({ object, delay_s }) => ({ object, delayS: Number(delay_s) }))),
      startedStale: startedStale(tables.optionalRows('starts'), tables.rows('updates'), group),
      watchesOpen: tables.has('open-watches')
        ? tables.optionalRows('open-watches', { text: ['group'] }).filter(ofGroup).length
        : undefined,
    },
  };
}

/** Pods of a group whose files began with an older version of an object than had been acknowledged by then. */
function startedStale(starts: readonly CsvRow[], updates: readonly CsvRow[], group: string): number | undefined {
  if (starts.length === 0) return undefined;
  const versions = new Map<string, CsvRow[]>();
  for (const row of updates) versions.set(row.object, [...(versions.get(row.object) ?? []), row]);
  const stale = starts.filter((row) => {
    const newer = versions.get(row.object)?.filter(({ version }) => Number(version) > Number(row.version)) ?? [];
    return row.group === group && newer.some((update) => Number(update.acknowledged_at_s) < Number(row.projected_at_s));
  });
  return new Set(stale.map(({ pod }) => pod)).size;
}

/** The requests of a simulated run for Secrets, until a time of the simulated clock. */
function simulatedRequests({ requests }: Observed<'requests'>, until: number): SecretRequest[] {
  const { verb, status, quorum, object, atS } = requests;
  return Array.from(atS).flatMap((at, i): SecretRequest[] => {
    const name = VERB_NAMES[verb[i]];
    const known = status[i] === STATUS.OK || status[i] === STATUS.FORBIDDEN;
    if (name === undefined || !known || at > until || !isSecret(object[i])) return [];
    return [{ verb: name, allowed: status[i] === STATUS.OK, quorum: quorum[i] === 1, atS: at }];
  });
}

const VERB_NAMES: Readonly<Record<number, SecretRequest['verb'] | undefined>> = {
  [VERB.GET]: 'get',
  [VERB.LIST]: 'list',
  [VERB.WATCH]: 'watch',
};

function simulatedWatches({ watches }: Observed<'watches'>): EndedWatch[] {
  return watches.object.flatMap((object, i) =>
    isSecret(object) ? [{ object, fromS: watches.askedS[i], lifeS: watches.toS[i] - watches.askedS[i] }] : [],
  );
}

/** What is looked at of a group's start, and of its rounds. */
export const SEEN_OF_START = ['requests', 'watches'] as const;
export const SEEN_OF_ROUNDS = [
  ...SEEN_OF_START,
  'samples',
  'delayFromAcknowledgementS',
  'startedStale',
  'watchesAtEnd',
] as const;

/** Reads off a simulated run what is known of a group's start. */
export function simulatedStart(
  laboratory: Laboratory,
): (observation: Observed<(typeof SEEN_OF_START)[number]>) => StartData {
  const until = laboratory.originS + startOfRounds(laboratory);
  return (observation) => startOf(simulatedRequests(observation, Infinity), simulatedWatches(observation), until);
}

/** Reads off another one what is known of its rounds. */
export function simulatedRounds(
  laboratory: Laboratory,
): (observation: Observed<(typeof SEEN_OF_ROUNDS)[number]>) => RoundsData {
  const { originS, tables } = laboratory;
  const rounds = originS + laboratory.endOfRoundsS;
  const from = originS + startOfRounds(laboratory);
  const looked = { starts: tables.has('starts'), open: tables.has('open-watches') };
  const deletedAt = new Map<string, number>(
    tables
      .rows('pods')
      .flatMap(({ pod, deleted_at_s = '' }) =>
        deleted_at_s === '' ? [] : [[`default/${pod}`, originS + Number(deleted_at_s)] as const],
      ),
  );
  return (observation) => {
    const { startedStale: stale, samples, delayFromAcknowledgementS, watchesAtEnd } = observation;
    const seen = Array.from(samples?.projectedAtUs ?? [], (at, i) => ({
      object: samples?.object[i] ?? '',
      delayS: delayFromAcknowledgementS[i],
      counts: at / SECOND_US <= Math.min(rounds, deletedAt.get(samples?.pod[i] ?? '') ?? Infinity),
    }));
    const requests = simulatedRequests(observation, rounds);
    return {
      ...requestsOfRounds(requests, simulatedWatches(observation), from, originS + laboratory.endOfLogS),
      delays: delaysByKind(seen.filter(({ counts }) => counts)),
      startedStale: looked.starts ? stale : undefined,
      watchesOpen: looked.open ? watchesAtEnd.reduce((sum, open) => sum + open, 0) : undefined,
    };
  };
}
