/**
 * Logarithm and exponential of additions, multiplications and divisions alone, which every JavaScript engine rounds
 * alike. `Math.log`, `Math.exp` and `**` may differ by one unit in the last place between engines and their versions,
 * and a run has the same bytes on all of them.
 *
 * The algorithms and coefficients are those of fdlibm (e_log.c, e_exp.c), within one unit in the last place:
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
 * is preserved.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INV_LN2 = 1.442695040888963387;
const TWO_POW_54 = 18014398509481984;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which of its two words has sign, exponent and the first digits of a double: 1 on little-endian machines. */
const HIGH = highWord();

function highWord(): 0 | 1 {
  float[0] = 1;
  return words[1] !== 0 ? 1 : 0;
}

/** The natural logarithm of x: −Infinity for 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x === Infinity ? x : NaN;
  float[0] = x;
  let exponent = 0;
  if (words[HIGH] < 0x00100000) {
    float[0] = x * TWO_POW_54;
    exponent = -54;
  }
  const high = words[HIGH];
  // x = 2^exponent (1 + f), with 1 + f between √2/2 and √2.
  const fraction = high & 0x000fffff;
  const carry = (fraction + 0x95f64) & 0x100000;
  words[HIGH] = fraction | (carry ^ 0x3ff00000);
  exponent += (high >>> 20) - 1023 + (carry >>> 20);
  return lnOf(exponent, float[0] - 1, fraction);
}

function lnOf(k: number, f: number, fraction: number): number {
  if ((0x000fffff & (2 + fraction)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const r = odd + even;
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

/** ln(1 + x), exact for small x too (Kahan: the error of 1 + x is divided out). */
export function lnOnePlus(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : (ln(sum) * x) / (sum - 1);
}

/** e to the power of x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.133219101942) return 0;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  if (x === 1) return Math.E;
  // x = k ln 2 + r, with |r| at most ln 2 / 2.
  const k = size <= 0.34657359027997264 ? 0 : Math.trunc(INV_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return timesPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}

/** y × 2^k, in two steps where 2^k itself is no normal double. */
function timesPowerOfTwo(y: number, k: number): number {
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 2^k for k of −1,022 to 1,023. */
function powerOfTwo(k: number): number {
  words[HIGH] = (k + 1023) << 20;
  words[1 - HIGH] = 0;
  return float[0];
}

/** x to the power of y, for x ≥ 0. */
export function power(x: number, y: number): number {
  if (y === 0) return 1;
  return x === 0 ? (y > 0 ? 0 : Infinity) : exp(y * ln(x));
}

/** x to the power of a whole number n ≥ 0, by squaring. */
export function wholePower(x: number, n: number): number {
  let result = 1;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** x to the power of 2. */
export function squared(x: number): number {
  return x * x;
}

/** The exponent of ten of a positive number: 2 for 100 to 999. */
export function magnitude(x: number): number {
  return Number(x.toExponential().split('e')[1]);
}
