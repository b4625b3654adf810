import { GrowableFloat64, GrowableInt32 } from '../sim/growable.js';
import type { ModelInput } from '../cluster/model-input.js';
import type { Observer } from '../cluster/observer.js';
import type {
  LoadTable,
  RunMetrics,
  RunTables,
  SampleTable,
  Storm,
  Traffic,
  UpdateRecord,
} from '../cluster/run-record.js';
import { simulate } from '../cluster/simulate.js';
import type { Topology } from '../cluster/topology.js';

/** Requests of kubelets that were answered, in order; parallel arrays. Present where requests are events. */
export interface RequestLog {
  /** GET, LIST or WATCH of `cluster/load.ts`. */
  readonly verb: Int32Array;
  /** Status of `cluster/kube-apiserver/requests.ts`. */
  readonly status: Int32Array;
  /** 1: etcd answered. */
  readonly quorum: Int32Array;
  readonly node: readonly string[];
  /** `namespace/name`. */
  readonly object: readonly string[];
  readonly atS: Float64Array;
}

/** Watches that have ended; parallel arrays. Present where requests are events. */
export interface WatchLog {
  readonly object: readonly string[];
  readonly fromS: Float64Array;
  readonly toS: Float64Array;
}

/** What a validation reads off one run. */
export interface Observation {
  readonly metrics: RunMetrics;
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
export function observe(input: ModelInput, replication: number, topology: Topology): Observation {
  const log = new Log(topology);
  const record = simulate(input, replication, { topology, observer: log });
  const { metrics, storms, traffic, samples, updates, load } = record;
  return {
    metrics,
    storms,
    traffic,
    samples,
    objectClass: Array.from(samples?.update ?? [], (update) => updates[update - 1].objectClass),
    delayFromAcknowledgementS: delaysFrom(record, ({ acknowledgedAtS }) => acknowledgedAtS),
    delayFromSendingS: delaysFrom(record, ({ sentAtS }) => sentAtS),
    requests: log.requests(),
    watches: log.watches(),
    watchesAtEnd: watchesAtEnd(load),
  };
}

function delaysFrom({ samples, updates }: RunTables, origin: (update: UpdateRecord) => number): Float64Array {
  if (samples === null) return new Float64Array(0);
  return samples.projectedAtUs.map((at, i) => at / 1e6 - origin(updates[samples.update[i] - 1]));
}

function watchesAtEnd({ columns, bins, servers, values }: LoadTable): number[] {
  const column = columns.indexOf('watches_open');
  return Array.from({ length: servers }, (_, server) => values[((server + 1) * bins - 1) * columns.length + column]);
}

/** Keeps what it sees. */
class Log implements Observer {
  private readonly verb = new GrowableInt32();
  private readonly status = new GrowableInt32();
  private readonly quorum = new GrowableInt32();
  private readonly requestEntry = new GrowableInt32();
  private readonly at = new GrowableFloat64();
  private readonly watchEntry = new GrowableInt32();
  private readonly from = new GrowableFloat64();
  private readonly to = new GrowableFloat64();

  constructor(private readonly topology: Topology) {}

  answered(verb: number, entry: number, quorum: boolean, status: number, at: number): void {
    this.verb.push(verb);
    this.requestEntry.push(entry);
    this.quorum.push(quorum ? 1 : 0);
    this.status.push(status);
    this.at.push(at / 1e6);
  }

  watchEnded(entry: number, from: number, to: number): void {
    this.watchEntry.push(entry);
    this.from.push(from / 1e6);
    this.to.push(to / 1e6);
  }

  requests(): RequestLog {
    const { topology } = this;
    return {
      verb: this.verb.view().slice(),
      status: this.status.view().slice(),
      quorum: this.quorum.view().slice(),
      node: Array.from(this.requestEntry.view(), (entry) => topology.nodeName(topology.entryNode[entry])),
      object: this.objects(this.requestEntry),
      atS: this.at.view().slice(),
    };
  }

  watches(): WatchLog {
    return { object: this.objects(this.watchEntry), fromS: this.from.view().slice(), toS: this.to.view().slice() };
  }

  private objects(entries: GrowableInt32): string[] {
    const { topology } = this;
    return Array.from(entries.view(), (entry) => topology.objectName(topology.entryObject[entry]));
  }
}
