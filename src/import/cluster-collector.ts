import type * as z from 'zod';
import type { ObjectKind } from '../cluster/model/kinds.js';
import type { TopologyWorkload } from '../cluster/model/topology-file.js';
import { quoteObject } from '../experiment/language/quoting.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { formatPath } from '../experiment/language/values/path-text.js';
import { apiServerVersion, isApiServer } from './api-server-pods.js';
import { objectSize, type ContentSize } from './content-size.js';
import { isRecord } from './item-kind.js';
import { formatPlace, type ImportedKind, type ItemSink, type Place } from './item-sink.js';
import {
  clusterTrustBundleSchema,
  configMapSchema,
  nodeSchema,
  podSchema,
  secretSchema,
  type Pod,
} from './kubernetes-schemas.js';
import { LatestOf } from './latest-of.js';
import { NODE_POOL_LABELS, nodePool } from './node-pool.js';
import { nodeTtl } from './node-ttl.js';
import { historyOf, newestTimeOf, type ObjectHistory } from './object-history.js';
import { type OwnerFacts, ownerFacts } from './owners/owner-facts.js';
import { type Ownership, OwnerWitnesses } from './owners/ownership.js';
import { type DriverSettings, driverSettings } from './owners/secrets-store-driver.js';
import { objectsNotFound, podUses, type NamedUse } from './pod-uses.js';
import { type SelectableBundle, selectBundles } from './trust-bundles.js';
import { UpdateStrategies } from './update-strategies.js';
import type { Workload } from './workload.js';
import { workloadOf } from './workload-of.js';

export interface CollectedNode {
  readonly name: string;
  readonly ttlSeconds?: number;
  readonly pool?: string;
  /** Its annotation tells more than an experiment may. */
  readonly ttlBounded: boolean;
  /** `v1.20.2`; empty where the node has not reported yet. */
  readonly kubeletVersion: string;
}

export interface CollectedObject {
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** null where a tool has taken the content out and its size is not known. */
  readonly size: number | null;
  /** A tool has taken content out. */
  readonly redacted: boolean;
  /** It has some content, be it one that was taken out. */
  readonly filled: boolean;
  readonly immutable: boolean;
  readonly history: ObjectHistory;
}

/** An object of which all is known that the input tells. */
export interface OwnedObject extends CollectedObject {
  /** Who writes it again; null where nothing tells. */
  readonly ownership: Ownership | null;
}

export interface CollectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly workload: Workload | undefined;
  /** Its containers have not all started yet. */
  readonly waiting: boolean;
  /** `Secret/name`: what its kubelet says that it waits for. */
  readonly notFound: readonly string[];
  readonly uses: readonly NamedUse[];
  /** What it tells of the Secrets Store CSI driver, whose pod it is; null for others. */
  readonly driver: DriverSettings | null;
  /** Its annotations ask Reloader for a rollout when its objects change. */
  readonly asksForReload: boolean;
}

/** Where a pod is in its life. */
type PodState = 'finished' | 'unscheduled' | 'terminating' | 'bound';

interface Role {
  readonly state: PodState;
  readonly isApiServer: boolean;
  /** Of an API server; empty where it is not known. */
  readonly version: string;
}

/** What was collected of a cluster. */
export interface CollectedCluster {
  readonly nodes: readonly CollectedNode[];
  readonly objects: readonly OwnedObject[];
  readonly owners: OwnerFacts;
  /** Those on a node that are neither finished nor being deleted. */
  readonly pods: readonly CollectedPod[];
  /** Workloads of theirs with an `updateStrategy` of their own. */
  readonly workloads: readonly TopologyWorkload[];
  readonly finishedPods: number;
  /** Pods that the scheduler has not bound to a node. */
  readonly unscheduledPods: number;
  /** Pods that are being deleted: they read nothing any more. */
  readonly terminatingPods: number;
  /** Pods of the cluster's own API servers, where they run as pods. */
  readonly apiServerPods: number;
  /** Their versions, as far as their images tell them. */
  readonly apiServerVersions: readonly string[];
  /** The newest time in the input, milliseconds since 1970; −Infinity where there is none. */
  readonly newestAt: number;
  /** Readings of objects that a newer one has replaced. */
  readonly repeated: number;
}

/** Parts of a path whose further steps are keys of a Secret, which no message repeats. */
const CONTENT_FIELDS = ['data', 'stringData', 'binaryData'];

/** Phases of pods that will not run again (`status.phase`). */
const FINISHED = ['Succeeded', 'Failed'];

/** Keeps of each item what the simulation needs: names, sizes and references, never a value. */
export class ClusterCollector implements ItemSink {
  private readonly nodes = new LatestOf<CollectedNode>('Node');
  private readonly secrets = new LatestOf<CollectedObject>('Secret');
  private readonly configMaps = new LatestOf<CollectedObject>('ConfigMap');
  private readonly bundles = new LatestOf<CollectedObject & SelectableBundle>('ClusterTrustBundle');
  private readonly pods = new LatestOf<CollectedPod & Role>('Pod');
  private readonly witnesses = new OwnerWitnesses();
  private readonly strategies = new UpdateStrategies();
  private newestAt = -Infinity;

  /** `poolLabels`: labels that name the pool of a node; the first that a node has counts. */
  constructor(private readonly poolLabels: readonly string[] = NODE_POOL_LABELS) {}

  /** Throws an InputError for an item that is malformed, too large, or there a second time as another object. */
  add(kind: ImportedKind, item: unknown, place: Place): void {
    this.newestAt = Math.max(this.newestAt, newestTimeOf(item));
    switch (kind) {
      case 'Node':
        this.addNode(item, place);
        break;
      case 'Pod':
        this.addPod(read(podSchema, kind, item, place), place);
        break;
      case 'ClusterTrustBundle':
        this.addBundle(read(clusterTrustBundleSchema, kind, item, place), place);
        break;
      case 'Secret': {
        const { metadata, type, immutable, data, stringData } = read(secretSchema, kind, item, place);
        this.addObject(kind, metadata, { type, immutable }, [data, stringData], place);
        break;
      }
      case 'ConfigMap': {
        const { metadata, immutable, data, binaryData } = read(configMapSchema, kind, item, place);
        this.addObject(kind, metadata, { type: '', immutable }, [data, binaryData], place);
      }
    }
  }

  /** A watch has seen the end of an object. */
  remove(kind: ImportedKind, item: unknown): void {
    const metadata = isRecord(item) && isRecord(item['metadata']) ? item['metadata'] : {};
    const { namespace, name } = metadata;
    const { nodes, secrets, configMaps, bundles, pods } = this;
    const of = { Node: nodes, Secret: secrets, ConfigMap: configMaps, ClusterTrustBundle: bundles, Pod: pods }[kind];
    const isNamespaced = kind !== 'Node' && kind !== 'ClusterTrustBundle';
    of.delete(isNamespaced ? `${String(namespace)}/${String(name)}` : String(name));
  }

  witness(kind: string, item: unknown): boolean {
    const isRolledOut = this.strategies.add(kind, item);
    return this.witnesses.add(kind, item) || isRolledOut;
  }

  /** What was collected, once everything was read. */
  collected(): CollectedCluster {
    const pods = this.pods.values();
    const ownershipOf = this.witnesses.lookUp();
    const count = (state: PodState): number => pods.filter((pod) => pod.state === state).length;
    const bundles = this.bundles.values();
    const bound = pods
      .filter(({ state }) => state === 'bound')
      .map((pod) => ({ ...pod, uses: selectBundles(pod.uses, bundles) }));
    return {
      nodes: this.nodes.values(),
      objects: [...this.secrets.values(), ...this.configMaps.values(), ...bundles].map((object) => ({
        ...object,
        ownership: ownershipOf(object),
      })),
      owners: ownerFacts(this.witnesses, bound),
      pods: bound,
      workloads: this.strategies.of(bound),
      finishedPods: count('finished'),
      unscheduledPods: count('unscheduled'),
      terminatingPods: count('terminating'),
      apiServerPods: bound.filter((pod) => pod.isApiServer).length,
      apiServerVersions: bound.filter((pod) => pod.isApiServer).map(({ version }) => version),
      newestAt: this.newestAt,
      repeated: [this.nodes, this.secrets, this.configMaps, this.bundles, this.pods].reduce(
        (sum, { repeated }) => sum + repeated,
        0,
      ),
    };
  }

  private addNode(item: unknown, place: Place): void {
    const { metadata, status } = read(nodeSchema, 'Node', item, place);
    const { name, uid, resourceVersion, annotations, labels } = metadata;
    const pool = nodePool(labels, this.poolLabels);
    const kubeletVersion = status?.nodeInfo?.kubeletVersion ?? '';
    const ttl = nodeTtl(annotations?.['node.alpha.kubernetes.io/ttl']);
    const value = { name, ...ttl, ...(pool !== undefined && { pool }), kubeletVersion };
    this.nodes.put(name, { uid, resourceVersion, place, value });
  }

  private addPod(pod: Pod, place: Place): void {
    const { namespace, name, uid, resourceVersion } = pod.metadata;
    const value = {
      namespace,
      name,
      node: pod.spec.nodeName,
      workload: workloadOf(pod),
      waiting: pod.status?.phase === 'Pending',
      notFound: objectsNotFound(pod),
      uses: podUses(pod),
      driver: driverSettings(pod.spec.containers),
      asksForReload: pod.metadata.annotations.asksForReload,
      state: stateOf(pod),
      isApiServer: isApiServer(pod),
      version: isApiServer(pod) ? apiServerVersion(pod) : '',
    };
    this.pods.put(`${namespace}/${name}`, { uid, resourceVersion, place, value });
  }

  private addBundle({ metadata, spec }: z.output<typeof clusterTrustBundleSchema>, place: Place): void {
    const { name, uid, labels } = metadata;
    const { bytes, redacted, filled } = objectSize([spec.trustBundle]);
    const history = historyOf({ ...metadata, labels: Object.keys(labels ?? {}) });
    const value = {
      ...{ kind: 'ClusterTrustBundle' as const, namespace: '', name, type: '', immutable: false },
      ...{ size: bytes, redacted, filled, history, signerName: spec.signerName, labels: labels ?? {} },
    };
    this.bundles.put(name, { uid, resourceVersion: history.resourceVersion, place, value });
  }

  private addObject(
    kind: ObjectKind,
    metadata: z.output<typeof secretSchema>['metadata'],
    fields: Pick<CollectedObject, 'type' | 'immutable'>,
    parts: readonly ContentSize[],
    place: Place,
  ): void {
    const { namespace, name, uid } = metadata;
    const { bytes, redacted, filled, problem } = objectSize(parts);
    if (problem !== undefined) {
      throw new InputError([`${formatPlace(place)}: ${kind}${quoteObject(`${namespace}/${name}`)} ${problem}`]);
    }
    const history = historyOf(metadata);
    const value = { kind, namespace, name, ...fields, size: bytes, redacted, filled, history };
    const of = kind === 'Secret' ? this.secrets : this.configMaps;
    of.put(`${namespace}/${name}`, { uid, resourceVersion: history.resourceVersion, place, value });
  }
}

function stateOf({ metadata, spec, status }: Pod): PodState {
  if (FINISHED.includes(status?.phase ?? '')) return 'finished';
  if (spec.nodeName === '') return 'unscheduled';
  return metadata.deletionTimestamp === '' ? 'bound' : 'terminating';
}

function read<T extends z.ZodType>(schema: T, kind: ImportedKind, item: unknown, place: Place): z.output<T> {
  const result = schema.safeParse(item);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  const content = path.findIndex((step) => CONTENT_FIELDS.includes(String(step)));
  const shown = formatPath(path.slice(0, content < 0 ? undefined : content + 1).map(String));
  throw new InputError([
    `${formatPlace(place)}: ${kind}${nameOf(item)}: ${shown === '' ? '' : `${shown}: `}${message}`,
  ]);
}

/** ` namespace/name`, as far as the item tells it. */
function nameOf(item: unknown): string {
  if (!isRecord(item) || !isRecord(item['metadata'])) return '';
  const { namespace, name } = item['metadata'];
  const parts = [namespace, name].filter((part) => typeof part === 'string' && part !== '');
  return quoteObject(parts.join('/'));
}
