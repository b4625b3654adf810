import { median, quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { Release } from '../cluster/model/releases.js';
import type { TopologyFile, TopologyUse } from '../cluster/model/topology-file.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import { modelOf } from './model.js';
import type { Observed } from './observation.js';
import type { Laboratory } from './laboratory.js';
import type { CsvRow } from './measured-folder.js';
import { durationText } from './laboratory-cluster.js';

const SECRETS = 2000;
const SECRET_BYTES = 1024;

/** CPU until `/readyz` is ok, of a server on its own. */
export const START_CPU_S = 4.0;

/** When the server is killed in the simulation. */
export const KILL_S = 20;

/** Of the machine that the tables of costs were measured on. */
const SAME_MACHINE: Slowness = { server: 1, clients: 1 };

/** How many times the CPU of the tables a machine takes for a server, and for its clients. */
export interface Slowness {
  readonly server: number;
  readonly clients: number;
}

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
  /** And of the clients from the kill on; NaN: that was not measured. */
  readonly clientsCpu: number;
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
export function measuredStorm({ tables, downtimeS, listsFirst }: Laboratory): MeasuredStorm {
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
    listsFirst,
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
    clientsCpu: clientsCpuIn(tables, back(1)),
    exited: downtimeS === null ? null : Math.max(0, started - downtimeS),
    noticed: firstCalls(requests, Math.round(watchesBefore / clients)),
    back50: back(0.5),
    back90: back(0.9),
    back100: back(1),
  };
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

function rejectedIn(tables: Laboratory['tables']): number {
  const attempts = tables.rows('storm-attempts', { text: ['status'], numbers: ['sent_at_s'] });
  return attempts.filter(({ sent_at_s, status }) => Number(sent_at_s) >= 0 && status === '429').length;
}

function clients(count: number, reflectors: number): TopologyFile {
  const secrets = Math.min(SECRETS, count * reflectors);
  return {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: Array.from({ length: count }, (_, c) => ({ name: `client-${c}` })),
    objects: Array.from({ length: secrets }, (_, s) => ({
      namespace: 'default',
      name: `secret-${s}`,
      kind: 'Secret',
      size: SECRET_BYTES,
    })),
    pods: Array.from({ length: count }, (_, c) => ({
      namespace: 'default',
      name: `pod-${c}`,
      node: c,
      uses: Array.from({ length: reflectors }, (_, r): TopologyUse => ({
        object: (c * reflectors + r) % secrets,
        as: 'volume',
        volume: r,
      })),
    })),
  };
}

/**
 * The laboratory's experiment: reflectors of a release on an API server of one core that is killed and started again. All
 * clients shared another core: when each of them noticed is read off the log, as is when the old process had ended.
 * `slowness`: of the machine (`slownessOf`).
 */
export function stormInput(
  release: Release,
  storm: Pick<MeasuredStorm, 'started' | 'back100' | 'clients' | 'reflectors' | 'exited' | 'noticed' | 'listsFirst'>,
  apiServer: SpecInput['apiServer'] = {},
  slowness = SAME_MACHINE,
): ModelInput {
  const { started, back100, exited, noticed, listsFirst, ...size } = storm;
  const input = modelOf(
    {
      start: 'steady',
      warmup: '0s',
      // Long enough for a storm of three times the measured one's length.
      duration: durationText(KILL_S + Math.max(40, 3 * back100)),
      drain: '0s',
      cluster: {
        kubernetesVersion: release,
        behaviours: listsFirst ? { initialSync: 'list' } : {},
        apiServers: 1,
        topology: 'laboratory',
      },
      kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
      apiServer: {
        capacity: 1,
        cpuScale: slowness.server,
        // Authorization was off, and the clients sent nothing but the reflectors' requests.
        nodeAuthorizer: false,
        costs: { cpuUs: { nodeBackgroundPerSecond: 0 } },
        ...apiServer,
      },
      timeline: [
        { at: `${KILL_S}s`, restartApiServer: { servers: 'all', downtime: durationText(started), mode: 'crash' } },
      ],
      output: { loadBin: '100ms' },
    },
    { topology: clients(size.clients, size.reflectors) },
  );
  const [closesUs = 0] = noticed.map((at) => Math.round(at * SECOND_US));
  const lateUs = noticed.map((at) => Math.round(at * SECOND_US) - closesUs);
  const connectionLoss = { p50Us: quantile(lateUs, 0.5), p99Us: quantile(lateUs, 0.99), measuredUs: lateUs };
  const killed = { closesUs, ...(exited !== null && { goneUs: Math.round(exited * SECOND_US) }) };
  return {
    ...input,
    network: { ...input.network, connectionLoss, clientsOnOneCore: slowness.clients },
    apiServer: { ...input.apiServer, killed },
  };
}

function quantile(ascending: readonly number[], level: number): number {
  return Math.round(quantileSorted([...ascending], level) ?? NaN);
}

/** What is looked at of a storm. */
export const SEEN_OF_STORMS = ['metrics', 'storms', 'requests'] as const;

/** Reads a simulated storm; its watches are counted as often as the measured ones were, s. */
export function stormFigures(
  { metrics, storms: [storm], requests }: Observed<(typeof SEEN_OF_STORMS)[number]>,
  { countedEveryS }: Pick<MeasuredStorm, 'countedEveryS'>,
): StormFigures {
  const counted = (atS: number | null): number => Math.ceil((atS ?? NaN) / countedEveryS) * countedEveryS;
  return {
    refused: metrics.requests_refused ?? NaN,
    gone: metrics.gone_410 ?? NaN,
    // client-go sends a LIST that was answered 429 again, so the measured clients see one answer only.
    lists: requests.verb.reduce(
      (sum, verb, i) =>
        verb === VERB.LIST && requests.status[i] === STATUS.OK && requests.atS[i] >= KILL_S ? sum + 1 : sum,
      0,
    ),
    rejected: metrics.rejected_429 ?? NaN,
    back50: counted(storm.backAfter50S),
    back90: counted(storm.backAfter90S),
    back100: counted(storm.backAfter100S),
  };
}

/** The figures of a storm that are compared. */
export const STORM_FIGURES: readonly {
  readonly name: string;
  readonly unit: string;
  readonly of: (figures: StormFigures) => number;
}[] = [
  { name: 'WATCHes refused', unit: '1', of: ({ refused }) => refused },
  { name: 'WATCHes answered 410', unit: '1', of: ({ gone }) => gone },
  { name: 'LISTs', unit: '1', of: ({ lists }) => lists },
  { name: 'requests answered 429', unit: '1', of: ({ rejected }) => rejected },
  { name: '50 % of the watches back', unit: 's', of: ({ back50 }) => back50 },
  { name: '90 % of the watches back', unit: 's', of: ({ back90 }) => back90 },
  { name: '100 % of the watches back', unit: 's', of: ({ back100 }) => back100 },
];
