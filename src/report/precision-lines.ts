import { max } from 'd3-array';
import type { Experiment } from '../experiment/language/experiment.js';
import type { Precision, PrecisionVerdict } from '../experiment/language/precision.js';
import type { RunOutcome } from '../experiment/execution/runner.js';

/** How a scenario's replications came to an end, for programs. */
export function precisionFields(verdict: PrecisionVerdict) {
  return {
    replications: verdict.replications,
    needed: verdict.needed,
    relative_half_width: verdict.relativeHalfWidth,
    stopped_by: verdict.stoppedBy,
  };
}

/** Whether the precision was reached and after how many replications, for people; none where none was asked for. */
export function precisionLines({ precision, scenarios }: Experiment, outcome: RunOutcome): readonly string[] {
  if (precision === null || outcome.precision === null) return [];
  const verdicts = outcome.precision.map((verdict, index) => ({ ...verdict, scenario: scenarios[index].name }));
  const wanted = `${percent(precision.relative)} of ${precision.subject}`;
  const by = (reason: PrecisionVerdict['stoppedBy']): typeof verdicts =>
    verdicts.filter(({ stoppedBy }) => stoppedBy === reason);
  const [reached, missed, empty] = [by('precision'), by('max'), by('no value')];
  const lines: string[] = [];
  if (reached.length > 0) {
    lines.push(
      `Precision ${wanted} reached in ${reached.length} of ${verdicts.length} scenarios, with ${counts(reached)} replications.`,
    );
  }
  if (missed.length > 0) lines.push(missedLine(wanted, precision, missed));
  if (empty.length > 0) {
    lines.push(`No value of ${precision.subject} in the first ${precision.min} replications: ${namesOf(empty)}.`);
  }
  return lines;
}

function missedLine(
  wanted: string,
  { max: limit }: Precision,
  missed: readonly (PrecisionVerdict & { readonly scenario: string })[],
): string {
  const widest = max(missed, ({ relativeHalfWidth }) => relativeHalfWidth);
  const width = widest === undefined ? '' : `; the widest interval is ± ${percent(widest)}`;
  return `Precision ${wanted} not reached with ${limit} replications (precision.max): ${namesOf(missed)}${width}.`;
}

function counts(verdicts: readonly PrecisionVerdict[]): string {
  const needed = verdicts.flatMap((verdict) => verdict.needed ?? []);
  const [least, most] = [Math.min(...needed), Math.max(...needed)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** The first few of the scenarios, and how many more there are. */
function namesOf(verdicts: readonly { readonly scenario: string }[]): string {
  const names = verdicts.map(({ scenario }) => scenario);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
