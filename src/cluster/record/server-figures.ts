import type { OutOfMemory } from '../meters/server-log.js';
import type { Storm, Traffic } from '../model/run-record.js';

/** What the API servers counted where kubelets meet at them. */
export interface ServerFigures {
  readonly storms: readonly Storm[];
  /** null where nothing queues, so that nothing is under way. */
  readonly traffic: Traffic | null;
  /** Answers 410. */
  readonly gone: number;
  readonly tokenRequests: number;
  readonly cachedEventBytes: number;
  readonly kmsCalls: number;
  /** Streams that were closed because their client was too slow. */
  readonly terminated: number;
  /** The longest that a request waited for a core, µs. */
  readonly longestWaitUs: number;
  /** True where background traffic alone takes all cores of a server. */
  readonly isOverloaded: boolean;
  /** True where no server was up at the end. */
  readonly allStopped: boolean;
  /** Pods that have started in rollouts by Reloader. */
  readonly reloadedPods: number;
  /** Writes that were sent and not answered. */
  readonly unanswered: number;
  /** Processes that were killed for lack of memory, in the order of time. */
  readonly outOfMemory: readonly OutOfMemory[];
  /** The fewest servers that served at one time; null where none ever stops. */
  readonly fewestServing: number | null;
}

/** Servers at which nobody meets count nothing of their own. */
export const NO_FIGURES: ServerFigures = {
  storms: [],
  traffic: null,
  gone: 0,
  tokenRequests: 0,
  cachedEventBytes: 0,
  kmsCalls: 0,
  terminated: 0,
  longestWaitUs: 0,
  isOverloaded: false,
  allStopped: false,
  reloadedPods: 0,
  unanswered: 0,
  outOfMemory: [],
  fewestServing: null,
};
