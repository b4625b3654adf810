import { ln, wholePower } from './portable-math.js';

/** ln 100 − ln 2, the distance of an exponential's median and 99th percentile in means. */
const LN_50 = ln(50);

/**
 * A shifted exponential law given by its median and 99th percentile (microseconds), drawn by
 * inversion and rounded to whole microseconds. Equal quantiles give a constant.
 */
export class ShiftedExponential {
  private readonly shift: number;
  private readonly mean: number;

  /** Throws a RangeError where the quantiles fit no shifted exponential with a shift of at least 0. */
  constructor(p50: number, p99: number) {
    this.mean = (p99 - p50) / LN_50;
    this.shift = p50 - this.mean * Math.LN2;
    if (!(this.mean >= 0) || this.shift < -1e-6)
      throw new RangeError(`no shifted exponential has p50 ${p50} and p99 ${p99}`);
  }

  /** Its expectation. */
  get expected(): number {
    return this.shift + this.mean;
  }

  /** The value at the largest uniform of 32 bits: none is larger. */
  get longest(): number {
    return this.at(1 - 2 ** -32);
  }

  /** The value at the uniform `u` in [0, 1), in whole microseconds. */
  at(u: number): number {
    return this.mean === 0 ? this.shift : Math.round(this.shift - this.mean * ln(1 - u));
  }
}

/** A renewal process with intervals U[shortest, longest): its residual life in the steady state. */
export class UniformInterval {
  constructor(
    readonly shortest: number,
    readonly longest: number,
  ) {}

  /** The residual life at the uniform `u`: density (1 − F(x)) / mean (Cox, Renewal Theory, 1962). */
  residual(u: number): number {
    const { shortest, longest } = this;
    const mean = (shortest + longest) / 2;
    const flat = shortest / mean;
    if (u < flat) return u * mean;
    return longest - Math.sqrt((wholePower(longest - shortest, 2) * (1 - u)) / (1 - flat));
  }
}
