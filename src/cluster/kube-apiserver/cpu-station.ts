/** Most of the capacity that background traffic may take, so that a job always ends. */
export const MAX_BACKGROUND_SHARE = 0.99;

/**
 * The cores of one server: jobs are served first come, first served by the first free one of c identical
 * cores, so that a job's completion is known when it arrives.
 *
 * A fraction of a core, as a container's CPU limit gives it, means ceil(c) cores of speed c / ceil(c): 0.5 is
 * one core of half speed, 2.5 are three cores of speed 5/6. Go preempts a goroutine after 10 ms
 * (`forcePreemptNS`, runtime/proc.go) and so shares a core among longer jobs; first come, first served
 * ignores that: a job behind a longer one waits for its end. Means of the wait hold, except behind jobs
 * much longer than 10 ms.
 *
 * Times are microseconds; inside they keep their fractions, so that jobs of a fraction of a microsecond add up.
 */
export class CpuStation {
  /** CPU accepted so far, core-microseconds. */
  busyUs = 0;
  private readonly freeAt: Float64Array;
  private readonly coreSpeed: number;
  /** Speed of a core after background traffic. */
  private speed: number;

  /** Throws a RangeError for a number of cores that is not positive and finite. */
  constructor(cores: number) {
    if (!(cores > 0 && cores < Infinity)) throw new RangeError(`a server with ${cores} cores`);
    this.freeAt = new Float64Array(Math.ceil(cores));
    this.coreSpeed = cores / this.freeAt.length;
    this.speed = this.coreSpeed;
  }

  /**
   * Takes in a job of `workUs` microseconds on one whole core that arrives at `now`; returns when it is done,
   * in whole microseconds. Jobs come in the order of their arrival.
   */
  serve(now: number, workUs: number): number {
    const freeAt = this.freeAt;
    let core = 0;
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i] < freeAt[core]) core = i;
    const start = freeAt[core] > now ? freeAt[core] : now;
    const end = start + workUs / this.speed;
    freeAt[core] = end;
    this.busyUs += workUs;
    return Math.round(end);
  }

  /** When a job of `workUs` started that is done at `done`, in whole microseconds. */
  startOf(done: number, workUs: number): number {
    return Math.round(done - workUs / this.speed);
  }

  /** `workUs` of a job that has been taken in are not needed after all; later jobs start that much earlier. */
  refund(now: number, workUs: number): void {
    const freeAt = this.freeAt;
    let core = 0;
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i] > freeAt[core]) core = i;
    freeAt[core] = Math.max(now, freeAt[core] - workUs / this.speed);
    this.busyUs -= workUs;
  }

  /**
   * Background traffic takes this share of the capacity, as a fluid: later jobs run that much slower.
   * Throws a RangeError outside 0 … MAX_BACKGROUND_SHARE.
   */
  setBackground(share: number): void {
    if (!(share >= 0 && share <= MAX_BACKGROUND_SHARE)) throw new RangeError(`background share ${share}`);
    this.speed = this.coreSpeed * (1 - share);
  }

  /** The process starts anew at `now`: what was waiting or running is gone. */
  reset(now: number): void {
    this.freeAt.fill(now);
  }

  /** How long a job that arrived now would wait for a core. */
  backlogUs(now: number): number {
    const freeAt = this.freeAt;
    let first = freeAt[0];
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i] < first) first = freeAt[i];
    return first > now ? first - now : 0;
  }
}
