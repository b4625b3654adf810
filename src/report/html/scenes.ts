import { scenarioLabel } from '../answer-sentences.js';
import type { ResultData, ResultScenario } from '../read/result-data.js';

/** More lines than this in one picture cannot be told apart. */
const DRAWN_MAX = 6;

/** Width of a picture in CSS pixels where the page is not yet laid out: it is scaled to it. */
export const PICTURE_WIDTH = 880;

/** A scenario that is drawn: the same colour and dashes in every picture. */
export interface Series {
  readonly scenario: ResultScenario;
  readonly label: string;
  /** A CSS colour, of which the style sheet has one for light and one for dark pages. */
  readonly colour: string;
  /** SVG's stroke-dasharray, so that colour is not the only difference. */
  readonly dash: string;
  /** Width of lines in pixels: the first drawn are the widest, and show below others that coincide. */
  readonly width: number;
}

/** What pictures are drawn from: a result that was read back from its files, or one that was computed just now. */
export type DrawnData = Pick<ResultData, 'scenarios' | 'delays' | 'groups' | 'rotation'> & {
  readonly manifest: {
    /** Paths of the factors. */
    readonly factors: readonly string[];
    readonly spec: Readonly<Record<string, unknown>>;
  };
};

/** What all pictures of a report share. */
export interface Scenes<Data extends DrawnData = DrawnData> {
  readonly data: Data;
  readonly series: readonly Series[];
  readonly labelOf: (scenario: ResultScenario) => string;
  /** Says which scenarios are not drawn; null where all are. */
  readonly leftOut: string | null;
  /** Of a picture, in CSS pixels. */
  readonly width: number;
}

const WIDEST = 3.6;
const NARROWER = 0.35;
const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '12 4', '4 2'];

/** Chooses the scenarios that are drawn, and how. */
export function scenesOf<Data extends DrawnData>(data: Data, width = PICTURE_WIDTH): Scenes<Data> {
  const labelOf = (scenario: ResultScenario): string => scenarioLabel({ factorPaths: data.manifest.factors }, scenario);
  const drawn = chosen(data.scenarios, DRAWN_MAX);
  const series = drawn.map((scenario, index): Series => ({
    scenario,
    label: labelOf(scenario),
    colour: `var(--series-${index + 1})`,
    dash: DASHES[index],
    width: WIDEST - index * NARROWER,
  }));
  const leftOut =
    drawn.length === data.scenarios.length
      ? null
      : `${drawn.length} of ${data.scenarios.length} scenarios are drawn, evenly from the best to the worst; all are in the tables.`;
  return { data, series, labelOf, leftOut, width };
}

/** At most `count` scenarios in their order: those with the best and the worst rank, and evenly between. */
export function chosen<T extends ResultScenario>(scenarios: readonly T[], count: number): readonly T[] {
  if (scenarios.length <= count) return scenarios;
  const ranked = scenarios.toSorted((a, b) => rankOf(a) - rankOf(b) || a.index - b.index);
  const kept = new Set(
    Array.from({ length: count }, (_, i) => ranked[Math.round((i * (ranked.length - 1)) / Math.max(1, count - 1))]),
  );
  return scenarios.filter((scenario) => kept.has(scenario));
}

/** What a planner looks at first and that the scenario has: the last pod, the storm, the watches. */
function rankOf({ metrics }: ResultScenario): number {
  const { last_pod_max_s: last, delay_p99_s: late, watch_recovery_max_s: storm, watches_open_mean: open } = metrics;
  return last.mean ?? late.mean ?? storm.mean ?? open.mean ?? 0;
}
