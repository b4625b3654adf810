import { SECOND_US } from '../sim/units.js';
import type { GrowableInt32 } from '../sim/growable.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { ObservationLog } from '../cluster/model/observation-log.js';
import type { RotationTimes, RunMetrics, SampleTable, Storm, Traffic } from '../cluster/model/run-record.js';
import { BuiltNodes } from '../cluster/population/built-nodes.js';
import { simulateUnread } from '../cluster/run/simulate-unread.js';
import type { Population } from '../cluster/population/population.js';
import type { FinishedRun } from '../cluster/record/finished-run.js';
import { measuredMetrics } from '../cluster/record/measure.js';
import { rotationTimes } from '../cluster/record/rotation-times.js';

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
  /** `started_stale` of the metrics, for who needs no other. */
  readonly startedStale: number;
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

/** A part of what can be read off a run. */
export type Observable = keyof Observation;

/** What is observed of one run, in parts. */
export type Observed<Part extends Observable> = Pick<Observation, Part>;

/** A run that is over, and who looked on. */
interface Run {
  readonly finished: FinishedRun;
  readonly log: ObservationLog;
  readonly population: Population;
}

const READERS: { readonly [Part in Observable]: (run: Run) => Observation[Part] } = {
  metrics: ({ finished }) => measuredMetrics(finished),
  startedStale: ({ finished }) => finished.core.accounts.startedStale,
  rotations: ({ finished }) => rotationTimes(finished.bounded.updates, finished.core.pipeline !== null),
  storms: ({ finished }) => finished.servers.storms,
  traffic: ({ finished }) => finished.servers.traffic,
  samples: ({ finished }) => finished.samples,
  objectClass: ({ finished }) => {
    const { stored, object, updateRevision } = finished.core.etcd;
    const classOf = (update: number): string =>
      stored.classNames[stored.objectClass[object[updateRevision[update - 1]]]];
    return Array.from(finished.samples?.update ?? [], classOf);
  },
  delayFromAcknowledgementS: ({ finished }) => delaysFrom(finished, finished.core.etcd.acknowledgedAt),
  delayFromSendingS: ({ finished }) => delaysFrom(finished, finished.core.etcd.sentAt),
  requests: ({ log, population }) => requestsOf(log, population),
  watches: ({ log, population }) => watchesOf(log, population),
  watchesAtEnd: ({ finished }) => watchesAtEnd(finished),
};

/** All that can be observed of a run. */
const OBSERVABLES = Object.keys(READERS) as readonly Observable[];

/** Simulates one replication and observes what is wanted of it. */
export function observe<Part extends Observable = Observable>(
  input: ModelInput,
  replication: number,
  population: Population,
  wanted: readonly Part[] = OBSERVABLES as readonly Part[],
): Observed<Part> {
  const log = new ObservationLog();
  const finished = simulateUnread(input, replication, new BuiltNodes(population), log);
  const run = { finished, log, population };
  return Object.fromEntries(wanted.map((part) => [part, READERS[part](run)])) as Observed<Part>;
}

/** Delay of each sample from a time that etcd keeps by revision, s. */
function delaysFrom(finished: FinishedRun, originUs: Float64Array): Float64Array {
  const samples = finished.samples;
  if (samples === null) return new Float64Array(0);
  const { updateRevision } = finished.core.etcd;
  const { update, projectedAtUs } = samples;
  return projectedAtUs.map((at, i) => at / SECOND_US - originUs[updateRevision[update[i] - 1]] / SECOND_US);
}

function watchesAtEnd({ core, watches }: FinishedRun): number[] {
  const { servers, bins } = core.load;
  return Array.from({ length: servers }, (_, server) => watches.binMeans[(server + 1) * bins - 1]);
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
