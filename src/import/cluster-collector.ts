import type { z } from 'zod';
import type { ObjectKind } from '../cluster/model-input.js';
import { InputError } from '../experiment/input-error.js';
import { formatPath } from '../experiment/path-text.js';
import { formatPlace, type ImportedKind, type Place } from './kubernetes-items.js';
import {
  configMapSchema,
  contentSize,
  nodeSchema,
  podSchema,
  secretSchema,
  type ContentSize,
  type Pod,
} from './kubernetes-schemas.js';
import { historyOf, newestTimeOf, type ObjectHistory } from './object-history.js';
import { podUses, type NamedUse } from './pod-uses.js';
import { workloadOf } from './workload.js';

export interface CollectedNode {
  readonly name: string;
  readonly ttlSeconds?: number;
  /** `v1.20.2`; empty where the node has not reported yet. */
  readonly kubeletVersion: string;
}

export interface CollectedObject {
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly immutable: boolean;
  readonly history: ObjectHistory;
}

export interface CollectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly workload: string | undefined;
  /** Its containers have not all started yet. */
  readonly waiting: boolean;
  readonly uses: readonly NamedUse[];
  readonly place: Place;
}

/** Parts of a path whose further steps are keys of a Secret, which no message repeats. */
const CONTENT_FIELDS = ['data', 'stringData', 'binaryData'];

/** Phases of pods that will not run again (`status.phase`). */
const FINISHED = ['Succeeded', 'Failed'];

/** Keeps of each item what the simulation needs: names, sizes and references, never a value. */
export class ClusterCollector {
  readonly nodes: CollectedNode[] = [];
  readonly objects: CollectedObject[] = [];
  readonly pods: CollectedPod[] = [];
  finishedPods = 0;
  /** Pods that the scheduler has not bound to a node. */
  unscheduledPods = 0;
  /** Pods of the cluster's own API servers, where they run as static pods. */
  apiServerPods = 0;
  /** The newest time in the input, milliseconds since 1970; −Infinity where there is none. */
  newestAt = -Infinity;
  private readonly places = new Map<string, Place>();

  /** Throws an InputError for an item that is malformed, too large, or there for the second time. */
  add(kind: ImportedKind, item: unknown, place: Place): void {
    this.newestAt = Math.max(this.newestAt, newestTimeOf(item));
    switch (kind) {
      case 'Node':
        this.addNode(item, place);
        break;
      case 'Pod':
        this.addPod(read(podSchema, kind, item, place), place);
        break;
      case 'Secret': {
        const { metadata, type, immutable, data, stringData } = read(secretSchema, kind, item, place);
        this.addObject({ kind, ...described(metadata), type, immutable }, [data, stringData], place);
        break;
      }
      case 'ConfigMap': {
        const { metadata, immutable, data, binaryData } = read(configMapSchema, kind, item, place);
        this.addObject({ kind, ...described(metadata), type: '', immutable }, [data, binaryData], place);
      }
    }
  }

  private addNode(item: unknown, place: Place): void {
    const { metadata, status } = read(nodeSchema, 'Node', item, place);
    this.register('Node', metadata.name, place);
    const ttl = metadata.annotations?.['node.alpha.kubernetes.io/ttl'] ?? '';
    // The kubelet takes no notice of an annotation that is no number (`cache_based_manager.go` GetObjectTTLFromNodeFunc).
    const ttlSeconds = /^\d{1,9}$/.test(ttl) ? Number(ttl) : undefined;
    this.nodes.push({
      name: metadata.name,
      ...(ttlSeconds !== undefined && { ttlSeconds }),
      kubeletVersion: status?.nodeInfo?.kubeletVersion ?? '',
    });
  }

  private addPod(pod: Pod, place: Place): void {
    const { metadata, spec, status } = pod;
    const { namespace, name } = metadata;
    this.register('Pod', `${namespace}/${name}`, place);
    const phase = status?.phase ?? '';
    if (FINISHED.includes(phase)) this.finishedPods++;
    else if (spec.nodeName === '') this.unscheduledPods++;
    else {
      if (namespace === 'kube-system' && metadata.labels?.component === 'kube-apiserver') this.apiServerPods++;
      this.pods.push({
        namespace,
        name,
        node: spec.nodeName,
        workload: workloadOf(pod),
        waiting: phase === 'Pending',
        uses: podUses(pod),
        place,
      });
    }
  }

  private addObject(object: Omit<CollectedObject, 'size'>, parts: readonly ContentSize[], place: Place): void {
    const id = `${object.namespace}/${object.name}`;
    this.register(object.kind, id, place);
    const { bytes, problem } = contentSize(parts);
    if (problem !== undefined) throw new InputError([`${formatPlace(place)}: ${object.kind} ${id} ${problem}`]);
    this.objects.push({ ...object, size: bytes });
  }

  private register(kind: ImportedKind, id: string, place: Place): void {
    const first = this.places.get(`${kind} ${id}`);
    if (first !== undefined) {
      throw new InputError([`${formatPlace(place)}: ${kind} ${id} is there twice; first in ${formatPlace(first)}`]);
    }
    this.places.set(`${kind} ${id}`, place);
  }
}

/** Name and history of an object. */
function described(
  metadata: z.output<typeof secretSchema>['metadata'],
): Pick<CollectedObject, 'namespace' | 'name' | 'history'> {
  const { namespace, name } = metadata;
  return { namespace, name, history: historyOf(metadata) };
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
  if (!isRecord(item) || !isRecord(item.metadata)) return '';
  const { namespace, name } = item.metadata;
  const parts = [namespace, name].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? '' : ` ${JSON.stringify(parts.join('/')).slice(1, -1)}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
