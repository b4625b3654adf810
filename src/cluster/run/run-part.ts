import type { FingerprintPart } from '../../sim/fingerprint.js';
import type { LoadPart } from '../meters/load.js';
import type { NodeRange } from '../model/node-range.js';
import type { LedgerPart } from '../meters/update-ledger.js';

/**
 * What some nodes of a run did, in plain data that can be sent to another thread. Where requests never queue, nodes
 * do not meet: parts of a run that are added up, in whatever order, give what the whole run gives.
 */
export interface RunPart {
  readonly ranges: readonly NodeRange[];
  readonly load: LoadPart;
  readonly ledger: LedgerPart;
  readonly fingerprint: FingerprintPart;
  /** What the managers report of each range's entries. */
  readonly entries: readonly Uint8Array[];
  readonly mountFailures: number;
  readonly connections: number;
  readonly started: number;
  readonly startUs: number;
  readonly longestStart: number;
  /** The longest that a request waited for its kubelet's limiter, µs. */
  readonly longestWait: number;
  /** End of the simulation of these nodes, µs. */
  readonly end: number;
  readonly events: number;
  readonly draws: number;
}
