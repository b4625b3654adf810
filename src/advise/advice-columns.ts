import { integer, number, text, type RowOf } from '../report/columns.js';

/** One row per Secret or ConfigMap. What marking saves is told of all, also of those that are not to be marked. */
export const ADVICE_COLUMNS = [
  text('kind', 'Secret or ConfigMap'),
  text('namespace', 'namespace of the object'),
  text('name', 'name of the object'),
  text('advice', 'mark: may be marked immutable; keep: not to be marked'),
  text('reason', 'why it is not to be marked, one of few; empty where it may be'),
  text('why', 'the reason in words'),
  integer('pods', 'pods', 'pods on a node that use it, in whatever way'),
  integer('nodes', 'nodes', 'nodes with such pods'),
  integer('updatable_pods', 'pods', 'running pods that mount it so that they see updates'),
  integer('env_pods', 'pods', 'running pods that have it in environment variables, which never change'),
  integer('subpath_pods', 'pods', 'running pods that mount it by subPath, which never changes'),
  integer('size_bytes', 'bytes', 'its keys and values'),
  number('unchanged_for_s', 's', 'from its last change, or its creation, to the newest time in the dump'),
  integer('watches', 'watches', 'watches that kubelets hold open for it'),
  integer('watches_saved', 'watches', 'those that close when it is marked immutable; the next columns are of these'),
  number('rewatches_per_s', 'requests/s', 'WATCH requests that keep them open'),
  number('bookmarks_per_s', 'bookmarks/s', 'bookmarks that they are sent'),
  number('bytes_per_s', 'bytes/s', 'bytes that they are sent while nobody writes'),
  number('apiserver_cpu_cores', 'cores', 'CPU for that, estimate from the cost table'),
  integer('apiserver_memory_bytes', 'bytes', 'memory for them, estimate from the cost table'),
  integer('storm_reconnects', 'watches', 'watches that have to come back when all API servers restart'),
  integer('storm_bytes', 'bytes', 'what is sent if each of them has to read the object anew'),
  number(
    'overlap_s',
    's',
    'how long to keep the old content valid after an update: by then every pod has the new one, as a closed form; 0: no pod sees updates',
  ),
  text('no_overlap', 'why there is no closed form; empty where there is one'),
  integer('waiting_pods', 'pods', 'of the pods: those that have never started, for a required object is missing'),
] as const;

/** A Secret or ConfigMap with what is advised. */
export type AdviceRow = RowOf<typeof ADVICE_COLUMNS>;
