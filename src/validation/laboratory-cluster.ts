import { SECOND_US } from '../sim/units.js';
import type { ObjectKind } from '../cluster/model/kinds.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { Release } from '../cluster/model/releases.js';
import type { TopologyFile, TopologyObject, TopologyPod, TopologyUse } from '../cluster/model/topology-file.js';
import type { SpecInput } from '../experiment/language/schema.js';
import type { CsvRow } from './measured-folder.js';
import type { Group, Laboratory, Volume } from './laboratory.js';
import { type Phase, startOfRounds, withLatencies } from './laboratory-latencies.js';
import { modelOf } from './model.js';

const NAMESPACE = 'default';

/** Objects of a kind that the laboratory's pods share. */
const SHARED: Readonly<Partial<Record<Volume, string>>> = {
  shared: 'shared',
  sharedConfigMap: 'cm-shared',
  projected: 'kube-root-ca.crt',
};

/** True for objects that are immutable; names with or without namespace. */
export function isImmutable(object: string): boolean {
  return /(^|\/)imm-/.test(object);
}

/** The name of the object that a pod mounts as a volume. A pod that replaces another has its name and a suffix. */
function objectOf(volume: Volume, { pod, node }: CsvRow): string {
  const own = pod.replace(/^p-/, 'own-').replace(/-r\d+$/, '');
  if (volume === 'immutable') return `imm-${node}`;
  if (volume === 'own') return own;
  if (volume === 'ownConfigMap') return `cm-${own}`;
  return SHARED[volume] ?? volume;
}

const kindOf = (volume: Volume): ObjectKind =>
  volume === 'shared' || volume === 'own' || volume === 'immutable' ? 'Secret' : 'ConfigMap';

/**
 * The cluster of some groups: who mounts what where, and when its kubelet is told of each pod. Pods that were deleted
 * run on, and are not looked at any more.
 */
export function laboratoryTopology(laboratory: Laboratory, groups: readonly Group[]): TopologyFile {
  const volumes = new Map(groups.map((group) => [group.group, group.volumes]));
  const rows = laboratory.tables.rows('pods').filter(({ group }) => volumes.has(group));
  const nodes = [...new Set(rows.map(({ node }) => node))];
  const objects: TopologyObject[] = [];
  const position = new Map<string, number>();
  const index = (volume: Volume, name: string): number => {
    const known = position.get(name);
    if (known !== undefined) return known;
    position.set(name, objects.length);
    const kind = kindOf(volume);
    const immutable = isImmutable(name) && { immutable: true as const };
    objects.push({ namespace: NAMESPACE, name, kind, size: laboratory.objectBytes, ...immutable });
    return objects.length - 1;
  };
  const starts = creationTimes(laboratory, rows);
  const pods = rows.map((row, i): TopologyPod => ({
    namespace: NAMESPACE,
    name: row.pod,
    node: nodes.indexOf(row.node),
    startsAfterSeconds: starts[i],
    uses: (volumes.get(row.group) ?? []).map((volume, place): TopologyUse => ({
      object: index(volume, objectOf(volume, row)),
      as: volume === 'projected' ? 'projected' : 'volume',
      volume: place,
    })),
  }));
  return { apiVersion: 'secretsim/v1', kind: 'Topology', nodes: nodes.map((name) => ({ name })), objects, pods };
}

/**
 * When pods were created, on the simulated clock: when the request for each was sent; where only the whole seconds are
 * known that the API server keeps, spread over these in order.
 */
function creationTimes({ originS }: Laboratory, pods: readonly CsvRow[]): number[] {
  if (pods.every((row) => 'sent_at_s' in row && row.sent_at_s !== ''))
    return pods.map((row) => originS + Number(row.sent_at_s));
  const sizes = new Map<string, number>();
  for (const { created_at_s } of pods) sizes.set(created_at_s, (sizes.get(created_at_s) ?? 0) + 1);
  const seen = new Map<string, number>();
  return pods.map(({ created_at_s }) => {
    const before = seen.get(created_at_s) ?? 0;
    seen.set(created_at_s, before + 1);
    return originS + Number(created_at_s) + (before + 0.5) / (sizes.get(created_at_s) ?? 1);
  });
}

/** A spec of a laboratory's cluster: release, clients, server. */
export function laboratorySpec(laboratory: Laboratory, group: Group): SpecInput {
  return {
    start: 'cold',
    warmup: '0s',
    drain: '0s',
    cluster: { kubernetesVersion: laboratory.release, apiServers: 1, topology: 'laboratory' },
    kubelet: {
      configMapAndSecretChangeDetectionStrategy: group.configMapAndSecretChangeDetectionStrategy,
      syncFrequency: group.syncFrequency,
      nodeTTL: group.nodeTTL,
      kubeAPIQPS: laboratory.kubeAPIQPS,
      kubeAPIBurst: laboratory.kubeAPIBurst,
    },
    etcd: { watchProgressNotifyInterval: durationText(laboratory.progressIntervalS) },
    apiServer: { capacity: laboratory.cores },
  };
}

/** How a model that is wrong on purpose differs. */
export interface Alterations {
  readonly kubelet?: SpecInput['kubelet'];
  readonly behaviours?: NonNullable<SpecInput['cluster']>['behaviours'];
  /** The behaviours of another release, as a whole. */
  readonly release?: Release;
}

/**
 * A group as the simulator runs it: its nodes, pods and objects, the start of its pods, and the very update times; with
 * the latencies of a phase, and until its end.
 */
export function groupInput(
  laboratory: Laboratory,
  group: Group,
  phase: Phase,
  { kubelet, behaviours = {}, release = laboratory.release }: Alterations = {},
): ModelInput {
  const { originS, endOfLogS, tables } = laboratory;
  const topology = laboratoryTopology(laboratory, [group]);
  const names = new Set(topology.objects.map(({ name }) => name));
  const spec = laboratorySpec(laboratory, group);
  const timeline = tables
    .rows('updates', { text: ['object'], numbers: ['sent_at_s'] })
    .filter(({ object, error = '' }) => names.has(object) && error === '')
    .map(({ object, sent_at_s }) => ({
      at: durationText(originS + Number(sent_at_s)),
      [isImmutable(object) ? 'recreate' : 'update']: `${NAMESPACE}/${object}`,
    }));
  const input = modelOf(
    {
      ...spec,
      cluster: { ...spec.cluster, kubernetesVersion: release, behaviours },
      kubelet: { ...spec.kubelet, ...kubelet },
      duration: durationText(originS + (phase === 'start' ? startOfRounds(laboratory) : endOfLogS)),
      timeline: phase === 'start' ? [] : timeline,
    },
    { topology, samples: phase === 'start' ? 'none' : 'all' },
  );
  return withLatencies(input, laboratory, group, phase);
}

/** A duration of an experiment file, in whole microseconds. */
export function durationText(value: number): string {
  return `${Math.round(value * SECOND_US)}us`;
}
