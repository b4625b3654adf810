import { deviation, max, mean, quantileSorted } from 'd3-array';
import { DELAY_KINDS, type DelayKind, type GroupData } from './group-data.js';

/** A figure of a group that is compared. */
export interface GroupStatistic {
  readonly name: string;
  readonly unit: string;
  /** undefined where the group has none. */
  readonly of: (data: GroupData) => number | undefined;
}

const delayStatistics = (kind: DelayKind): GroupStatistic[] => [
  { name: `delay_mean_s, ${kind}`, unit: 's', of: ({ rounds: { delays } }) => mean(delays[kind] ?? []) },
  ...[0.5, 0.9, 0.99].map((level) => ({
    name: `delay_p${level * 100}_s, ${kind}`,
    unit: 's',
    of: ({ rounds: { delays } }: GroupData) => quantileSorted([...(delays[kind] ?? [])], level),
  })),
  { name: `delay_max_s, ${kind}`, unit: 's', of: ({ rounds: { delays } }) => max(delays[kind] ?? []) },
];

const perNode = (name: string, of: (data: GroupData) => number): GroupStatistic => ({
  name: `${name} per node`,
  unit: '1',
  of: (data) => of(data) / data.nodes,
});

/** All figures that a group is compared by, but for the distances of whole distributions. */
export const GROUP_STATISTICS: readonly GroupStatistic[] = [
  ...DELAY_KINDS.flatMap(delayStatistics),
  perNode('GET from the watch cache', ({ rounds }) => rounds.cachedGets),
  perNode('GET from etcd', ({ start, rounds }) => start.quorumGets + rounds.quorumGets),
  perNode('GET forbidden', ({ start }) => start.forbiddenGets),
  perNode('LIST answered', ({ start }) => start.lists),
  perNode('LIST forbidden', ({ start }) => start.forbiddenLists),
  perNode('WATCH forbidden', ({ start }) => start.forbiddenWatches),
  perNode('WATCH of an immutable object', ({ start }) => start.immutableWatchLives.length),
  {
    name: "life of an immutable object's watch, mean",
    unit: 's',
    of: ({ start }) => mean(start.immutableWatchLives),
  },
  { name: "life of an immutable object's watch, max", unit: 's', of: ({ start }) => max(start.immutableWatchLives) },
  perNode('WATCH ended', ({ rounds }) => rounds.watchLives.length),
  { name: 'life of a watch, mean', unit: 's', of: ({ rounds }) => mean(rounds.watchLives) },
  { name: 'life of a watch, deviation', unit: 's', of: ({ rounds }) => deviation(rounds.watchLives) },
  {
    name: 'WATCH open at the end per node',
    unit: '1',
    of: ({ nodes, rounds: { watchesOpen } }) => (watchesOpen === undefined ? undefined : watchesOpen / nodes),
  },
  { name: 'pods that started with an older version', unit: 'pods', of: ({ rounds }) => rounds.startedStale },
];
