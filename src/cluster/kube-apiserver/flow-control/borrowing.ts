import { PRIORITY_LEVELS } from './priority-levels.js';
import type { SeatDemand } from './seat-demand.js';

/** A smaller target counts as this one, so that nothing is divided by zero (`MinTarget`, conc_alloc.go). */
const MIN_TARGET = 0.001;

/**
 * Solves Σ clamp(p × target, lower, upper) = sum for the fair proportion p ≥ 0 (computeConcurrencyAllocation,
 * conc_alloc.go): the sum grows with p in straight pieces between the bounds, so the piece that holds the solution is
 * found by its ends. A sum out of reach gives the proportion at which all are at their nearest bound.
 */
export function fairProportion(sum: number, targets: Float64Array, lowers: Float64Array, uppers: Float64Array): number {
  const bounds = new Float64Array(targets.length * 2);
  for (let i = 0; i < targets.length; i++) {
    bounds[i * 2] = lowers[i] / targets[i];
    bounds[i * 2 + 1] = uppers[i] / targets[i];
  }
  bounds.sort();
  let previous = bounds[0];
  let sumBefore = allocated(previous, targets, lowers, uppers);
  if (sum <= sumBefore) return previous;
  for (const bound of bounds) {
    const sumHere = allocated(bound, targets, lowers, uppers);
    if (sum <= sumHere) return previous + ((bound - previous) * (sum - sumBefore)) / (sumHere - sumBefore);
    previous = bound;
    sumBefore = sumHere;
  }
  return previous;
}

/** What a level gets at a proportion. */
function allocation(proportion: number, target: number, lower: number, upper: number): number {
  return Math.max(lower, Math.min(upper, proportion * target));
}

function allocated(proportion: number, targets: Float64Array, lowers: Float64Array, uppers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += allocation(proportion, targets[i], lowers[i], uppers[i]);
  return sum;
}

/**
 * How the levels share the server's seats when they may borrow (KEP-1040; updateBorrowingLocked, apf_controller.go;
 * server ≥1.26): each keeps what it cannot lend and, up to its nominal seats, what it needed in the last period;
 * the rest goes in proportion to smoothed demand. No level has a borrowing limit of its own.
 *
 * An idle server also shares all its seats, in proportion to what the levels cannot lend: of the default 600,
 * system then has 117 instead of its nominal 74, and workload-low 56 instead of 245.
 */
export class Borrowing {
  private readonly sum: number;
  private readonly minimum: Float64Array;
  private readonly lowers: Float64Array;
  private readonly uppers: Float64Array;
  private readonly targets: Float64Array;

  constructor(
    private readonly nominal: Int32Array,
    serverConcurrencyLimit: number,
  ) {
    this.sum = nominal.reduce((total, seats) => total + seats, 0);
    this.minimum = Float64Array.from(
      nominal,
      (seats, code) => seats - Math.round((seats * PRIORITY_LEVELS[code].lendablePercent) / 100),
    );
    this.lowers = new Float64Array(nominal.length);
    this.uppers = Float64Array.from(nominal, (seats) => seats + serverConcurrencyLimit);
    this.targets = new Float64Array(nominal.length);
  }

  /** Writes the levels' current limits for their demands. */
  allocate(demands: readonly SeatDemand[], limits: Int32Array): void {
    const { nominal, minimum, lowers, uppers, targets } = this;
    for (let code = 0; code < nominal.length; code++) {
      const demand = demands[code];
      lowers[code] = Math.max(minimum[code], Math.min(nominal[code], demand.highWatermark));
      targets[code] = Math.max(lowers[code], demand.smoothed, MIN_TARGET);
    }
    const proportion = fairProportion(this.sum, targets, lowers, uppers);
    for (let code = 0; code < nominal.length; code++)
      limits[code] = Math.round(allocation(proportion, targets[code], lowers[code], uppers[code]));
  }
}
