import type { SyncLaw } from './sync-law.js';

/**
 * trust-manager v0.24 (`pkg/bundle/sync.go`): a Bundle is reconciled by one worker, which applies one ConfigMap of the same
 * name in each namespace, one after another. Each event goes to all who watch that name, in whatever namespace: the trigger
 * index of the watch cache is over the name. It watches the Secret that the Bundle is made from, and looks at all Bundles
 * when it starts. Its client has no limit, as those of controller-runtime since 0.21 (assumption);
 * the Bundle's own status is not counted.
 */
export class TrustManagerLaw implements SyncLaw {
  readonly concurrent = 1;
  readonly limits = null;
  readonly requests = { before: 0, between: 0, after: 0 };
  readonly callsStore = false;
  readonly toldAfterUs: number;

  /** `copies`: of a Secret of the cluster, whose event tells of a change; else it is told of what changes at their source. */
  constructor(private readonly copies: boolean) {
    this.toldAfterUs = copies ? Infinity : 0;
  }

  firstDue(): number {
    return Infinity;
  }

  nextDue(): number {
    return Infinity;
  }

  retryAt(): number {
    throw new RangeError('what is in the cluster can be read');
  }

  dueAfterRestart(due: number, now: number): number {
    return this.copies ? now : due;
  }
}
