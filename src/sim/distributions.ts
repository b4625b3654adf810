import { ln, wholePower } from './portable-math.js';

/** A law of durations, drawn by inversion, µs. */
export interface DurationLaw {
  /** Its expectation. */
  readonly expected: number;
  /** The value at the largest uniform of 32 bits: none is larger. */
  readonly longest: number;
  /** The value at the uniform `u` in [0, 1), in whole microseconds. */
  at(u: number): number;
}

/** ln 100 − ln 2, the distance of an exponential's median and 99th percentile in means. */
const LN_50 = ln(50);

/**
 * A shifted exponential law given by its median and 99th percentile (microseconds), drawn by
 * inversion and rounded to whole microseconds. Equal quantiles give a constant.
 */
export class ShiftedExponential implements DurationLaw {
  private readonly shift: number;
  private readonly mean: number;

  /** Throws a RangeError where the quantiles fit no shifted exponential with a shift of at least 0. */
  constructor(p50: number, p99: number) {
    this.mean = (p99 - p50) / LN_50;
    this.shift = p50 - this.mean * Math.LN2;
    if (!(this.mean >= 0) || this.shift < -1e-6)
      throw new RangeError(`no shifted exponential has p50 ${p50} and p99 ${p99}`);
  }

  get expected(): number {
    return this.shift + this.mean;
  }

  get longest(): number {
    return this.at(1 - 2 ** -32);
  }

  at(u: number): number {
    return this.mean === 0 ? this.shift : Math.round(this.shift - this.mean * ln(1 - u));
  }
}

/**
 * The law of measured values: between two of them, in order, it is uniform (quantiles of type 7: Hyndman and Fan, The
 * American Statistician 50, 1996). Its tail is the measured one, up to their maximum.
 */
export class Empirical implements DurationLaw {
  /** `values`: at least one, ascending, µs. */
  constructor(private readonly values: readonly number[]) {
    if (values.length === 0) throw new RangeError('no law without values');
  }

  get expected(): number {
    const { values } = this;
    const inner = values.reduce((sum, value) => sum + value, 0) - (values[0] + values[values.length - 1]) / 2;
    return values.length === 1 ? values[0] : inner / (values.length - 1);
  }

  get longest(): number {
    return this.at(1 - 2 ** -32);
  }

  at(u: number): number {
    const { values } = this;
    const position = u * (values.length - 1);
    const index = Math.floor(position);
    const below = values[index];
    return Math.round(below + (position - index) * ((values[index + 1] ?? below) - below));
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
