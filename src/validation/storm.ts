import type { ModelInput } from '../cluster/model/model-input.js';
import type { TopologyFile, TopologyUse } from '../cluster/model/topology-file.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import { measuredRows } from './measured-files.js';
import { modelOf } from './model.js';
import type { Observation } from './observation.js';
import { durationText } from './laboratory.js';

/** The laboratory's clients, one reflector per Secret that a client reads. */
export const CLIENTS = 100;
export const REFLECTORS = 50;
export const WATCHES = CLIENTS * REFLECTORS;
const SECRETS = 2000;
const SECRET_BYTES = 1024;

/** CPU until `/readyz` is ok, of a server on its own. */
export const START_CPU_S = 4.0;

/** When the server is killed in the simulation. */
export const KILL_S = 20;

/** What a storm came to from the kill on; times in seconds since then. */
export interface StormFigures {
  /** WATCHes that found no server. */
  readonly refused: number;
  /** WATCHes that were answered and did not stay: 410. */
  readonly gone: number;
  readonly lists: number;
  /** When that share of the watches was open again. */
  readonly back50: number;
  readonly back90: number;
  readonly back100: number;
}

/** The measured storm. */
export interface MeasuredStorm extends StormFigures {
  /** WATCHes whose connection broke as they were sent. */
  readonly lost: number;
  readonly connections: number;
  /** The new process starts. */
  readonly started: number;
  /** CPU-seconds of the new process until all watches were back. */
  readonly cpu: number;
}

/** Reads the storm off the committed measurement. */
export function measuredStorm(): MeasuredStorm {
  const events = measuredRows('storm-events');
  const open = measuredRows('storm-watches').map((row) => [Number(row.at_s), Number(row.watches_open)] as const);
  const started = Number(events.find(({ event }) => event === 'start')?.at_s);
  const requests = measuredRows('storm-requests').filter((row) => Number(row.sent_at_s) >= 0);
  const watches = requests.filter(({ verb, status }) => verb === 'watch' && status === '200');
  const lost = watches.filter((row) => Number(row.sent_at_s) < started).length;
  const back = (share: number): number => {
    const [at] = open.find(([time, count]) => time > started && count >= share * WATCHES) ?? [NaN];
    return at;
  };
  const cpu = events.find(({ event, at_s }) => event === 'cpu' && Number(at_s) >= back(1));
  return {
    refused: requests.filter(({ status }) => status === '0').length,
    lost,
    gone: watches.length - lost - WATCHES,
    lists: requests.filter(({ verb }) => verb === 'list').length,
    // Each of the WATCHes opens one: none of their clients is connected yet.
    connections: WATCHES,
    started,
    cpu: Number(cpu?.apiserver_cpu_s),
    back50: back(0.5),
    back90: back(0.9),
    back100: back(1),
  };
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

/** The laboratory's experiment: reflectors of 1.20 on an API server of one core that is killed and started again. */
export function stormInput(
  started: number,
  apiServer: SpecInput['apiServer'] = {},
  size = { clients: CLIENTS, reflectors: REFLECTORS },
): ModelInput {
  return modelOf(
    {
      start: 'steady',
      warmup: '0s',
      duration: '60s',
      drain: '0s',
      cluster: { kubernetesVersion: '1.20', apiServers: 1, topology: 'laboratory' },
      kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
      apiServer: {
        capacity: 1,
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
}

/** Reads a simulated storm. */
export function stormFigures({ metrics, storms: [storm], requests }: Observation): StormFigures {
  return {
    refused: metrics.requests_refused ?? NaN,
    gone: metrics.gone_410 ?? NaN,
    // client-go sends a LIST that was answered 429 again, so the measured clients see one answer only.
    lists: requests.verb.reduce(
      (sum, verb, i) =>
        verb === VERB.LIST && requests.status[i] === STATUS.OK && requests.atS[i] >= KILL_S ? sum + 1 : sum,
      0,
    ),
    back50: storm.backAfter50S ?? NaN,
    back90: storm.backAfter90S ?? NaN,
    back100: storm.backAfter100S ?? NaN,
  };
}

const WAVES =
  'Go’s scheduler serves such a storm on one core in waves of one to two seconds, connection by connection; the model in order of arrival';

/** The figures of a storm that are compared. */
export const STORM_FIGURES: readonly {
  readonly name: string;
  readonly unit: string;
  readonly of: (figures: StormFigures) => number;
  readonly explanation: string;
}[] = [
  { name: 'WATCHes refused', unit: '1', of: ({ refused }) => refused, explanation: '' },
  {
    name: 'WATCHes answered 410',
    unit: '1',
    of: ({ gone }) => gone,
    explanation: 'ten WATCHes of one client went out on the dying connection',
  },
  { name: 'LISTs', unit: '1', of: ({ lists }) => lists, explanation: '' },
  { name: '50 % of the watches back', unit: 's', of: ({ back50 }) => back50, explanation: WAVES },
  { name: '90 % of the watches back', unit: 's', of: ({ back90 }) => back90, explanation: WAVES },
  { name: '100 % of the watches back', unit: 's', of: ({ back100 }) => back100, explanation: WAVES },
];
