import type { WatchFacts } from '../../client-go/reflector-streams.js';
import type { RestClient } from '../../client-go/rest-client.js';
import type { Requests } from '../../kube-apiserver/requests.js';
import type { Watchers } from '../../kube-apiserver/callers.js';
import type { BoundTerm } from '../../model/bound.js';
import type { RunInput } from '../../model/model-input.js';
import type { LatencyLimits } from '../../world/latency-limits.js';
import type { ExternalStore } from '../../operators/external-store.js';
import type { World } from '../../world/world.js';
import type { Lookahead, LookaheadParts } from '../lookahead/lookahead.js';
import type { Reads } from '../reads.js';
import type { EntryListener, ObjectManager } from './manager.js';

/** What managers are built from. */
export interface ManagerParts {
  readonly world: World;
  /** TTL of cached objects by node, µs: it follows the number of nodes. */
  readonly ttlUs: Float64Array;
  readonly listener: EntryListener;
}

/** What managers need besides where their requests meet others at the API servers. */
export interface Clients extends WatchFacts {
  readonly requests: Requests;
  readonly client: RestClient;
  /** Reads that wait for an answer. */
  readonly reads: Reads;
  /** The store outside of the cluster; null where there is none. */
  readonly store: ExternalStore | null;
}

/** Managers, and what is known of their reads beforehand. */
export interface Managed {
  readonly manager: ObjectManager;
  /** null: a read matters when an event has come, or when somebody says so. */
  readonly lookahead: (parts: LookaheadParts) => Lookahead | null;
}

/** Managers whose requests meet others, and the watches that they hold. */
export interface CoupledManaged {
  readonly manager: ObjectManager;
  readonly watchers: Watchers;
}

/** What a strategy's part of a bound depends on. */
export interface BoundFacts {
  readonly input: RunInput;
  readonly limits: LatencyLimits;
  /** The longest and the shortest TTL of the nodes in question, µs. */
  readonly longestTtlUs: number;
  readonly shortestTtlUs: number;
  /** Of the node that has most: objects that its kubelet keeps, and reads at one sync of all its pods. */
  readonly entriesPerNode: number;
  readonly readsPerNode: number;
  /** Reads of one object by the pods of a node, at the most: of the object in question, and of any. */
  readonly readers: number;
  readonly readersPerEntry: number;
  /** From one read of a volume to its next, µs. */
  readonly shortestGapUs: number;
  readonly longestGapUs: number;
}

/** What a strategy says about the time by which every pod has an update (`kubelet/update-bound.ts`). */
export interface StrategyBound {
  /** From the commit until every read that a kubelet begins finds the new content. */
  readonly learns: readonly BoundTerm[];
  /** How long the read of one source of a volume takes, µs, where the kubelet's client holds no request back. */
  readonly readUs: number;
  /** Requests that the reads of a node send within a time, at the most; null: reads send none. */
  readonly requests: { readonly count: number; readonly withinUs: number } | null;
  /** What has to hold for it, in words. */
  readonly assumes: readonly string[];
}

/**
 * How kubelets learn of new content: a value of `configMapAndSecretChangeDetectionStrategy`
 * (`pkg/kubelet/apis/config/types.go`), and all that is special about it.
 */
export interface ChangeDetectionStrategy {
  /** For people: what it does, in a sentence. */
  readonly says: string;
  /** What a kubelet keeps of an object: a copy that events keep current, one for as long as a TTL, or nothing. */
  readonly keeps: 'copy' | 'forTtl' | 'nothing';
  /** True where an event that arrives starts a sync of the pods that read its object. */
  readonly syncsOnEvents: boolean;
  /** Managers of kubelets that do not meet: every answer is known at once. */
  readonly isolated: (parts: ManagerParts) => Managed;
  /** Managers of kubelets whose requests meet at the API servers. */
  readonly coupled: (parts: ManagerParts, clients: Clients) => CoupledManaged;
  /** Its part of the time by which every pod has an update. */
  readonly bound: (facts: BoundFacts) => StrategyBound;
}
