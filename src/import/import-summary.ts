import {
  CONSUMPTION_MODES,
  isStored,
  KIND,
  OBJECT_KINDS,
  type ConsumptionMode,
  type ObjectKind,
} from '../cluster/model/kinds.js';
import { timelineName, type TopologyFile } from '../cluster/model/topology-file.js';
import { sum } from 'd3-array';
import { API_SERVERS } from './api-server-pods.js';
import type { Assumptions } from './build-topology.js';
import { objectReaches } from './object-reach.js';
import { numbered, operatorLines, ownerLines, type OwnerSummary, summarizeOwners } from './owner-summary.js';
import type { ReadCluster } from './read-cluster.js';

/** Objects of one kind. */
export interface ObjectCounts {
  /** In the cluster; `bytes`, `immutable` and `unused` are of these. */
  readonly present: number;
  /** Of these: not in the input, but taken to exist. */
  readonly assumed: number;
  readonly bytes: number;
  readonly immutable: number;
  /** No pod refers to them. */
  readonly unused: number;
  /** Referenced by pods, but not in the cluster. */
  readonly missing: number;
}

type CountsByKind = Readonly<Record<'Secret' | 'ConfigMap', ObjectCounts>> &
  Readonly<Partial<Record<ObjectKind, ObjectCounts>>>;

/** What was found in a cluster, and what of it was left out. */
export interface ImportSummary {
  /** The files that were written. */
  readonly experimentFile: string;
  readonly topologyFile: string;
  /** Release of most kubelets; null where no node reports one. */
  readonly kubeletRelease: string | null;
  readonly nodes: number;
  /** Nodes with the annotation node.alpha.kubernetes.io/ttl. */
  readonly nodesWithTtl: number;
  readonly pods: {
    readonly imported: number;
    /** Of these: they wait for a required object that does not exist. */
    readonly waitingForObject: number;
    /** Of these: Pending for another reason, and simulated as running. */
    readonly starting: number;
    /** Left out. */
    readonly finished: number;
    /** Left out. */
    readonly unscheduled: number;
    /** Left out: they are being deleted. */
    readonly terminating: number;
  };
  /** API servers that were seen as pods; null where none was, and their number is an assumption. */
  readonly apiServers: number | null;
  /** Those of other kinds only where there are any. */
  readonly objects: CountsByKind;
  /** Pod × object × mode, as the simulation counts consumers. */
  readonly uses: Readonly<Record<ConsumptionMode, number>>;
  /** The objects that most running pods use. */
  readonly widest: readonly {
    readonly kind: ObjectKind;
    /** `namespace/name`; the name of a ClusterTrustBundle. */
    readonly object: string;
    readonly pods: number;
    readonly nodes: number;
  }[];
  /** `namespace/name` of the Secret that the experiment rotates; null where there is none to rotate. */
  readonly rotated: string | null;
  /** Who writes the cluster's objects again, as far as the input tells, and how often. */
  readonly written: OwnerSummary;
  /** Items of other kinds. */
  readonly passedOver: number;
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

const WIDEST_SHOWN = 5;

/** What the topology itself tells of a summary. */
export type TopologySummary = Pick<
  ImportSummary,
  'nodes' | 'nodesWithTtl' | 'pods' | 'apiServers' | 'objects' | 'uses' | 'widest' | 'written'
>;

/** Counts a topology and what was left out of it. */
export function summarizeTopology({ topology, collected, assumptions }: ReadCluster): TopologySummary {
  const { nodes, pods } = topology;
  const waitingForObject = pods.filter(({ pending }) => pending === true).length;
  const waiting = collected.pods.filter((pod) => pod.waiting).length;
  return {
    nodes: nodes.length,
    nodesWithTtl: nodes.filter(({ ttlSeconds }) => ttlSeconds !== undefined).length,
    pods: {
      imported: pods.length,
      waitingForObject,
      starting: waiting - waitingForObject,
      finished: collected.finishedPods,
      unscheduled: collected.unscheduledPods,
      terminating: collected.terminatingPods,
    },
    apiServers: collected.apiServerPods === 0 ? null : collected.apiServerPods,
    objects: countObjects(topology, assumptions),
    uses: countUses(topology),
    widest: objectReaches(topology)
      .slice(0, WIDEST_SHOWN)
      .map(({ object, pods: users, nodes: onNodes }) => ({
        kind: object.kind,
        object: timelineName(object),
        pods: users,
        nodes: onNodes,
      })),
    written: summarizeOwners(collected),
  };
}

function countObjects({ objects, pods }: TopologyFile, assumptions: Assumptions): CountsByKind {
  const used = new Set(pods.flatMap(({ uses }) => uses.map(({ object }) => object)));
  const count = (kind: ObjectKind): ObjectCounts => {
    const own = objects
      .map((object, index) => ({ ...object, used: used.has(index) }))
      .filter((each) => each.kind === kind);
    const present = own.filter(({ missing }) => missing !== true);
    return {
      present: present.length,
      assumed: sum(Object.values(assumptions.present[kind])),
      bytes: sum(present, ({ size }) => size),
      immutable: present.filter(({ immutable }) => immutable === true).length,
      unused: present.filter((object) => !object.used).length,
      missing: own.length - present.length,
    };
  };
  const bundles = count('ClusterTrustBundle');
  const certificates = count('PodCertificateRequest');
  const providerClasses = count('SecretProviderClass');
  return {
    ...{ Secret: count('Secret'), ConfigMap: count('ConfigMap') },
    ...(bundles.present + bundles.missing > 0 && { ClusterTrustBundle: bundles }),
    ...(certificates.present > 0 && { PodCertificateRequest: certificates }),
    ...(providerClasses.present > 0 && { SecretProviderClass: providerClasses }),
  };
}

function countUses({ pods }: TopologyFile): Record<ConsumptionMode, number> {
  const counts = { volume: 0, projected: 0, subPath: 0, env: 0, imagePullSecret: 0 };
  for (const { uses } of pods) {
    const distinct = new Map(uses.map(({ object, as }) => [`${object} ${as}`, as]));
    for (const as of distinct.values()) counts[as]++;
  }
  return counts;
}

const NUMBER = new Intl.NumberFormat('en-US');

/** The summary for a person: some lines of text, warnings not included. Ends with a line feed. */
export function formatImportSummary(summary: ImportSummary): string {
  const { nodes, nodesWithTtl, kubeletRelease, pods, apiServers, objects, uses, widest, rotated, passedOver } = summary;
  const lines = (label: string, texts: readonly string[]): [string, string][] =>
    texts.map((text, index) => [index === 0 ? label : '', text]);
  const kubelets = kubeletRelease === null ? '' : `, kubelet ${kubeletRelease}`;
  const rows: [string, string][] = [
    ['nodes', `${number(nodes)} (${number(nodesWithTtl)} with the TTL annotation${kubelets})`],
    ['pods', describePods(pods)],
    ['API servers', apiServers === null ? `${API_SERVERS} (assumed)` : number(apiServers)],
    ...OBJECT_KINDS.flatMap((kind): [string, string][] => {
      const counts = objects[kind];
      // What the CSI driver mounts is no object of the API servers: it stands with the operators.
      return counts === undefined || !isStored(KIND[kind]) ? [] : [[`${kind}s`, describeObjects(counts)]];
    }),
    ['consumers', CONSUMPTION_MODES.map((mode) => `${number(uses[mode])} ${mode}`).join(', ')],
    ...lines(
      'most used',
      widest.map(
        ({ kind, object, pods: users, nodes: onNodes }) =>
          `${kind} ${object}: ${numbered(users, 'pod')} on ${numbered(onNodes, 'node')}`,
      ),
    ),
    ...lines('written by', ownerLines(summary.written)),
    ...lines('operators', operatorLines(summary.written)),
    ['rotated', rotated === null ? 'nothing: no running pod mounts a Secret that can change' : `Secret ${rotated}`],
    ...(passedOver > 0 ? [['passed over', `${number(passedOver)} items of other kinds`] as [string, string]] : []),
    ['written', `${summary.experimentFile}, ${summary.topologyFile}`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => `${label.padEnd(width)}${text}\n`).join('');
}

function describePods(pods: ImportSummary['pods']): string {
  const { imported, waitingForObject, starting, finished, unscheduled, terminating } = pods;
  return [
    number(imported),
    ...(waitingForObject > 0
      ? [`of these ${number(waitingForObject)} wait for a required object that does not exist`]
      : []),
    ...(starting > 0 ? [`${number(starting)} more are Pending and simulated as running`] : []),
    ...(finished + unscheduled + terminating > 0
      ? [
          `left out: ${number(finished)} finished, ${number(unscheduled)} not bound to a node` +
            (terminating > 0 ? `, ${number(terminating)} being deleted` : ''),
        ]
      : []),
  ].join('; ');
}

function describeObjects({ present, assumed, bytes, immutable, unused, missing }: ObjectCounts): string {
  const rest = `${assumed > 0 ? `${number(assumed)} taken to exist, ` : ''}${number(bytes)} bytes, ${number(immutable)} immutable, ${number(unused)} used by no pod`;
  return `${number(present)} (${rest}); ${number(missing)} more are referenced but missing`;
}

function number(value: number): string {
  return NUMBER.format(value);
}
