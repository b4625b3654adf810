import { LIFECYCLE_ACTIONS, lifecycleActionOf, type LifecycleAction } from './lifecycle-plan.js';
import type { TimelineAction } from '../model/timeline-actions.js';
import { occurrenceCount } from '../model/occurrences.js';

/** One occurrence of a timeline entry that concerns pods or nodes, as it is known before the run. */
export interface Change {
  readonly action: LifecycleAction;
  /** Index into the timeline. */
  readonly entry: number;
  readonly occurrence: number;
  /** When it happens at the earliest, µs from the start of the measured period: its time without jitter. */
  readonly earliestUs: number;
  /** When it has happened at the latest. */
  readonly latestUs: number;
}

/** The changes of a timeline in the order of their times without jitter; at one instant, in the order of the entries. */
export function changesOfTimeline(timeline: readonly TimelineAction[], durationUs: number): Change[] {
  const changes = timeline.flatMap((entry, index) => {
    const action = lifecycleActionOf(entry);
    if (action === null) return [];
    return Array.from({ length: occurrenceCount(entry, durationUs) }, (_, occurrence): Change => {
      const earliestUs = entry.firstUs + occurrence * (entry.everyUs ?? 0);
      return { action, entry: index, occurrence, earliestUs, latestUs: earliestUs + entry.jitterUs };
    });
  });
  return changes.sort((a, b) => a.earliestUs - b.earliestUs || a.entry - b.entry);
}

/** Numeric code of an action. */
export function lifecycleActionCode(action: LifecycleAction): number {
  return LIFECYCLE_ACTIONS.indexOf(action);
}
