import { exp, ln, lnOnePlus } from '../../sim/portable-math.js';

/**
 * I_x(a, b) by its continued fraction (Abramowitz and Stegun 26.5.8), mirrored where the other side
 * converges faster (26.5.2).
 */
export function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedIncompleteBeta(1 - x, b, a);
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * ln(x) + b * lnOnePlus(-x);
  return (exp(logFactor) * betaContinuedFraction(x, a, b)) / a;
}

/** The continued fraction of I_x(a, b), by Lentz's method (Applied Optics 15, 1976, p. 668). */
function betaContinuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300; // keeps a vanishing denominator from dividing by zero
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln Γ(x), x > 0: Stirling's series (Abramowitz and Stegun 6.1.41), after moving x up to where it is exact to 1e-15. */
export function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 15; y++) shift += ln(y);
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
  return (y - 0.5) * ln(y) - y + 0.5 * ln(2 * Math.PI) + series - shift;
}
