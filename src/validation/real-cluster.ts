import {
  DELAY_KINDS,
  endOfLog,
  GROUP_STATISTICS,
  type GroupData,
  measuredGroup,
  simulatedGroup,
} from './group-data.js';
import { holm, kolmogorovSmirnov, LEVEL, type Standing, standing, standingOfDistance } from './agreement.js';
import { type Changes, type Group, groupInput } from './laboratory.js';
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

/** Replications of a group, and what they are ranked with. */
export class Reference {
  /** By kind of delay: all simulated delays, ascending, and the distance of each replication from them. */
  private readonly pooled: readonly { readonly all: Float64Array; readonly distances: readonly number[] }[];

  constructor(
    private readonly group: string,
    readonly runs: readonly GroupData[],
  ) {
    this.pooled = DELAY_KINDS.map(([, of]) => {
      const all = Float64Array.from(runs.flatMap((run) => of(run))).sort();
      return { all, distances: runs.map((run) => kolmogorovSmirnov(of(run), all)) };
    });
  }

  /**
   * Every figure of a run of the group among those of the replications.
   * @param except a replication that is the run itself and so no witness
   */
  compare(data: GroupData, except = -1): GroupRow[] {
    const others = this.runs.filter((_, run) => run !== except);
    const figures = GROUP_STATISTICS.flatMap(({ name, unit, of }): GroupRow[] => {
      const measured = of(data);
      const simulated = others.flatMap((run) => of(run) ?? []);
      if (measured === undefined || simulated.length < others.length) return [];
      if (measured === 0 && simulated.every((value) => value === 0)) return [];
      return [{ group: this.group, statistic: name, unit, measured, ...standing(measured, simulated) }];
    });
    const distances = DELAY_KINDS.map(([kind, of], index): GroupRow => {
      const { all, distances } = this.pooled[index];
      const measured = kolmogorovSmirnov(of(data), all);
      const simulated = distances.filter((_, run) => run !== except);
      return {
        group: this.group,
        statistic: `Kolmogorov–Smirnov distance, ${kind}`,
        unit: '1',
        measured,
        ...standingOfDistance(Math.max(0, measured - KS_ALLOWANCE), simulated),
      };
    });
    return [...figures, ...distances];
  }

  /** True where the figures of a run are rejected as a family at LEVEL. */
  rejects(data: GroupData, except?: number): boolean {
    return holm(this.compare(data, except).map(({ p }) => p)).some((p) => p < LEVEL);
  }
}

/** Replications of a group, with its own model or a wrong one. */
export function groupCase(group: Group, replications: number, changes?: Changes): Case<GroupData> {
  const { nodes } = measuredGroup(group.group);
  return { input: groupInput(group, endOfLog(), changes), replications, read: simulatedGroup(nodes) };
}

/** Why the model is known to miss a figure of a group. */
export function groupExplanation(statistic: string): string {
  return statistic.startsWith("life of an immutable object's watch")
    ? 'a few tens of milliseconds: on the measured machine each step of the kubelet waited for a core'
    : '';
}
