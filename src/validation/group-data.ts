import { deviation, max, mean, quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import { endOfRounds, isImmutable, isShared, ORIGIN_S } from './laboratory.js';
import { measuredRows } from './measured-files.js';
import type { Observation } from './observation.js';

/** What is known of one run of a group, measured or simulated. */
export interface GroupData {
  readonly nodes: number;
  /** Delays from acknowledgement, ascending, s: of the Secret that all pods share, and of those of single pods. */
  readonly shared: readonly number[];
  readonly own: readonly number[];
  readonly cachedGets: number;
  readonly quorumGets: number;
  readonly lists: number;
  readonly forbiddenLists: number;
  /** Lives of watches that began during the rounds and ended before the log's end, ascending, s. */
  readonly watchLives: readonly number[];
  /** Lives of the watches of immutable objects, s. */
  readonly immutableWatchLives: readonly number[];
}

/** A figure of a group that is compared. */
export interface GroupStatistic {
  readonly name: string;
  readonly unit: string;
  /** undefined where the group has none. */
  readonly of: (data: GroupData) => number | undefined;
}

type Numbers = (data: GroupData) => readonly number[];

const delayStatistics = (kind: string, of: Numbers): GroupStatistic[] => [
  { name: `delay_mean_s, ${kind}`, unit: 's', of: (data) => mean(of(data)) },
  ...[0.5, 0.9, 0.99].map((level) => ({
    name: `delay_p${level * 100}_s, ${kind}`,
    unit: 's',
    of: (data: GroupData) => quantileSorted(of(data) as number[], level),
  })),
  { name: `delay_max_s, ${kind}`, unit: 's', of: (data) => max(of(data)) },
];

const perNode = (name: string, of: (data: GroupData) => number): GroupStatistic => ({
  name: `${name} per node`,
  unit: '1',
  of: (data) => of(data) / data.nodes,
});

/** The two kinds of delay, each compared as a whole too. */
export const DELAY_KINDS: readonly (readonly [string, Numbers])[] = [
  ['shared', (data) => data.shared],
  ['own', (data) => data.own],
];

/** All figures that a group is compared by, but for the distances of whole distributions. */
export const GROUP_STATISTICS: readonly GroupStatistic[] = [
  ...DELAY_KINDS.flatMap(([kind, of]) => delayStatistics(kind, of)),
  perNode('GET from the watch cache', (data) => data.cachedGets),
  perNode('GET from etcd', (data) => data.quorumGets),
  perNode('LIST answered', (data) => data.lists),
  perNode('LIST forbidden', (data) => data.forbiddenLists),
  perNode('WATCH ended', (data) => data.watchLives.length),
  { name: 'life of a watch, mean', unit: 's', of: (data) => mean(data.watchLives) },
  { name: 'life of a watch, deviation', unit: 's', of: (data) => deviation(data.watchLives) },
  { name: "life of an immutable object's watch, mean", unit: 's', of: (data) => mean(data.immutableWatchLives) },
  { name: "life of an immutable object's watch, max", unit: 's', of: (data) => max(data.immutableWatchLives) },
];

/** When the audit log of the groups ends: the last watch that it knows the end of. */
export function endOfLog(): number {
  return (
    max(measuredRows('requests'), (row) =>
      row.verb === 'watch' ? Number(row.received_at_s) + Number(row.duration_s) : 0,
    ) ?? NaN
  );
}

const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

/** A group as it was measured. */
export function measuredGroup(group: string): GroupData {
  const delays = measuredRows('projections').filter((row) => row.group === group);
  const requests = measuredRows('requests').filter((row) => row.group === group);
  const count = (verb: string, status: string, version?: string): number =>
    requests.filter(
      (row) =>
        row.verb === verb && row.status === status && (version === undefined || row.resource_version === version),
    ).length;
  const lives = (immutable: boolean): number[] =>
    requests
      .filter((row) => row.verb === 'watch' && isImmutable(row.object) === immutable)
      .map((row) => Number(row.duration_s));
  return {
    nodes: new Set(measuredRows('pods').flatMap((row) => (row.group === group ? [row.node] : []))).size,
    shared: ascending(delays.filter((row) => isShared(row.object)).map((row) => Number(row.delay_s))),
    own: ascending(delays.filter((row) => !isShared(row.object)).map((row) => Number(row.delay_s))),
    cachedGets: count('get', '200', '0'),
    quorumGets: count('get', '200', ''),
    lists: count('list', '200'),
    forbiddenLists: count('list', '403'),
    watchLives: ascending(lives(false)),
    immutableWatchLives: lives(true),
  };
}

/** The same of a simulated run whose clock begins ORIGIN_S before the measurements'. */
export function simulatedGroup(nodes: number, end = { rounds: endOfRounds(), log: endOfLog() }) {
  const rounds = ORIGIN_S + end.rounds;
  const log = ORIGIN_S + end.log;
  return ({ samples, delayFromAcknowledgementS, requests, watches }: Observation): GroupData => {
    const delays = { shared: [] as number[], own: [] as number[] };
    samples?.projectedAtUs.forEach((at, i) => {
      if (at / SECOND_US <= rounds)
        delays[isShared(samples.object[i]) ? 'shared' : 'own'].push(delayFromAcknowledgementS[i]);
    });
    const count = (verb: number, status: number, quorum = 0): number =>
      requests.verb.reduce((sum, each, i) => {
        const counts = each === verb && requests.status[i] === status && requests.quorum[i] === quorum;
        return counts && requests.atS[i] <= rounds ? sum + 1 : sum;
      }, 0);
    const lives = (immutable: boolean): number[] =>
      watches.object.flatMap((object, i) =>
        isImmutable(object) === immutable && watches.fromS[i] <= rounds && watches.toS[i] <= log
          ? [watches.toS[i] - watches.fromS[i]]
          : [],
      );
    return {
      nodes,
      shared: ascending(delays.shared),
      own: ascending(delays.own),
      cachedGets: count(VERB.GET, STATUS.OK),
      quorumGets: count(VERB.GET, STATUS.OK, 1),
      lists: count(VERB.LIST, STATUS.OK),
      forbiddenLists: count(VERB.LIST, STATUS.FORBIDDEN) + count(VERB.GET, STATUS.FORBIDDEN),
      watchLives: ascending(lives(false)),
      immutableWatchLives: lives(true),
    };
  };
}
