/** What `groups.csv` puts pods together by. */
export const GROUPINGS = ['namespace', 'owner_kind', 'owner', 'node_pool'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The quantile levels of `groups.csv`. */
export const GROUP_QUANTILES = [0.5, 0.95, 0.99, 1] as const;

/** The delays of a group of pods in one run, over all updates. */
export interface GroupDelays {
  readonly grouping: Grouping;
  /** `payments`, `Deployment`, `Deployment payments/web`, or the name of a node pool. */
  readonly group: string;
  /** Consumers, counted at each update, that got it, and that were due and did not by the end of the run. */
  readonly reached: number;
  readonly unreached: number;
  /** Delay at each of GROUP_QUANTILES, seconds; empty where nobody was reached. */
  readonly quantilesS: readonly number[];
}
