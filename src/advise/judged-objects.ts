import { hasOwnManager, KIND } from '../cluster/model/kinds.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import type { TopologyObject } from '../cluster/model/topology-file.js';
import type { ObjectHistory } from '../import/object-history.js';
import type { AdviceRow } from './advice-columns.js';
import { exclusionOf, lastUpdate, type Exclusion, type Judgement } from './exclusion.js';
import { age } from './age.js';
import { objectUses, type ObjectUse } from './object-use.js';
import { type Overlap, Overlaps } from './overlap.js';
import type { Dump } from './read-dump.js';
import { watchCosts, type WatchCosts } from './watch-costs.js';
import { watchUpkeep } from './watch-upkeep.js';

/** A Secret or ConfigMap with everything that is said of it. */
export interface JudgedObject {
  readonly object: TopologyObject;
  /** undefined: it does not exist. */
  readonly history: ObjectHistory | undefined;
  readonly use: ObjectUse;
  /** null: it may be marked immutable. */
  readonly exclusion: Exclusion | null;
  /** What kubelets' watches of it cost under the cluster's strategy, and what marking it would save of that. */
  readonly now: WatchCosts;
  readonly saves: WatchCosts;
  /** From its last change, or its creation, to the newest time in the dump, ms; null where that is not known. */
  readonly unchangedForMs: number | null;
  /** How long its old content has to stay valid after an update. */
  readonly overlap: Overlap;
}

/** Judges every object: those to mark first, in the order of what they save; then the others, in the same order. */
export function judgeObjects(
  { topology, histories, owners }: Pick<Dump, 'topology' | 'histories' | 'owners'>,
  input: ModelInput,
  judgement: Judgement,
): JudgedObject[] {
  const uses = objectUses(topology, input.behaviours);
  const overlaps = new Overlaps(input);
  const upkeep = watchUpkeep(input);
  const { watched } = judgement;
  const judged = topology.objects.flatMap((object, index): JudgedObject[] => {
    // No field of it would make it immutable.
    if (hasOwnManager(KIND[object.kind])) return [];
    const use = uses[index];
    const history = histories[index];
    return [
      {
        object,
        history,
        use,
        exclusion: exclusionOf(object, use, { history, ownership: owners[index] }, judgement),
        now: watchCosts(watched ? use.watches : 0, object.size, upkeep),
        saves: watchCosts(watched ? use.closable : 0, object.size, upkeep),
        unchangedForMs: quietMs(history, judgement.newestAt),
        overlap: overlaps.of(object, use.updatablePods),
      },
    ];
  });
  return judged.sort(
    (a, b) =>
      Number(a.exclusion !== null) - Number(b.exclusion !== null) ||
      b.use.closable - a.use.closable ||
      b.use.watches - a.use.watches ||
      b.object.size - a.object.size,
  );
}

/** The row of an object in files and for programs. */
export function adviceRow({ object, use, exclusion, now, saves, ...rest }: JudgedObject): AdviceRow {
  return {
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    advice: exclusion === null ? 'mark' : 'keep',
    reason: exclusion?.reason ?? '',
    why: exclusion?.why ?? whyMark(rest),
    pods: use.pods,
    nodes: use.nodes,
    updatable_pods: use.updatablePods,
    env_pods: use.envPods,
    subpath_pods: use.subPathPods,
    size_bytes: object.size,
    unchanged_for_s: rest.unchangedForMs === null ? null : rest.unchangedForMs / 1000,
    watches: now.watches,
    watches_saved: saves.watches,
    rewatches_per_s: saves.rewatchesPerS,
    bookmarks_per_s: saves.bookmarksPerS,
    bytes_per_s: saves.bytesPerS,
    apiserver_cpu_cores: saves.cpuCores,
    apiserver_memory_bytes: saves.memoryBytes,
    storm_reconnects: saves.watches,
    storm_bytes: saves.stormBytes,
    overlap_s: rest.overlap.seconds,
    no_overlap: rest.overlap.reason,
    waiting_pods: use.waitingPods,
  };
}

/** What speaks for marking an object. */
export function whyMark({ history, unchangedForMs }: Pick<JudgedObject, 'history' | 'unchangedForMs'>): string {
  if (history === undefined || unchangedForMs === null) return 'nothing tells that it changes';
  const span = age(unchangedForMs);
  if (history.writers === null) return `changes are not known; created ${span} before`;
  return lastUpdate(history) === null ? `unchanged since its creation, ${span}` : `unchanged for ${span}`;
}

function quietMs(history: ObjectHistory | undefined, newestAt: number | null): number | null {
  if (history === undefined || newestAt === null) return null;
  const since = lastUpdate(history)?.at ?? history.createdAt;
  return since === null ? null : newestAt - since;
}
