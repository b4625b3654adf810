import type { RestClient } from '../../client-go/rest-client.js';
import type { Requests } from '../../kube-apiserver/requests.js';
import type { Watchers } from '../../kube-apiserver/callers.js';
import type { StormLog } from '../../meters/storm-log.js';
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
export interface Clients {
  readonly requests: Requests;
  readonly client: RestClient;
  /** Watches that restarts of servers have ended. */
  readonly storms: StormLog;
  /** Reads that wait for an answer. */
  readonly reads: Reads;
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
}
