/** Placeholder until the ring is merged. */
export class WatchCache {
  private from = -Infinity;
  private last = -Infinity;
  initialise(at: number): void {
    this.from = at;
    this.last = at;
  }
  add(committedAt: number, _now: number): void {
    this.last = committedAt;
  }
  isGone(version: number): boolean {
    return version < this.from;
  }
  version(now: number, efficientWatchResumption: boolean): number {
    return efficientWatchResumption ? now : this.last;
  }
}
