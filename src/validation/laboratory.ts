import { max, quantile } from 'd3-array';
import * as z from 'zod';
import { SECOND_US } from '../sim/units.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { TopologyFile, TopologyUse } from '../cluster/model/topology-file.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { measuredRows, type CsvRow } from './measured-files.js';
import { modelOf } from './model.js';

/**
 * Time zero of the measurements is the first request of a kubelet, when the first pods were up to 1 s old; the
 * simulated clock begins 1 s earlier.
 */
export const ORIGIN_S = 1;

/** Bytes of a Secret's values in the laboratory. */
const SECRET_BYTES = 700;

/** The cores of the machine. */
const CORES = 2;

/** Latencies on the idle machine (`apiserver-costs.md`), median and 99 % quantile, s. */
const IDLE_QUORUM_GET_S = [0.0015, 0.0067];
const IDLE_PATCH_S = [0.0042, 0.026];
/** From a PATCH's commit to a watcher: the default of `apiServer.dispatch`. */
const IDLE_DISPATCH_S = [0.002, 0.01];

/** The model's law of a latency needs its 99 % quantile within this multiple of the median. */
const LATENCY_SPREAD_MAX = 6.6;

const groupRow = z.object({
  group: z.string(),
  configMapAndSecretChangeDetectionStrategy: z.enum(['Watch', 'Cache', 'Get']),
  syncFrequency: z.string(),
  nodeTTL: z.string(),
});

/** A group of nodes of the laboratory: those of a row of `groups.csv`. */
export type Group = z.infer<typeof groupRow>;

/** The laboratory's groups. */
export function groups(): Group[] {
  return measuredRows('groups').map((row) => groupRow.parse(row));
}

/** Names of the objects of some pods: the shared one, one immutable per node, one of each pod. */
const immutableOf = (node: string): string => `imm-${node}`;
const ownOf = (pod: CsvRow): string => pod.pod.replace('p-', 'own-');

/** True for objects that are never written and immutable; names with or without namespace. */
export function isImmutable(object: string): boolean {
  return /(^|\/)imm-/.test(object);
}

/** True for the Secret that all pods share. */
export function isShared(object: string): boolean {
  return /(^|\/)shared$/.test(object);
}

/** The cluster of some groups: who mounts what where, and when its kubelet is told of each pod. */
export function laboratoryTopology(names: readonly string[]): TopologyFile {
  const pods = measuredRows('pods').filter((row) => names.includes(row.group));
  const nodes = [...new Set(pods.map((pod) => pod.node))];
  const objects = ['shared', ...nodes.map(immutableOf), ...pods.map(ownOf)];
  const position = new Map(objects.map((name, index) => [name, index]));
  const use = (name: string, volume: number): TopologyUse => ({
    object: position.get(name) ?? NaN,
    as: 'volume',
    volume,
  });
  const starts = creationTimes(pods);
  return {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: nodes.map((name) => ({ name })),
    objects: objects.map((name) => ({
      namespace: 'default',
      name,
      kind: 'Secret',
      size: SECRET_BYTES,
      ...(isImmutable(name) && { immutable: true }),
    })),
    pods: pods.map((pod, index) => ({
      namespace: 'default',
      name: pod.pod,
      node: nodes.indexOf(pod.node),
      startsAfterSeconds: starts[index],
      uses: [use('shared', 0), use(ownOf(pod), 1), use(immutableOf(pod.node), 2)],
    })),
  };
}

/** When pods were created, on the simulated clock: the API server keeps whole seconds, over which they are spread in order. */
function creationTimes(pods: readonly CsvRow[]): number[] {
  const sizes = new Map<string, number>();
  for (const { created_at_s } of pods) sizes.set(created_at_s, (sizes.get(created_at_s) ?? 0) + 1);
  const seen = new Map<string, number>();
  return pods.map(({ created_at_s }) => {
    const before = seen.get(created_at_s) ?? 0;
    seen.set(created_at_s, before + 1);
    return ORIGIN_S + Number(created_at_s) + (before + 0.5) / (sizes.get(created_at_s) ?? 1);
  });
}

/** End of the rounds, on the measurements' clock. */
export function endOfRounds(): number {
  return max(measuredRows('requests'), (row) => Number(row.received_at_s)) ?? NaN;
}

/** A spec of the laboratory's cluster: release, clients, server, and the latencies that its log shows. */
export function laboratorySpec(group: Group): SpecInput {
  return {
    start: 'cold',
    warmup: '0s',
    drain: '0s',
    cluster: { kubernetesVersion: '1.20', apiServers: 1, topology: 'laboratory' },
    kubelet: {
      configMapAndSecretChangeDetectionStrategy: group.configMapAndSecretChangeDetectionStrategy,
      syncFrequency: group.syncFrequency,
      nodeTTL: group.nodeTTL,
      kubeAPIQPS: 50,
      kubeAPIBurst: 100,
    },
    apiServer: { capacity: CORES, ...latenciesOf(group.group) },
  };
}

/** How a model that is wrong on purpose differs. */
export interface Alterations {
  readonly kubelet?: SpecInput['kubelet'];
  readonly behaviours?: NonNullable<SpecInput['cluster']>['behaviours'];
}

/** A group as the simulator runs it: its nodes, pods and Secrets, the start of its pods, and the very update times. */
export function groupInput(
  group: Group,
  durationS: number,
  { kubelet, behaviours = {} }: Alterations = {},
): ModelInput {
  const topology = laboratoryTopology([group.group]);
  const names = new Set(topology.objects.map(({ name }) => name));
  const spec = laboratorySpec(group);
  return modelOf(
    {
      ...spec,
      cluster: { ...spec.cluster, behaviours },
      kubelet: { ...spec.kubelet, ...kubelet },
      duration: durationText(ORIGIN_S + durationS),
      timeline: measuredRows('updates')
        .filter(({ object }) => names.has(object))
        .map(({ object, sent_at_s }) => ({
          at: durationText(ORIGIN_S + Number(sent_at_s)),
          update: `default/${object}`,
        })),
    },
    { topology, samples: 'all' },
  );
}

/** A duration of an experiment file, in whole microseconds. */
export function durationText(value: number): string {
  return `${Math.round(value * SECOND_US)}us`;
}

/**
 * Latencies of a group's requests at the API server, from its audit log. The PATCHes of pods' statuses and their
 * events are not in it: they wait for the busy machine's cores as long as quorum GETs do, on top of what they take
 * on the idle one.
 */
function latenciesOf(group: string): NonNullable<SpecInput['apiServer']> {
  const answered = measuredRows('requests').filter((row) => row.group === group && row.status === '200');
  const quorum = latency(answered.filter((row) => row.verb === 'get' && row.resource_version === ''));
  const cached = latency(answered.filter((row) => row.verb === 'get' && row.resource_version === '0'));
  const list = latency(answered.filter((row) => row.verb === 'list'));
  const busy = (idle: readonly number[]) =>
    inMicroseconds(idle.map((value, i) => value + (quorum?.[i] ?? NaN) - IDLE_QUORUM_GET_S[i]));
  return {
    ...(cached && { getFromCache: inMicroseconds(cached) }),
    ...(list && { list: inMicroseconds(list) }),
    ...(quorum && { getQuorum: inMicroseconds(quorum), write: busy(IDLE_PATCH_S), dispatch: busy(IDLE_DISPATCH_S) }),
  };
}

/** Median and 99 % quantile of requests' durations in seconds; undefined where there are too few. */
function latency(rows: readonly CsvRow[]): readonly number[] | undefined {
  if (rows.length < 50) return undefined;
  const durations = rows.map(({ duration_s }) => Number(duration_s));
  const p50 = quantile(durations, 0.5) ?? NaN;
  return [p50, Math.min(quantile(durations, 0.99) ?? NaN, LATENCY_SPREAD_MAX * p50)];
}

function inMicroseconds([p50, p99]: readonly number[]) {
  return { p50: durationText(p50), p99: durationText(p99) };
}
