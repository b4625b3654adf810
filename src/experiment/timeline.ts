import type { Recurrence, TimelineAction } from '../cluster/model-input.js';
import { durationUs, formatDuration } from './durations.js';
import type { Problem } from './problems.js';
import { ratePerS } from './rates.js';
import type { ExperimentSpec, TimelineEntry } from './schema.js';
import { OBJECT_ACTIONS, type TargetCheck } from './targets.js';

const ACTIONS = [...OBJECT_ACTIONS, 'annotatePods'] as const;

/** A repeated entry happens at most this often: more is a slip of the unit. */
const OCCURRENCES_MAX = 1_000_000;

/** What is wrong with the timeline, given the targets that the cluster has (null: not known). */
export function timelineProblems(spec: ExperimentSpec, checkTarget: TargetCheck | null): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of spec.timeline.entries()) {
    const refuse = (message: string, field?: string): void => {
      const steps = ['spec', 'timeline', index];
      problems.push({ steps: field === undefined ? steps : [...steps, field], message });
    };
    if (entry.id !== undefined) {
      if (/^\d+$/.test(entry.id)) refuse(`the id ${entry.id} could be taken for an index: give it a letter`, 'id');
      if (seen.has(entry.id)) refuse(`the id ${entry.id} is given twice`, 'id');
      seen.add(entry.id);
    }
    checkAction(entry, checkTarget, refuse);
    checkTimes(entry, durationUs(spec.duration), refuse);
  }
  return problems;
}

type Refuse = (message: string, field?: string) => void;

function checkAction(entry: TimelineEntry, checkTarget: TargetCheck | null, refuse: Refuse): void {
  const given = ACTIONS.filter((action) => entry[action] !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'no action' : `${given.length} actions (${given.join(', ')})`;
    refuse(`an entry has exactly one action, this has ${what} (allowed: ${ACTIONS.join(', ')})`);
    return;
  }
  const action = given[0];
  if (action === 'annotatePods') {
    for (const field of ['rate', 'order', 'kind'] as const) {
      if (entry[field] !== undefined) refuse('belongs to actions on objects, not to annotatePods', field);
    }
    return;
  }
  const target = entry[action];
  if (target === undefined || checkTarget === null) return;
  const reason = checkTarget({ action, target, kind: entry.kind });
  if (reason !== undefined) refuse(reason, action);
}

function checkTimes(entry: TimelineEntry, durationUsMax: number, refuse: Refuse): void {
  const { at, every, from, until } = entry;
  if ((at === undefined) === (every === undefined)) {
    refuse(`an entry has either at or every, this has ${at === undefined ? 'neither' : 'both'}`);
    return;
  }
  const end = formatDuration(durationUsMax);
  for (const field of ['at', 'from'] as const) {
    const time = entry[field];
    if (time !== undefined && durationUs(time) >= durationUsMax) {
      refuse(`${time} is not before the end of the measured period (spec.duration ${end})`, field);
    }
  }
  if (until !== undefined && durationUs(until) > durationUsMax) {
    refuse(`${until} is after the end of the measured period (spec.duration ${end})`, 'until');
  }
  if (every === undefined) {
    for (const field of ['from', 'until', 'jitter'] as const) {
      if (entry[field] !== undefined) refuse('belongs to every, not to at', field);
    }
    return;
  }
  const { firstUs, everyUs, untilUs, jitterUs } = recurrence(entry, durationUsMax);
  if (untilUs < firstUs)
    refuse(`${until ?? end} is before from ${from ?? '0s'}`, until === undefined ? 'from' : 'until');
  if (jitterUs > durationUs(every))
    refuse(`must not be longer than every ${every}, or the order would change`, 'jitter');
  const times = Math.floor((untilUs - firstUs) / (everyUs ?? 1)) + 1;
  if (times > OCCURRENCES_MAX) refuse(`would happen ${times} times; at most ${OCCURRENCES_MAX} are allowed`, 'every');
}

function recurrence(entry: TimelineEntry, durationUsMax: number): Recurrence {
  const { at, every, from, until, jitter } = entry;
  return {
    firstUs: durationUs(at ?? from ?? '0s'),
    everyUs: every === undefined ? null : durationUs(every),
    untilUs: until === undefined ? durationUsMax : durationUs(until),
    jitterUs: jitter === undefined ? 0 : durationUs(jitter),
  };
}

/** The timeline of the model. The spec has to be free of problems. */
export function compileTimeline(spec: ExperimentSpec): TimelineAction[] {
  const durationUsMax = durationUs(spec.duration);
  return spec.timeline.map((entry): TimelineAction => {
    const when = recurrence(entry, durationUsMax);
    for (const action of OBJECT_ACTIONS) {
      const target = entry[action];
      if (target === undefined) continue;
      const rate = entry.rate === undefined ? null : ratePerS(entry.rate);
      return { ...when, action, target, kind: entry.kind ?? null, ratePerS: rate, order: entry.order ?? 'given' };
    }
    return { ...when, action: 'annotatePods', fraction: entry.annotatePods?.fraction ?? 1 };
  });
}
