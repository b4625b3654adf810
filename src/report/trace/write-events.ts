import { SECOND_US } from '../../sim/units.js';
import { neverSeen } from '../../cluster/model/never-seen.js';
import type { UpdateRecord } from '../../cluster/model/run-record.js';
import { laneName, lanesOf, type TraceEvent, type TraceEvents } from './trace-events.js';

/** Where a flow starts: the commit of a write. */
export interface FlowOrigin {
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
}

/** The writes of a run as slices from sending to acknowledgement, made when they are asked for. */
export class WriteEvents {
  private readonly lanes = new Map<UpdateRecord, number>();
  private readonly shown = new Set<UpdateRecord>();
  private readonly process;

  constructor(
    trace: TraceEvents,
    private readonly updates: readonly UpdateRecord[],
  ) {
    const ordered = updates.toSorted((a, b) => a.sentAtS - b.sentAtS || a.update - b.update);
    const spans = ordered.map(({ sentAtS, acknowledgedAtS }) => ({ fromUs: us(sentAtS), toUs: us(acknowledgedAtS) }));
    lanesOf(spans).forEach((lane, i) => this.lanes.set(ordered[i], lane));
    this.process = trace.process('writes');
  }

  /** The commit of an update (counted from 1), and the slices of its write, where it is not shown yet. */
  of(number: number): { readonly origin: FlowOrigin; readonly events: readonly TraceEvent[] } {
    const update = this.updates[number - 1];
    const { pid } = this.process;
    const tid = this.process.thread(laneName('client → etcd', this.lanes.get(update) ?? 0));
    const origin = { pid, tid, ts: us(update.committedAtS) };
    return { origin, events: this.shown.has(update) ? [] : writeSlices(update, origin) };
  }

  /** The trace has taken the update's slices. */
  taken(number: number): void {
    this.shown.add(this.updates[number - 1]);
  }

  /** Numbers of the updates that are not shown yet, in order. */
  get rest(): readonly number[] {
    return this.updates.filter((update) => !this.shown.has(update)).map(({ update }) => update);
  }
}

function writeSlices(update: UpdateRecord, { pid, tid, ts: committed }: FlowOrigin): readonly TraceEvent[] {
  const [sent, acknowledged] = [us(update.sentAtS), us(update.acknowledgedAtS)];
  const slice = (name: string, from: number, to: number, args?: TraceEvent['args']): TraceEvent => ({
    ph: 'X',
    name,
    cat: 'write',
    pid,
    tid,
    ts: from,
    dur: to - from,
    ...(args && { args }),
  });
  return [
    slice(`${update.action} ${update.object}, version ${update.version}`, sent, acknowledged, {
      update: update.update,
      kind: update.kind,
      class: update.objectClass,
      due: update.due,
      reached: update.reached,
      never: neverSeen(update),
      gone: update.gone,
      pending: update.pending,
      time_to_100pct_s: update.timeTo100S,
    }),
    slice('request until commit', sent, committed),
    slice('committed, answer to the client', committed, acknowledged),
  ];
}

/** Whole microseconds of seconds that were made by dividing them. */
const us = (seconds: number): number => Math.round(seconds * SECOND_US);
