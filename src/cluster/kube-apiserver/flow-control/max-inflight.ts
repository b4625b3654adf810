import { EXECUTE, REJECTED } from './decision.js';

/**
 * Flow control without priority levels, the default up to 1.19 (apiserver/pkg/server/filters/maxinflight.go
 * WithMaxInFlightLimit): so many reading and so many mutating requests are in flight, each of one place whatever
 * its work, and one more is answered 429 at once. A WATCH is long-running and takes no place. A limit of 0 means none.
 */
export class MaxInflight {
  readOnly = 0;
  mutating = 0;

  constructor(
    private readonly readOnlyLimit: number,
    private readonly mutatingLimit: number,
  ) {}

  /** A request arrives: EXECUTE or REJECTED. */
  arrive(mutating: boolean): number {
    if (mutating) {
      if (this.mutatingLimit > 0 && this.mutating >= this.mutatingLimit) return REJECTED;
      this.mutating++;
    } else {
      if (this.readOnlyLimit > 0 && this.readOnly >= this.readOnlyLimit) return REJECTED;
      this.readOnly++;
    }
    return EXECUTE;
  }

  /** A request has been answered. */
  finish(mutating: boolean): void {
    if (mutating) this.mutating--;
    else this.readOnly--;
  }

  reset(): void {
    this.readOnly = 0;
    this.mutating = 0;
  }
}
