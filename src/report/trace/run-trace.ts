import { max } from 'd3-array';
import type { ModelInput } from '../../cluster/model/model-input.js';
import type { ObservationLog } from '../../cluster/model/observation-log.js';
import type { RunRecord, SampleTable } from '../../cluster/model/run-record.js';
import type { Population } from '../../cluster/population/population.js';
import { grouped } from '../compact-numbers.js';
import { loadEvents, stopEvents } from './load-events.js';
import { chooseNodes, type NodeFilter } from './node-choice.js';
import { placeProjections, projectionEvents, rowsByNode } from './projection-events.js';
import { RequestEvents } from './request-events.js';
import { type Process, type TraceEvent, TraceEvents } from './trace-events.js';
import { WriteEvents } from './write-events.js';

/** Events of a trace: more than this, and viewers get slow. */
export const EVENTS_MAX = 100_000;
/** The part of them that counters take at most. */
const COUNTERS_SHARE = 0.25;

/** A run that was repeated to be traced. */
export interface ObservedRun {
  readonly input: ModelInput;
  readonly population: Population;
  /** With all samples. */
  readonly record: RunRecord;
  readonly log: ObservationLog;
}

/** How much of a run a trace shows. */
export interface TraceBounds {
  readonly nodes: NodeFilter;
  /** Default: EVENTS_MAX. */
  readonly maxEvents?: number;
}

/** A run as a trace. */
export interface RunTrace {
  readonly events: readonly TraceEvent[];
  readonly nodes: number;
  /** What is not shown, a sentence each. */
  readonly leftOut: readonly string[];
}

/** A node of the trace. */
interface TracedNode {
  readonly name: string;
  readonly node: number;
  readonly process: Process;
}

/**
 * Makes the trace of a run: its writes, the load of its servers, and on some nodes each projection with its stages and
 * flow and, where requests were events, the requests and watches.
 */
export function traceOf(run: ObservedRun, { nodes: filter, maxEvents = EVENTS_MAX }: TraceBounds): RunTrace {
  const { record, population, input } = run;
  const samples = record.samples ?? NO_SAMPLES;
  const trace = new TraceEvents(maxEvents);
  const writes = new WriteEvents(trace, record.updates);
  const leftOut = addServers(trace, run, Math.floor(maxEvents * COUNTERS_SHARE));
  const nodeNames = Array.from({ length: population.nodeCount }, (_, node) => population.nodeName(node));
  const numbers = new Map(nodeNames.map((name, node) => [name, node]));
  const nodes = chooseNodes(filter, samples, nodeNames).map((name): TracedNode => ({
    name,
    node: numbers.get(name) ?? -1,
    process: trace.process(name),
  }));
  leftOut.push(
    ...addProjections(trace, writes, samples, nodes, population.nodeCount),
    ...addWrites(trace, writes),
    ...addRequests(trace, run, nodes, Math.max(input.durationUs, max(samples.projectedAtUs) ?? 0)),
  );
  return { events: trace.list, nodes: nodes.length, leftOut };
}

const NO_SAMPLES: SampleTable = {
  update: new Int32Array(0),
  object: [],
  version: new Int32Array(0),
  node: [],
  pod: [],
  owner: [],
  as: [],
  writtenAtUs: new Float64Array(0),
  projectedAtUs: new Float64Array(0),
  cacheDelayUs: new Float64Array(0),
  syncWaitUs: new Float64Array(0),
  refreshUs: new Float64Array(0),
};

function addServers(trace: TraceEvents, { record, input }: ObservedRun, counterMax: number): string[] {
  const servers = Array.from({ length: record.load.servers }, (_, server) => trace.process(`API server ${server + 1}`));
  const ends: TraceEvent = {
    ph: 'i',
    name: 'the measured time ends',
    pid: servers[0].pid,
    ts: input.durationUs,
    s: 'g',
  };
  trace.add([ends, ...stopEvents(record.storms, servers)]);
  const { events, joined } = loadEvents(record.load, servers, input.durationUs, counterMax);
  trace.add(events);
  return joined === 1 ? [] : [`${joined} bins of load.csv are joined into one`];
}

function addProjections(
  trace: TraceEvents,
  writes: WriteEvents,
  samples: SampleTable,
  nodes: readonly TracedNode[],
  nodeCount: number,
): readonly string[] {
  const rows = rowsByNode(samples);
  let shown = 0;
  let wanted = 0;
  for (const { name, process } of nodes) {
    const own = rows.get(name) ?? [];
    wanted += own.length;
    for (const placed of placeProjections(samples, own, process)) {
      const update = samples.update[placed.row];
      const { origin, events } = writes.of(update);
      if (!trace.add([...events, ...projectionEvents(samples, placed, process.pid, origin)])) break;
      writes.taken(update);
      shown++;
    }
  }
  const others = samples.update.length - wanted;
  return [
    ...(others > 0 ? [`${grouped(others)} projections on ${grouped(nodeCount - nodes.length)} other nodes`] : []),
    ...(wanted > shown ? [`${grouped(wanted - shown)} of ${grouped(wanted)} projections on the chosen nodes`] : []),
  ];
}

/** The writes of which no projection is shown. */
function addWrites(trace: TraceEvents, writes: WriteEvents): readonly string[] {
  const { rest } = writes;
  const unshown = rest.findIndex((update) => !trace.add(writes.of(update).events));
  return unshown < 0 ? [] : [`${grouped(rest.length - unshown)} writes`];
}

function addRequests(
  trace: TraceEvents,
  { log, population }: ObservedRun,
  nodes: readonly TracedNode[],
  endUs: number,
): readonly string[] {
  const requests = new RequestEvents(log, population, new Set(nodes.map(({ node }) => node)));
  let unshown = 0;
  for (const { node, process } of nodes) {
    for (const events of requests.of(node, process, endUs)) if (!trace.add(events)) unshown++;
  }
  return unshown === 0 ? [] : [`${grouped(unshown)} requests and watches of the chosen nodes`];
}
