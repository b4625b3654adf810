import type { Experiment } from '../experiment/language/experiment.js';
import { FEW_SCENARIOS, scenarioLabel } from './answer-sentences.js';
import { compactUp, grouped } from './compact-numbers.js';
import { rotationRows, type RotationRow } from './tables/rotation.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** From here on whole seconds are fine enough to plan with. */
const WHOLE_S = 10;

/** For how long to keep an old credential valid: a sentence per scenario; where they are many, where to look. */
export function rotationLines(experiment: Experiment, scenarios: readonly ScenarioSummary[]): readonly string[] {
  const answers = scenarios.flatMap((summary) => {
    const advice = overlapAdvice(summary);
    return advice === null ? [] : [`${scenarioLabel(experiment, summary)}: ${advice}`];
  });
  if (answers.length === 0 || scenarios.length <= FEW_SCENARIOS) return answers;
  return [`How long to keep the old credential valid in each of the ${scenarios.length} scenarios: rotation.csv.`];
}

/** The advice for one scenario; null where no rotation was asked for or seen. */
export function overlapAdvice(summary: ScenarioSummary): string | null {
  const { rotation } = summary.scenario.input;
  if (!rotation) return null;
  const polled = (rotation.pipeline?.refreshIntervalUs ?? 0) > 0;
  return overlapText(rotationRows(summary), { polled, never: (summary.metrics.never_projected.max ?? 0) > 0 });
}

/** What the advice has to know beside the rows of `rotation.csv`. */
export interface OverlapContext {
  /** Whether the pipeline's source is polled, so that time runs from the change there. */
  readonly polled: boolean;
  /** Whether there are pods that never see updates. */
  readonly never: boolean;
}

/**
 * The advice from a scenario's rows, through its pipeline where it has one: its bound, or else the rarest quantile that
 * the rotations are enough for. null where there are no rows.
 */
export function overlapText(rows: readonly RotationRow[], context: OverlapContext): string | null {
  const rarest = rows.at(-1);
  if (rarest === undefined) return null;
  const told = toldOf(rows);
  const kubelet = rows.find(
    (row) => row.stages !== rarest.stages && row.share_of_rotations === (told ?? rarest).share_of_rotations,
  );
  const { bound_s: bound } = rarest;
  if (bound !== null) {
    const sentences = [
      keepValid(rarest, compactUp(bound), '', (reader) => `no ${reader} is left with the old one`, context),
      kubelet?.bound_s == null ? null : `The kubelets alone need ${compactUp(kubelet.bound_s)} s.`,
      told === undefined
        ? null
        : `${percent(told.share_of_rotations)} of rotations are over after ${up(told.overlap_s)} s${intervalOf(told)}.`,
    ];
    return sentences.filter((sentence) => sentence !== null).join(' ');
  }
  const sentences = [
    told === undefined ? null : keepQuantile(told, context),
    kubelet !== undefined && isTold(kubelet) ? `The kubelets alone need ${up(kubelet.overlap_s)} s.` : null,
    told === rarest ? null : missing(rarest),
  ];
  return sentences.filter((sentence) => sentence !== null).join(' ');
}

/** For how long the advice is to keep the old credential, seconds; null where there is none. */
export function overlapSeconds(rows: readonly RotationRow[]): number | null {
  return rows.at(-1)?.bound_s ?? toldOf(rows)?.overlap_s ?? null;
}

/** The rarest quantile, through as many stages as there are, that the rotations are enough for. */
function toldOf(rows: readonly RotationRow[]): Told | undefined {
  return rows.findLast((row): row is Told => row.stages === rows.at(-1)?.stages && isTold(row));
}

type Told = RotationRow & { readonly overlap_s: number; readonly ci95_low_s: number; readonly ci95_high_s: number };

function isTold(row: RotationRow): row is Told {
  return row.overlap_s !== null && row.ci95_low_s !== null && row.ci95_high_s !== null;
}

/** `then`: what is so after that time, of a reader. */
function keepValid(
  { stages }: RotationRow,
  seconds: string,
  interval: string,
  then: (reader: string) => string,
  { polled, never }: OverlapContext,
): string {
  const from = stages === 'pipeline' && polled ? ' from its change at the source' : '';
  const but = never ? ', but for those that never see updates' : '';
  const reader = stages === 'pipeline' ? 'application' : 'pod';
  return `keep the old credential valid for ${seconds} s${from}${interval}: then ${then(reader)}${but}.`;
}

function keepQuantile(row: Told, context: OverlapContext): string {
  const share = percent(row.share_of_rotations);
  const then = (reader: string): string => `${share} of rotations leave no ${reader} with the old one`;
  return keepValid(row, up(row.overlap_s), intervalOf(row), then, context);
}

function intervalOf({ ci95_low_s, ci95_high_s }: Told): string {
  return ` (95 % interval ${down(ci95_low_s)} to ${up(ci95_high_s)} s)`;
}

function missing({ share_of_rotations, rotations, unfinished, replications_needed }: RotationRow): string {
  const count = `${grouped(rotations)} ${rotations === 1 ? 'rotation' : 'rotations'}`;
  const what = `How long ${percent(share_of_rotations)} take cannot be told from ${count}`;
  if (unfinished > 0) return `${what}: ${grouped(unfinished)} were not over when their runs ended.`;
  if (replications_needed === null) return `${what}.`;
  return `${what}: that needs about ${grouped(replications_needed)} replications like these.`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** Rounded to the safe side. */
function up(seconds: number): string {
  return seconds < WHOLE_S ? String(Math.ceil(seconds * 100) / 100) : grouped(Math.ceil(seconds));
}

function down(seconds: number): string {
  return seconds < WHOLE_S ? String(Math.floor(seconds * 100) / 100) : grouped(Math.floor(seconds));
}
