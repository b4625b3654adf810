import { quantileSorted } from 'd3-array';
import { SECOND_US } from '../sim/units.js';
import { measuredFor } from '../cluster/model/measured-costs.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { Release } from '../cluster/model/releases.js';
import type { TopologyFile, TopologyUse } from '../cluster/model/topology-file.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { VERB } from '../cluster/model/verbs.js';
import { STATUS } from '../cluster/kube-apiserver/requests.js';
import { modelOf } from './model.js';
import type { Observed } from './observation.js';
import type { MeasuredStorm, StormFigures } from './measured-storm.js';
import { durationText } from './laboratory-cluster.js';

const SECRETS = 2000;
const SECRET_BYTES = 1024;

/** CPU until `/readyz` is ok, of a server on its own. */
export const START_CPU_S = 4.0;

type StartupInput = NonNullable<NonNullable<SpecInput['apiServer']>['startup']>;

/** When the server is killed in the simulation. */
export const KILL_S = 20;

/** Of the machine that the tables of costs were measured on. */
const SAME_MACHINE: Slowness = { start: 1, server: 1, clients: 1 };

/** How many times as long as by the tables a machine takes for the CPU of a server's start, of the server, of its clients. */
export interface Slowness {
  readonly start: number;
  readonly server: number;
  readonly clients: number;
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
 * The laboratory's experiment: reflectors of a release on an API server of few cores that is killed and started again. All
 * clients shared another core: when each of them noticed is read off the log, as is when the old process had ended.
 * `slowness`: of the machine (`slownessOf`).
 */
export function stormInput(
  release: Release,
  storm: Pick<
    MeasuredStorm,
    | 'started'
    | 'back100'
    | 'clients'
    | 'reflectors'
    | 'exited'
    | 'noticed'
    | 'listsFirst'
    | 'serverCores'
    | 'refusedUntil'
  >,
  apiServer: SpecInput['apiServer'] = {},
  slowness = SAME_MACHINE,
): ModelInput {
  const { started, back100, exited, noticed, listsFirst, serverCores, ...size } = storm;
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
        capacity: serverCores,
        cpuScale: slowness.server,
        startup: startupOf(release, storm, slowness),
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

/** The start of a server on a machine that is slow; on such a one, when it listened is read off who was still refused. */
function startupOf(
  release: Release,
  { started, refusedUntil }: Pick<MeasuredStorm, 'started' | 'refusedUntil'>,
  { start, server }: Slowness,
): StartupInput {
  const { listenUs, serveCpuUs, readyCpuUs } = measuredFor(release).startup;
  const seenUs = (refusedUntil - started) * SECOND_US;
  const listensUs = start > 1 && seenUs > 0 ? seenUs : start * listenUs;
  // What it does until then is part of its start.
  const servesUs = Math.max(0, start * (listenUs + serveCpuUs) - listensUs);
  return {
    listen: durationText(listensUs / SECOND_US),
    serveCpu: durationText(servesUs / server / SECOND_US),
    readyCpu: durationText(((start / server) * readyCpuUs) / SECOND_US),
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
