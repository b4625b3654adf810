import { SECOND_US } from '../../../sim/units.js';

/** Borrowing adjusts the limits that often, µs (`borrowingAdjustmentPeriod`, apf_controller.go; server ≥1.26). */
export const BORROWING_ADJUSTMENT_PERIOD_US = 10 * SECOND_US;
/** What a period keeps of the demand before it: a half-life of 5 minutes (apf_controller.go). */
export const SEAT_DEMAND_SMOOTHING_COEFFICIENT = 0.977;

/**
 * The seats that one level's requests occupy or wait for, over time: integrated during a period
 * (fairqueuing/integrator.go) and smoothed over periods (`seatDemandStats`, apf_controller.go).
 */
export class SeatDemand {
  /** Largest demand of the last period. */
  highWatermark = 0;
  /** Mean plus standard deviation; it follows a rise at once and a fall slowly. */
  smoothed = NaN;
  private value = 0;
  private background = 0;
  // Not whole numbers at first, so that V8 keeps them as doubles from the start, and compiles nothing twice for that.
  private since = NaN;
  private periodStart = NaN;
  private max = 0;
  private integral = NaN;
  private integralOfSquares = NaN;

  constructor() {
    this.reset(0);
  }

  /** From `now` on the level's requests ask for this many seats. */
  set(now: number, seats: number): void {
    this.accumulate(now);
    this.value = seats;
    this.max = Math.max(this.max, seats + this.background);
  }

  /** Seats asked for by requests that are not simulated, a constant. */
  setBackground(now: number, seats: number): void {
    this.accumulate(now);
    this.background = seats;
    this.max = Math.max(this.max, this.value + seats);
  }

  /** Ends a period: its figures are known, and the next one begins. */
  endPeriod(now: number): void {
    this.accumulate(now);
    this.highWatermark = this.max;
    const duration = now - this.periodStart;
    if (duration > 0) {
      const average = this.integral / duration;
      const variance = this.integralOfSquares / duration - average * average;
      const envelope = average + Math.sqrt(Math.max(0, variance));
      const kept = SEAT_DEMAND_SMOOTHING_COEFFICIENT;
      this.smoothed = Math.max(envelope, kept * this.smoothed + (1 - kept) * envelope);
    }
    this.startPeriod(now);
  }

  /** The server starts at `now`: no request, no history. */
  reset(now: number): void {
    this.highWatermark = 0;
    this.smoothed = 0;
    this.value = 0;
    this.since = now;
    this.startPeriod(now);
  }

  private startPeriod(now: number): void {
    this.periodStart = now;
    this.max = this.value + this.background;
    this.integral = 0;
    this.integralOfSquares = 0;
  }

  private accumulate(now: number): void {
    const seats = this.value + this.background;
    const elapsed = now - this.since;
    this.integral += elapsed * seats;
    this.integralOfSquares += elapsed * seats * seats;
    this.since = now;
  }
}
