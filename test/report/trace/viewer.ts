import type { TraceEvent } from '../../../src/report/trace/trace-events.js';

/** What a viewer makes of a trace. */
export interface Seen {
  /** Slices of each flow, by id, in the order of its events. */
  readonly flows: ReadonlyMap<number, readonly TraceEvent[]>;
  /** The slice in which each slice stands. */
  readonly parents: ReadonlyMap<TraceEvent, TraceEvent>;
}

/**
 * Reads a trace by the rules of Perfetto (`flow_tracker.cc`, `slice_tracker.cc`): events in the order of their times and
 * else of the file; a slice that starts where another ends follows it; a flow belongs to the slice that was begun last.
 * @throws Error where slices of a thread overlap without nesting, or a flow has no slice
 */
export function view(events: readonly TraceEvent[]): Seen {
  const stacks = new Map<number, TraceEvent[]>();
  const flows = new Map<number, TraceEvent[]>();
  const parents = new Map<TraceEvent, TraceEvent>();
  const timed = events.filter(({ ph }) => ph !== 'M').toSorted((a, b) => Number(a.ts) - Number(b.ts));
  for (const event of timed) {
    const { tid, ts = NaN, dur = 0 } = event;
    if (tid === undefined) continue;
    const stack = stacks.get(tid) ?? [];
    stacks.set(tid, stack);
    if (event.ph === 'X') {
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const end = Number(top.ts) + Number(top.dur);
        const instants = top.dur === 0 && dur === 0;
        if (end > ts || (end === ts && instants)) {
          if (ts + dur > end) throw new Error(`${event.name} at ${ts} ends after ${top.name}, in which it begins`);
          parents.set(event, top);
          break;
        }
        stack.pop();
      }
      stack.push(event);
    } else if (event.ph === 's' || event.ph === 't' || event.ph === 'f') {
      const top = stack.at(-1);
      if (top === undefined) throw new Error(`the flow ${event.id} has no slice at ${ts}`);
      const id = Number(event.id);
      flows.set(id, [...(flows.get(id) ?? []), top]);
    }
  }
  return { flows, parents };
}
