import { sum } from 'd3-array';
import { OBJECT_OVERHEAD_BYTES } from '../cluster/model/costs.js';
import type { WatchUpkeep } from './watch-upkeep.js';

/** What open watches cost the API servers; what closing them saves. */
export interface WatchCosts {
  readonly watches: number;
  readonly rewatchesPerS: number;
  readonly bookmarksPerS: number;
  readonly bytesPerS: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  /** Bytes sent when all API servers restart and every watch has to read its object anew. */
  readonly stormBytes: number;
}

/** The costs of the watches of one object of `size` bytes. */
export function watchCosts(watches: number, size: number, upkeep: WatchUpkeep): WatchCosts {
  return {
    watches,
    rewatchesPerS: watches * upkeep.rewatchesPerS,
    bookmarksPerS: watches * upkeep.bookmarksPerS,
    bytesPerS: watches * upkeep.bytesPerS,
    cpuCores: watches * upkeep.cpuCores,
    memoryBytes: watches * upkeep.memoryBytes,
    stormBytes: watches * (size + OBJECT_OVERHEAD_BYTES),
  };
}

/** The costs of the watches of several objects. */
export function totalCosts(costs: readonly WatchCosts[]): WatchCosts {
  return {
    watches: sum(costs, (each) => each.watches),
    rewatchesPerS: sum(costs, (each) => each.rewatchesPerS),
    bookmarksPerS: sum(costs, (each) => each.bookmarksPerS),
    bytesPerS: sum(costs, (each) => each.bytesPerS),
    cpuCores: sum(costs, (each) => each.cpuCores),
    memoryBytes: sum(costs, (each) => each.memoryBytes),
    stormBytes: sum(costs, (each) => each.stormBytes),
  };
}
