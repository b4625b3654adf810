import type { OperatorsInput, StoreInput } from '../../../src/cluster/model/operators-input.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass, type Scenario } from '../scenario.js';

export const S = 1e6;
export const MIN = 60 * S;
/** Objects, each of one pod. */
export const OBJECTS = 60;
/** A call of the store takes exactly this, µs. */
export const CALL_US = S;

/** A store whose calls take one second. */
export function store(options: Partial<StoreInput> = {}): StoreInput {
  return { latency: { p50Us: CALL_US, p99Us: CALL_US }, rateLimit: null, ...options };
}

/** Operators with such a store. */
export function operators(options: Partial<OperatorsInput>): OperatorsInput {
  return { store: store(), informers: { secrets: 0, configMaps: 0 }, ...options };
}

/** Sixty Secrets of one pod each, in a cluster without latencies. */
export function runWith(options: Scenario, replication = 1): RunRecord {
  const input = inputOf({
    pure: true,
    nodes: 30,
    podsPerNode: 2,
    replicas: 1,
    duration: 1800,
    classes: [objectClass('app-tls', { scope: 'deployment' })],
    ...options,
  });
  return simulate(input, replication);
}

/** An entry of the timeline that happens once, at a time in seconds. */
export function once(at: number) {
  return { firstUs: at * S, everyUs: null, untilUs: Infinity, jitterUs: 0 };
}

/** The store is away from a time on, in seconds. */
export function outage(at: number, lasts: number): TimelineAction {
  return { action: 'sourceOutage', lastsUs: lasts * S, ...once(at) };
}

/** External Secrets Operator restarts at a time, in seconds. */
export function restart(at: number, downtime: number): TimelineAction {
  return {
    action: 'restartOperator',
    operators: ['externalSecrets', 'vaultSecrets', 'certManager', 'trustManager', 'reloader'],
    downtimeUs: downtime * S,
    ...once(at),
  };
}

/** When the objects were committed, ascending, seconds. */
export function commits({ updates }: RunRecord): number[] {
  return updates.map(({ committedAtS }) => committedAtS).sort((a, b) => a - b);
}
