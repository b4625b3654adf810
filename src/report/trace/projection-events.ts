import { group } from 'd3-array';
import { SECOND_US } from '../../sim/units.js';
import type { SampleTable } from '../../cluster/model/run-record.js';
import { laneName, lanesOf, type Process, type TraceEvent } from './trace-events.js';
import type { FlowOrigin } from './write-events.js';

/** A row of the samples, and the thread of its node that shows it. */
export interface PlacedProjection {
  readonly row: number;
  readonly tid: number;
}

/** The rows of each node, in the order of the samples. */
export function rowsByNode({ node }: SampleTable): ReadonlyMap<string, readonly number[]> {
  return group(node.keys(), (row) => node[row]);
}

/** Gives a node's projections threads: one per pod, and more where projections of a pod overlap. */
export function placeProjections(
  samples: SampleTable,
  rows: readonly number[],
  process: Process,
): readonly PlacedProjection[] {
  const byPod = group(rows, (row) => samples.pod[row]);
  return [...byPod].flatMap(([pod, own]) => {
    const ordered = own.toSorted((a, b) => samples.writtenAtUs[a] - samples.writtenAtUs[b] || a - b);
    const spans = ordered.map((row) => ({ fromUs: samples.writtenAtUs[row], toUs: samples.projectedAtUs[row] }));
    return lanesOf(spans).map((lane, i) => ({ row: ordered[i], tid: process.thread(laneName(pod, lane)) }));
  });
}

/**
 * A projection: a slice from the commit to the new files, in it its three stages, and the flow from the commit through
 * the delivery and the sync to the new files.
 */
export function projectionEvents(
  samples: SampleTable,
  { row, tid }: PlacedProjection,
  pid: number,
  origin: FlowOrigin,
): readonly TraceEvent[] {
  const [written, projected] = [samples.writtenAtUs[row], samples.projectedAtUs[row]];
  const ready = written + samples.cacheDelayUs[row];
  const synced = ready + samples.syncWaitUs[row];
  const slice = (name: string, from: number, to: number, args?: TraceEvent['args']): TraceEvent => ({
    ph: 'X',
    name,
    cat: 'projection',
    pid,
    tid,
    ts: from,
    dur: to - from,
    ...(args && { args }),
  });
  const flow = (ph: 's' | 't' | 'f', at: FlowOrigin): TraceEvent => ({
    ph,
    name: 'delay',
    cat: 'update',
    id: row + 1,
    ...at,
    ...(ph === 'f' && { bp: 'e' }),
  });
  const name = `${samples.object[row]}, version ${samples.version[row]} (${samples.as[row]})`;
  const args = { update: samples.update[row], pod: samples.pod[row], delay_s: (projected - written) / SECOND_US };
  // Viewers bind a flow to the slice that was begun last at its time.
  return [
    flow('s', origin),
    slice(name, written, projected, args),
    slice('cache delay', written, ready),
    slice('sync wait', ready, synced),
    flow('t', { pid, tid, ts: ready }),
    slice('refresh', synced, projected),
    flow('f', { pid, tid, ts: synced }),
  ];
}
