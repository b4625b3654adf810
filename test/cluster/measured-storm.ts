import { MEASURED_COSTS } from '../../src/cluster/costs.js';
import type { ApiServerConfig, ModelInput } from '../../src/cluster/model-input.js';
import type { TopologyFile } from '../../src/cluster/topology-file.js';
import { measured } from './measured.js';
import { inputOf } from './scenario.js';

const S = 1e6;

/** The laboratory's clients, one reflector per Secret that a client reads. */
export const CLIENTS = 100;
export const REFLECTORS = 50;
export const WATCHES = CLIENTS * REFLECTORS;
const SECRETS = 2000;
const SECRET_BYTES = 1024;

/** CPU until `/readyz` is ok, of a server on its own. */
export const START_CPU_S = 4.0;

/** A request as a client saw it. */
interface ClientRequest {
  readonly sent: number;
  readonly verb: string;
  readonly status: string;
}

/** What was measured from the kill on; times in seconds since then. */
export interface MeasuredStorm {
  /** WATCHes that found no server. */
  readonly refused: number;
  /** WATCHes whose connection broke as they were sent. */
  readonly lost: number;
  /** WATCHes that were answered and did not stay: 410. */
  readonly gone: number;
  readonly lists: number;
  readonly connections: number;
  /** The new process starts. */
  readonly started: number;
  /** CPU-seconds of the new process until all watches were back. */
  readonly cpu: number;
  /** When that share of the watches was open again. */
  readonly back: (share: number) => number;
}

function clientRequests(): ClientRequest[] {
  return measured('storm-requests')
    .map((row) => ({
      sent: Number(row.sent_at_s),
      verb: row.verb,
      status: row.status,
    }))
    .filter(({ sent }) => sent >= 0);
}

/** Reads the storm off the committed measurement. */
export function measuredStorm(): MeasuredStorm {
  const events = measured('storm-events');
  const open = measured('storm-watches').map((row) => [Number(row.at_s), Number(row.watches_open)] as const);
  const started = Number(events.find(({ event }) => event === 'start')?.at_s);
  const requests = clientRequests();
  const refused = requests.filter(({ status }) => status === '0');
  const watches = requests.filter(({ verb, status }) => verb === 'watch' && status === '200');
  const lost = watches.filter(({ sent }) => sent < started).length;
  const back = (share: number): number => {
    const [at] = open.find(([time, count]) => time > started && count >= share * WATCHES) ?? [NaN];
    return at;
  };
  const cpu = events.find(({ event, at_s }) => event === 'cpu' && Number(at_s) >= back(1));
  return {
    refused: refused.length,
    lost,
    gone: watches.length - lost - WATCHES,
    lists: requests.filter(({ verb }) => verb === 'list').length,
    connections: CLIENTS,
    started,
    cpu: Number(cpu?.apiserver_cpu_s),
    back,
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
      uses: Array.from({ length: reflectors }, (_, r) => ({
        object: (c * reflectors + r) % secrets,
        as: 'volume',
        volume: r,
      })),
    })),
  };
}

/** When the server is killed in the simulation. */
export const KILL_S = 20;

/** The laboratory's experiment: reflectors of 1.20 on an API server of one core that is killed and started again. */
export function stormInput(
  storm: MeasuredStorm,
  apiServer: Partial<ApiServerConfig> = {},
  size = { clients: CLIENTS, reflectors: REFLECTORS },
): ModelInput {
  const input = inputOf({
    release: '1.20',
    duration: 60,
    drain: 0,
    apiServers: 1,
    kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
    apiServer: {
      capacity: 1,
      // Authorization was off, and the clients sent nothing but the reflectors' requests.
      nodeAuthorizer: false,
      costs: { ...MEASURED_COSTS, nodeBackground: 0 },
      ...apiServer,
    },
    timeline: [
      {
        action: 'restartApiServer',
        servers: 'all',
        staggerUs: 0,
        downtimeUs: storm.started * S,
        mode: 'crash',
        firstUs: KILL_S * S,
        everyUs: null,
        untilUs: Infinity,
        jitterUs: 0,
      },
    ],
  });
  const file = clients(size.clients, size.reflectors);
  return { ...input, warmupUs: 0, loadBinUs: 0.1 * S, cluster: { type: 'imported', file } };
}
