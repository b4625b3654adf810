import type { ShownTogether } from '../meters/projections-together.js';

/** Reads of the only sources of volumes: the start of the sync that reads, and when it does, µs, and what comes of it. */
export interface ReadRows extends ShownTogether {
  readonly reads: Float64Array;
}
