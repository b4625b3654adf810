import type { TopologyWorkload } from '../cluster/model/topology-file.js';
import { missingPods } from '../experiment/language/topology-reader.js';
import { isRecord } from './item-kind.js';
import type { Workload } from './workload.js';

/** Kinds whose pods get another template where they are, as their `updateStrategy` says. */
const KINDS = ['DaemonSet', 'StatefulSet'];

/** DaemonSets and StatefulSets that say how their pods get another template, otherwise than by default. */
export class UpdateStrategies {
  /** By kind and name. */
  private readonly told = new Map<string, TopologyWorkload>();

  /** Returns whether the item says something of it. */
  add(kind: string, item: unknown): boolean {
    if (!KINDS.includes(kind) || !isRecord(item) || !isRecord(item['metadata']) || !isRecord(item['spec']))
      return false;
    const { apiVersion = 'apps/v1' } = item;
    const { namespace, name } = item['metadata'];
    if (typeof apiVersion !== 'string' || !apiVersion.startsWith('apps/')) return false;
    const workload = `${String(namespace)}/${String(name)}`;
    const strategy = strategyOf(kind, item['spec']['updateStrategy']);
    // A newer reading may have none.
    this.told.delete(keyOf(kind, workload));
    if (strategy === null) return false;
    this.told.set(keyOf(kind, workload), { workload, ownerKind: kind, ...strategy });
    return true;
  }

  /** Those that some pods belong to, in the order of their names. */
  of(pods: readonly { readonly workload: Workload | undefined }[]): readonly TopologyWorkload[] {
    const keys = pods.flatMap(({ workload }) => (workload === undefined ? [] : [keyOf(workload.kind, workload.name)]));
    return [...new Set(keys)].sort().flatMap((key) => this.told.get(key) ?? []);
  }
}

const keyOf = (kind: string | undefined, workload: string): string => `${String(kind)} ${workload}`;

type Strategy = Pick<TopologyWorkload, 'maxUnavailable' | 'onDelete'>;

/** What an `updateStrategy` says; null: what is the default, or what cannot be read. */
function strategyOf(kind: string, strategy: unknown): Strategy | null {
  if (!isRecord(strategy)) return null;
  if (strategy['type'] === 'OnDelete') return { onDelete: true };
  if (kind !== 'DaemonSet' || !isRecord(strategy['rollingUpdate'])) return null;
  const { maxUnavailable, maxSurge } = strategy['rollingUpdate'];
  // One of them is 0: pods that may be there in addition are as many as may be missing in the other way.
  const pods = missingPods.safeParse(maxUnavailable).data ?? missingPods.safeParse(maxSurge).data;
  return pods === undefined || pods === 1 ? null : { maxUnavailable: pods };
}
