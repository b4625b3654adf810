import {
  DELAY_KINDS,
  endOfLog,
  GROUP_STATISTICS,
  type GroupData,
  measuredGroup,
  simulatedGroup,
} from './group-data.js';
import { holm, kolmogorovSmirnov, LEVEL, type Standing, standing, standingOfDistance } from './agreement.js';
import { type Alterations, type Group, groupInput } from './laboratory.js';
import type { Case } from './replications.js';

/** Difference of distribution functions that the machine's other work is allowed to make: it had a load of 6 on 2 cores. */
const KS_ALLOWANCE = 0.02;

/** Replications of a group: as many as its values are ranked among. */
export const GROUP_REPLICATIONS = 200;

/** A figure of a group, measured and simulated. */
export interface GroupRow extends Standing {
  readonly group: string;
  readonly statistic: string;
  readonly unit: string;
  readonly measured: number;
}

/** The figures of one run: a value each, undefined where the group has none; then the distances. */
interface Figures {
  readonly values: readonly (number | undefined)[];
  readonly distances: readonly number[];
}

/** Replications of a group, and what they are ranked with. */
export class ReferenceRuns {
  /** All simulated delays of each kind, ascending. */
  private readonly pooled: readonly Float64Array[];
  private readonly figures: readonly Figures[];

  constructor(
    private readonly group: string,
    readonly runs: readonly GroupData[],
  ) {
    this.pooled = DELAY_KINDS.map(([, of]) => Float64Array.from(runs.flatMap((run) => of(run))).sort());
    this.figures = runs.map((run) => this.figuresOf(run));
  }

  /**
   * Every figure of a run of the group among those of the replications.
   * @param except a replication that is the run itself and so no witness
   */
  compare(data: GroupData, except = -1): GroupRow[] {
    const { values, distances } = this.figuresOf(data);
    const others = this.figures.filter((_, run) => run !== except);
    const rows = GROUP_STATISTICS.flatMap(({ name, unit }, i): GroupRow[] => {
      const measured = values[i];
      const simulated = others.flatMap((figures) => figures.values[i] ?? []);
      if (measured === undefined || simulated.length < others.length) return [];
      if (measured === 0 && simulated.every((value) => value === 0)) return [];
      return [{ group: this.group, statistic: name, unit, measured, ...standing(measured, simulated) }];
    });
    const ofDistances = DELAY_KINDS.map(([kind], i): GroupRow => ({
      group: this.group,
      statistic: `Kolmogorov–Smirnov distance, ${kind}`,
      unit: '1',
      measured: distances[i],
      ...standingOfDistance(
        Math.max(0, distances[i] - KS_ALLOWANCE),
        others.map((figures) => figures.distances[i]),
      ),
    }));
    return [...rows, ...ofDistances];
  }

  private figuresOf(data: GroupData): Figures {
    return {
      values: GROUP_STATISTICS.map(({ of }) => of(data)),
      distances: DELAY_KINDS.map(([, of], i) => kolmogorovSmirnov(of(data), this.pooled[i])),
    };
  }

  /** True where the figures of a run are rejected as a family at LEVEL. */
  rejects(data: GroupData, except?: number): boolean {
    return holm(this.compare(data, except).map(({ p }) => p)).some((p) => p < LEVEL);
  }
}

/** Replications of a group, with its own model or a wrong one. */
export function groupCase(group: Group, replications: number, changes?: Alterations): Case<GroupData> {
  const { nodes } = measuredGroup(group.group);
  return { input: groupInput(group, endOfLog(), changes), replications, read: simulatedGroup(nodes) };
}

/** Why the model is known to miss a figure of a group. */
export function groupExplanation(statistic: string): string {
  return statistic.startsWith("life of an immutable object's watch")
    ? 'a few tens of milliseconds: on the measured machine each step of the kubelet waited for a core'
    : '';
}
