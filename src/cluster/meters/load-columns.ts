import { KIND, hasOwnManager, OBJECT_KINDS, RESOURCES } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import { VERBS } from '../model/verbs.js';

/** Column numbers behind those of verb × kind. */
export const QUORUM = VERBS.length * OBJECT_KINDS.length;
export const EVENTS = QUORUM + 1;
export const BYTES = QUORUM + 2;
export const CPU_NS = QUORUM + 3;
export const FIRST_CLASS = QUORUM + 4;

/** The column of a verb's requests for a kind of object. */
export function cellOf(verb: number, kind: number): number {
  return verb * OBJECT_KINDS.length + kind;
}

/** What tells which kinds a cluster has. */
type Sources = Pick<RunInput, 'clusterTrustBundles' | 'podCertificates'>;

/** The kinds that requests are counted of: those that come with an informer where pods mount any. */
export function countedKinds({ clusterTrustBundles, podCertificates }: Sources): readonly number[] {
  return Object.values(KIND).filter((kind) => {
    if (!hasOwnManager(kind)) return true;
    if (kind === KIND.ClusterTrustBundle) return clusterTrustBundles !== undefined;
    return kind === KIND.PodCertificateRequest && podCertificates !== undefined;
  });
}

/** Names of the columns behind those of requests, in their order. */
export const SERVER_COLUMNS = [
  'watches_open',
  'watch_events',
  'bookmarks',
  'bytes_sent',
  'seats',
  'queued',
  'rejected_429',
  'cpu_s',
] as const;

/** The last column of `load.csv`: the most memory in the bin. */
export const MEMORY_COLUMN = 'memory_max_bytes';

/** The columns of the requests of a load that are told, in the order of `requestColumns`. `columns`: all there are. */
export function toldColumns(columns: number, kinds: readonly number[]): readonly number[] {
  const byVerb = VERBS.flatMap((_, verb) => kinds.map((kind) => cellOf(verb, kind)));
  const classes = Array.from({ length: columns - FIRST_CLASS }, (_, each) => FIRST_CLASS + each);
  return [...byVerb, QUORUM, ...classes];
}

/** Names of the request columns of a load, in their order. */
export function requestColumns(classNames: readonly string[], kinds: readonly number[]): string[] {
  const byVerb = VERBS.flatMap((verb) => kinds.map((kind) => `${verb}_${RESOURCES[kind]}`));
  return [...byVerb, 'quorum_reads', ...classNames.map((name) => `requests_class_${name}`)];
}
