import { SECOND_US } from '../sim/units.js';
import type { GrowableInt32 } from '../sim/growable.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { ObservationLog } from '../cluster/model/observation-log.js';
import type {
  LoadTable,
  RotationTimes,
  RunMetrics,
  RunTables,
  SampleTable,
  Storm,
  Traffic,
  UpdateRecord,
} from '../cluster/model/run-record.js';
import { BuiltNodes } from '../cluster/population/built-nodes.js';
import { simulate } from '../cluster/run/simulate.js';
import type { Population } from '../cluster/population/population.js';

/** Requests of kubelets that were answered, in order; parallel arrays. Present where requests are events. */
export interface RequestLog {
  /** GET, LIST or WATCH of `cluster/load.ts`. */
  readonly verb: Int32Array;
  /** Status of `cluster/kube-apiserver/requests.ts`. */
  readonly status: Int32Array;
  /** 1: etcd answered. */
  readonly quorum: Int32Array;
  /** 1: a WATCH that was to begin with the initial state. */
  readonly initial: Int32Array;
  readonly node: readonly string[];
  /** `namespace/name`. */
  readonly object: readonly string[];
  readonly atS: Float64Array;
}

/** Watches that have ended; parallel arrays. Present where requests are events. */
export interface WatchLog {
  readonly object: readonly string[];
  /** When the request for it reached its server. */
  readonly askedS: Float64Array;
  readonly toS: Float64Array;
}

/** What a validation reads off one run. */
export interface Observation {
  readonly metrics: RunMetrics;
  readonly rotations: RotationTimes;
  readonly storms: readonly Storm[];
  readonly traffic: Traffic | null;
  readonly samples: SampleTable | null;
  /** Class of each sample's object. */
  readonly objectClass: readonly string[];
  /** Delay of each sample from its writer's acknowledgement, as clients measure it, seconds. */
  readonly delayFromAcknowledgementS: Float64Array;
  /** The same from when the write was sent. */
  readonly delayFromSendingS: Float64Array;
  readonly requests: RequestLog;
  readonly watches: WatchLog;
  /** Watches open at each server at the end of the measured period. */
  readonly watchesAtEnd: readonly number[];
}

/** Simulates one replication and observes it. */
export function observe(input: ModelInput, replication: number, population: Population): Observation {
  const log = new ObservationLog();
  const record = simulate(input, replication, { nodes: new BuiltNodes(population), observer: log });
  const { metrics, rotations, storms, traffic, samples, updates, load } = record;
  return {
    metrics,
    rotations,
    storms,
    traffic,
    samples,
    objectClass: Array.from(samples?.update ?? [], (update) => updates[update - 1].objectClass),
    delayFromAcknowledgementS: delaysFrom(record, ({ acknowledgedAtS }) => acknowledgedAtS),
    delayFromSendingS: delaysFrom(record, ({ sentAtS }) => sentAtS),
    requests: requestsOf(log, population),
    watches: watchesOf(log, population),
    watchesAtEnd: watchesAtEnd(load),
  };
}

function delaysFrom({ samples, updates }: RunTables, origin: (update: UpdateRecord) => number): Float64Array {
  if (samples === null) return new Float64Array(0);
  return samples.projectedAtUs.map((at, i) => at / SECOND_US - origin(updates[samples.update[i] - 1]));
}

function watchesAtEnd({ columns, bins, servers, values }: LoadTable): number[] {
  const column = columns.indexOf('watches_open');
  return Array.from({ length: servers }, (_, server) => values[((server + 1) * bins - 1) * columns.length + column]);
}

/** The requests of a log, named. */
function requestsOf({ verb, status, quorum, initial, entry, at }: ObservationLog, population: Population): RequestLog {
  return {
    verb: verb.view().slice(),
    status: status.view().slice(),
    quorum: quorum.view().slice(),
    initial: initial.view().slice(),
    node: Array.from(entry.view(), (each) => population.nodeName(population.entryNode[each])),
    object: objectsOf(entry, population),
    atS: at.view().map((us) => us / SECOND_US),
  };
}

/** The watches of a log, named. */
function watchesOf({ watchEntry, watchAsked, watchTo }: ObservationLog, population: Population): WatchLog {
  return {
    object: objectsOf(watchEntry, population),
    askedS: watchAsked.view().map((us) => us / SECOND_US),
    toS: watchTo.view().map((us) => us / SECOND_US),
  };
}

function objectsOf(entries: GrowableInt32, population: Population): string[] {
  return Array.from(entries.view(), (entry) => population.objectName(population.entryObject[entry]));
}
