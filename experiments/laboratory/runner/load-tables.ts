import type { EventFact } from './facts.js';
import { at, type Rows } from './tables.js';

/** A call of a storm's reflector, or one of its attempts: stormRequest in storm_clients.go. */
export interface StormRequestFact {
  readonly sentAt: number;
  readonly seconds: number;
  readonly client: number;
  readonly verb: string;
  readonly resourceVersion: string;
  readonly initialEvents: boolean;
  readonly status: number;
  readonly class?: string;
}

/** Watches open at a time. */
export interface OpenFact {
  readonly at: number;
  readonly open: number;
}

/** Time zero of a storm: the server is told to end. */
export const stormOrigin = (events: readonly EventFact[]): number =>
  events.find(({ event }) => event === 'kill')?.at ?? NaN;

/** `storm-requests.csv`: calls of reflectors; `storm-attempts.csv`: what went over the connections. */
export function stormRequestRows(requests: readonly StormRequestFact[], origin: number): Rows {
  const version = (text: string): string => (text === '' || text === '0' ? text : 'set');
  return [
    ['sent_at_s', 'duration_s', 'kubelet', 'verb', 'resource_version', 'status', 'class', 'initial_events'],
    ...[...requests]
      .sort((a, b) => a.sentAt - b.sentAt)
      .map((each) => [
        ...[milliseconds(each.sentAt - origin), milliseconds(each.seconds), each.client, each.verb],
        ...[version(each.resourceVersion), each.status, each.class ?? '', each.initialEvents ? 'true' : ''],
      ]),
  ];
}

/**
 * `storm-events.csv`, with the CPU of the server's process. What its log told, when it served and had read its priority
 * levels, was put down in the end.
 */
export function stormEventRows(events: readonly EventFact[], origin: number): Rows {
  return [
    ['at_s', 'event', 'apiserver_cpu_s', 'clients_cpu_s'],
    ...[...events]
      .sort((a, b) => a.at - b.at)
      .map(({ at: time, event, apiServerCPUSeconds = '', clientsCPUSeconds = '' }) => [
        at(time - origin),
        event,
        apiServerCPUSeconds,
        clientsCPUSeconds,
      ]),
  ];
}

/** `storm-watches.csv`, counted from a stream's headers until its reflector stops it. */
export function stormWatchRows(open: readonly OpenFact[], origin: number): Rows {
  return [['at_s', 'watches_open'], ...open.map((each) => [at(each.at - origin), each.open])];
}

const milliseconds = (value: number): number => Math.round(value * 1e3) / 1e3;

/** A cost of costs.go or watch_costs.go, by the names of its columns, which have the units. */
export type CostFact = Readonly<Record<string, number | string>>;

/** `costs.csv`, `watch-costs.csv`, `event-costs.csv`, `storm-levels.csv`. */
export function costRows(facts: readonly CostFact[]): Rows {
  if (facts.length === 0) return [[]];
  const columns = Object.keys(facts[0]);
  return [columns, ...facts.map((fact) => columns.map((name) => rounded(fact[name])))];
}

const rounded = (value: number | string): number | string =>
  typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
