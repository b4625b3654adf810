import { max, median } from 'd3-array';
import type { Laboratory } from './laboratory.js';
import type { CsvRow } from './measured-folder.js';

/** What a storm came to from the kill on; times in seconds since then. */
export interface StormFigures {
  /** WATCHes that found no server. */
  readonly refused: number;
  /** WATCHes that were answered and did not stay: 410. */
  readonly gone: number;
  readonly lists: number;
  /** Requests that were answered 429, those that clients sent again by themselves included; NaN: that was not measured. */
  readonly rejected: number;
  /** When that share of the watches was open again. */
  readonly back50: number;
  readonly back90: number;
  readonly back100: number;
}

/** The measured storm. */
export interface MeasuredStorm extends StormFigures {
  /** WATCHes whose connection broke as they were sent. */
  readonly lost: number;
  /** Reflectors begin with LIST and WATCH, whatever their release does. */
  readonly listsFirst: boolean;
  /** Of the server. */
  readonly serverCores: number;
  readonly shareOfTime: Laboratory['shareOfTime'];
  /** Clients, each with a connection of its own, and the watches of one. */
  readonly clients: number;
  readonly reflectors: number;
  readonly connections: number;
  /** Open watches were counted so often, s: a share of them is back when they are counted next. */
  readonly countedEveryS: number;
  /** The new process starts. */
  readonly started: number;
  /** CPU-seconds of the new process until all watches were back. */
  readonly cpu: number;
  /** And until it served; NaN: that was not measured. */
  readonly startCpu: number;
  /** And of the clients from the kill on; NaN: that was not measured. */
  readonly clientsCpu: number;
  /** When the last try was sent that found no server; NaN: tries were not measured. */
  readonly refusedUntil: number;
  /** When the killed process had ended; null: that was not measured. */
  readonly exited: number | null;
  /** When each reflector had noticed, and asked for its watch anew, ascending. */
  readonly noticed: readonly number[];
}

/** True where a laboratory has a storm. */
export function hasStorm({ tables }: Laboratory): boolean {
  return tables.has('storm-requests');
}

/** Reads the storm off a laboratory's tables. */
export function measuredStorm({ tables, downtimeS, ...laboratory }: Laboratory): MeasuredStorm {
  const events = tables.rows('storm-events', { text: ['event'], numbers: ['at_s'] });
  const open = tables
    .rows('storm-watches', { numbers: ['at_s', 'watches_open'] })
    .map((row) => [Number(row.at_s), Number(row.watches_open)] as const);
  const started = Number(events.find(({ event }) => event === 'start')?.at_s);
  const before = open.filter(([time]) => time < 0);
  const watchesBefore = Math.max(...before.map(([, count]) => count));
  const calls = tables.rows('storm-requests', { text: ['kubelet', 'verb', 'status'], numbers: ['sent_at_s'] });
  const clients = new Set(calls.map(({ kubelet }) => kubelet)).size;
  const requests = calls.filter((row) => Number(row.sent_at_s) >= 0);
  const watches = requests.filter(({ verb, status }) => verb === 'watch' && status === '200');
  const lost = watches.filter((row) => Number(row.sent_at_s) < started).length;
  // Clients without a core notice late that their watches are gone.
  const fewest = open.reduce(
    (least, [time, count], i) => (time > 0 && count < open[least][1] ? i : least),
    before.length,
  );
  const back = (share: number): number => {
    const [at] = open.slice(fewest).find(([time, count]) => time > started && count >= share * watchesBefore) ?? [NaN];
    return at;
  };
  const cpu = events.find(({ event, at_s }) => event === 'cpu' && Number(at_s) >= back(1));
  return {
    refused: requests.filter(({ status }) => status === '0').length,
    lost,
    listsFirst: laboratory.listsFirst,
    serverCores: laboratory.serverCores,
    shareOfTime: laboratory.shareOfTime,
    gone: (triedWatches(tables) ?? watches.length - lost) - watchesBefore,
    lists: requests.filter(({ verb }) => verb === 'list').length,
    rejected: tables.has('storm-attempts') ? rejectedIn(tables) : NaN,
    clients,
    // Of a run that begins before all of its watches are open, some are missing.
    reflectors: Math.round(watchesBefore / clients),
    // Each of the WATCHes opens one: none of their clients is connected yet.
    connections: watchesBefore,
    countedEveryS: median(open.slice(1).map(([time], i) => time - open[i][0])) ?? 0,
    started,
    cpu: Number(cpu?.apiserver_cpu_s),
    startCpu: startCpuIn(events),
    refusedUntil: refusedUntil(tables),
    clientsCpu: clientsCpuIn(tables, back(1)),
    exited: downtimeS === null ? null : Math.max(0, started - downtimeS),
    noticed: firstCalls(requests, Math.round(watchesBefore / clients)),
    back50: back(0.5),
    back90: back(0.9),
    back100: back(1),
  };
}

/** CPU of the new process until its log says that it serves, between two readings, s. */
function startCpuIn(events: readonly CsvRow[]): number {
  const served = Number(events.find(({ event }) => event === 'serving')?.at_s);
  const read = events.filter(({ event }) => event === 'cpu');
  const after = read.findIndex(({ at_s }) => Number(at_s) >= served);
  if (after < 1) return NaN;
  const [from, to] = [read[after - 1], read[after]].map((row) => [Number(row.at_s), Number(row.apiserver_cpu_s)]);
  return from[1] + ((served - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
}

/** When the first calls of each client were sent, one for each of its reflectors, ascending, s. */
function firstCalls(requests: readonly CsvRow[], each: number): number[] {
  const calls = new Map<string, number[]>();
  for (const { kubelet, sent_at_s } of requests) {
    const sent = calls.get(kubelet) ?? [];
    calls.set(kubelet, sent);
    sent.push(Number(sent_at_s));
  }
  const first = [...calls.values()].flatMap((sent) => sent.sort((a, b) => a - b).slice(0, each));
  return first.sort((a, b) => a - b);
}

/** WATCHes that were answered, by the tries of each: what a client sends again by itself is one call. null: not measured. */
function triedWatches(tables: Laboratory['tables']): number | null {
  if (!tables.has('storm-attempts')) return null;
  const attempts = tables.rows('storm-attempts', { text: ['verb', 'status'], numbers: ['sent_at_s'] });
  return attempts.filter((row) => row.verb === 'watch' && row.status === '200' && Number(row.sent_at_s) >= 0).length;
}

/** CPU of the clients from the kill until a second after a time, s. */
function clientsCpuIn(tables: Laboratory['tables'], until: number): number {
  const read = tables
    .rows('storm-events', { numbers: ['at_s'] })
    .filter((row) => 'clients_cpu_s' in row && row.clients_cpu_s !== '');
  const at = (time: number): number => Number(read.findLast((row) => Number(row.at_s) <= time)?.clients_cpu_s);
  return at(until + 1) - at(0);
}

/** When the last try was sent that found no server, s. */
function refusedUntil(tables: Laboratory['tables']): number {
  if (!tables.has('storm-attempts')) return NaN;
  const attempts = tables.rows('storm-attempts', { text: ['class'], numbers: ['sent_at_s'] });
  return max(attempts, (row) => (row.class === 'refused' ? Number(row.sent_at_s) : NaN)) ?? NaN;
}

function rejectedIn(tables: Laboratory['tables']): number {
  const attempts = tables.rows('storm-attempts', { text: ['status'], numbers: ['sent_at_s'] });
  return attempts.filter(({ sent_at_s, status }) => Number(sent_at_s) >= 0 && status === '429').length;
}
