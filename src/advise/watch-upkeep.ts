import { SECOND_US } from '../sim/units.js';
import { BOOKMARK_BYTES } from '../cluster/model/costs.js';
import type { ModelInput } from '../cluster/model/model-input.js';
import { BOOKMARK_BEFORE_DEADLINE_US, BOOKMARK_FREQUENCY_US } from '../cluster/kube-apiserver/bookmarks.js';

/** What one open watch costs the API servers while nothing is written. */
export interface WatchUpkeep {
  /** WATCH requests per second: the timeout ends a watch, and the next follows. */
  readonly rewatchesPerS: number;
  readonly bookmarksPerS: number;
  /** Bytes per second: bookmarks; a WATCH at a known version sends no object. */
  readonly bytesPerS: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

const NANOSECONDS = 1e9;

/**
 * The long-run means of a reflector's renewal cycle (renewal-reward theorem): a watch lives for ⌊min × U[1, 2)⌋ s, and
 * the next opens a round trip later (`client-go/tools/cache/reflector.go`; the model's `reflector.ts`). It gets a
 * bookmark a minute and one 2 s before its end; up to 1.20 none, as long as nobody writes the resource.
 */
export function watchUpkeep({ behaviours, network, apiServer }: ModelInput): WatchUpkeep {
  const lifetimes = Array.from(
    { length: behaviours.minWatchTimeout },
    (_, beyond) => behaviours.minWatchTimeout + beyond,
  );
  const mean = (of: (lifetime: number) => number): number =>
    lifetimes.reduce((sum, lifetime) => sum + of(lifetime), 0) / lifetimes.length;
  const cycleS = mean((lifetime) => lifetime) + network.roundTrip.p50Us / SECOND_US;
  const bookmarks = behaviours.efficientWatchResumption ? mean(bookmarksIn) : 0;
  const { costs, cpuScale } = apiServer;
  const cpuNs = costs.watch + bookmarks * costs.bookmark;
  return {
    rewatchesPerS: 1 / cycleS,
    bookmarksPerS: bookmarks / cycleS,
    bytesPerS: (bookmarks * BOOKMARK_BYTES) / cycleS,
    cpuCores: ((cpuNs / NANOSECONDS) * cpuScale) / cycleS,
    memoryBytes: costs.watchMemoryBytes,
  };
}

/** Bookmarks that a watch of `lifetime` seconds gets: those of whole minutes before its last one, and that one. */
function bookmarksIn(lifetime: number): number {
  const last = lifetime - BOOKMARK_BEFORE_DEADLINE_US / SECOND_US;
  return Math.ceil(last / (BOOKMARK_FREQUENCY_US / SECOND_US));
}
