import { MINUTE_US, SECOND_US } from '../../sim/units.js';
import type { CertManagerInput } from '../model/operators-input.js';
import { exponentialFailureUs } from './failure-back-off.js';
import type { SyncLaw } from './sync-law.js';

/** A request whose issuer cannot be reached is tried again after 5 s, doubled up to 5 min (`pkg/controller/util.go` DefaultItemBasedRateLimiter). */
const BASE_DELAY_US = 5 * SECOND_US;
const MAX_DELAY_US = 5 * MINUTE_US;

/**
 * Requests for one certificate besides the update of its Secret, by the controllers of `pkg/controller/certificates`:
 * status (trigger), Secret with the next private key and status (keymanager), CertificateRequest (requestmanager); its
 * approval and its status when it is issued; status (issuing), deletion of the next private key. Counted, not measured: an
 * assumption. That one worker of one queue does all of it is another.
 */
const OWN_REQUESTS = { before: 4, between: 2, after: 2 };

/**
 * cert-manager v1.21.1: a Certificate is renewed at notAfter − renewBefore, without jitter, so that those that were issued
 * together are renewed together; all that spreads them is the client's limit, `--kube-api-qps` 20 and `--kube-api-burst` 50,
 * for all their requests. The renewal is a change at the source; the issuer answers like a store.
 */
export class CertManagerLaw implements SyncLaw {
  readonly concurrent: number;
  readonly limits: { readonly qps: number; readonly burst: number };
  readonly requests = OWN_REQUESTS;
  readonly callsStore = true;
  readonly toldAfterUs = 0;

  constructor(input: CertManagerInput) {
    this.concurrent = input.concurrent;
    this.limits = input;
  }

  firstDue(): number {
    return Infinity;
  }

  nextDue(): number {
    return Infinity;
  }

  retryAt(_item: number, failures: number, now: number): number {
    return now + exponentialFailureUs(failures, BASE_DELAY_US, MAX_DELAY_US);
  }

  dueAfterRestart(due: number): number {
    return due;
  }
}
