import {
  DELAY_KINDS,
  type DelayKind,
  type GroupData,
  measuredGroup,
  type RoundsData,
  SEEN_OF_ROUNDS,
  SEEN_OF_START,
  simulatedRounds,
  simulatedStart,
  type StartData,
} from './group-data.js';
import { GROUP_STATISTICS } from './group-statistics.js';
import { holm, kolmogorovSmirnov, LEVEL, type Standing, standing, standingOfDistance } from './agreement.js';
import type { Group, Laboratory } from './laboratory.js';
import { type Alterations, groupInput } from './laboratory-cluster.js';
import { type Case, caseOf } from './replications.js';

/** Difference of distribution functions that the machine's other work is allowed to make: it had a load of 6 on 2 cores. */
const KS_ALLOWANCE = 0.02;

/** Replications of a group: as many as its values are ranked among. */
export const GROUP_REPLICATIONS = 100;

/** A figure of a group, measured and simulated. */
export interface GroupRow extends Standing {
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
  /** Kinds of delays that the group has. */
  private readonly kinds: readonly DelayKind[];
  /** All simulated delays of each kind, ascending. */
  private readonly pooled: readonly Float64Array[];
  private readonly figures: readonly Figures[];

  constructor(readonly runs: readonly GroupData[]) {
    this.kinds = DELAY_KINDS.filter((kind) => runs.every(({ rounds }) => rounds.delays[kind] !== undefined));
    this.pooled = this.kinds.map((kind) =>
      Float64Array.from(runs.flatMap(({ rounds }) => rounds.delays[kind] ?? [])).sort(),
    );
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
      return [{ statistic: name, unit, measured, ...standing(measured, simulated) }];
    });
    const ofDistances = this.kinds.map((kind, i): GroupRow => ({
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
      distances: this.kinds.map((kind, i) => kolmogorovSmirnov(data.rounds.delays[kind] ?? [], this.pooled[i])),
    };
  }

  /** True where the figures of a run are rejected as a family at LEVEL. */
  rejects(data: GroupData, except?: number): boolean {
    return holm(this.compare(data, except).map(({ p }) => p)).some((p) => p < LEVEL);
  }
}

/** A measured group: of which laboratory. */
export interface MeasuredGroup {
  readonly laboratory: Laboratory;
  readonly group: Group;
}

/** Replications of a group, with its own model or a wrong one: a case for each phase, which have latencies of their own. */
export function groupCases(
  { laboratory, group }: MeasuredGroup,
  replications: number,
  changes?: Alterations,
): readonly [Case<StartData>, Case<RoundsData>] {
  return [
    caseOf(groupInput(laboratory, group, 'start', changes), replications, SEEN_OF_START, simulatedStart(laboratory)),
    caseOf(groupInput(laboratory, group, 'rounds', changes), replications, SEEN_OF_ROUNDS, simulatedRounds(laboratory)),
  ];
}

/** The runs of a group, put together of those of its phases. */
export function groupRuns(
  measured: MeasuredGroup,
  starts: readonly StartData[],
  rounds: readonly RoundsData[],
): GroupData[] {
  const { nodes } = dataOf(measured);
  return starts.map((start, run) => ({ nodes, start, rounds: rounds[run] }));
}

/** The data of a measured group. */
export function dataOf({ laboratory, group }: MeasuredGroup): GroupData {
  return measuredGroup(laboratory, group);
}
