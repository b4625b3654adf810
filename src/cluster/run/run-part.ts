import type { FingerprintPart } from '../../sim/fingerprint.js';
import type { AudiencesPart } from '../kubelet/audience.js';
import type { LoadPart } from '../meters/load.js';
import type { AccountsPart } from '../meters/update-accounts.js';
import type { GroupsPart } from '../record/group-delays.js';
import type { OutcomesPart } from '../record/update-outcomes.js';
import type { RunTotals } from '../record/run-totals.js';

/**
 * What some nodes of a run did, in plain data that can be sent to another thread. Where requests never queue, nodes
 * do not meet: parts of a run that are added up, in whatever order, give what the whole run gives.
 */
export interface RunPart {
  readonly load: LoadPart;
  readonly accounts: AccountsPart;
  readonly outcomes: OutcomesPart;
  readonly groups: GroupsPart | null;
  readonly audiences: AudiencesPart;
  readonly fingerprint: FingerprintPart;
  readonly totals: RunTotals;
  readonly events: number;
  readonly draws: number;
}
