/**
 * Primitive polynomials and initial direction numbers of the dimensions from the second on: the first of
 * new-joe-kuo-6.21201 (Joe and Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J.
 * Sci. Comput. 30, 2008).
 */
const DIRECTIONS: readonly (readonly [polynomial: number, initial: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
  [7, [1, 1, 3, 13, 7, 35, 63]],
  [8, [1, 3, 5, 9, 1, 25, 53]],
  [14, [1, 3, 1, 13, 9, 35, 107]],
  [19, [1, 3, 1, 5, 27, 61, 31]],
  [21, [1, 1, 5, 11, 19, 41, 61]],
  [28, [1, 3, 5, 3, 3, 13, 69]],
  [31, [1, 1, 7, 13, 1, 19, 1]],
  [32, [1, 3, 7, 5, 13, 19, 59]],
  [37, [1, 1, 3, 9, 25, 29, 41]],
  [41, [1, 3, 5, 13, 23, 1, 55]],
  [42, [1, 3, 7, 3, 13, 59, 17]],
];

/** Dimensions that there are direction numbers for. */
export const SOBOL_DIMENSIONS_MAX = DIRECTIONS.length + 1;

const BITS = 32;

/**
 * The first points of a dimension of Sobol's sequence as 32-bit fractions, in the order of its Gray code (Antonov
 * and Saleev, 1979): point n differs from the one before in the direction of the lowest zero bit of n − 1. The
 * first is 0.
 * @param dimension from 0, below SOBOL_DIMENSIONS_MAX
 */
export function sobolFractions(dimension: number, points: number): Uint32Array {
  const directions = directionNumbers(dimension);
  const fractions = new Uint32Array(points);
  for (let n = 1; n < points; n++) {
    // Trailing ones of n − 1 are the trailing zeros of n.
    fractions[n] = fractions[n - 1] ^ directions[31 - Math.clz32(n & -n)];
  }
  return fractions;
}

/** v₁ … v₃₂, each shifted to the highest bits. */
function directionNumbers(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  if (dimension === 0) return directions.map((_, bit) => 2 ** (BITS - 1 - bit));
  const [polynomial, initial] = DIRECTIONS[dimension - 1];
  const degree = initial.length;
  for (let bit = 0; bit < BITS; bit++) {
    if (bit < degree) {
      directions[bit] = initial[bit] * 2 ** (BITS - 1 - bit);
      continue;
    }
    const oldest = directions[bit - degree];
    directions[bit] = oldest ^ (oldest >>> degree);
    for (let k = 1; k < degree; k++) {
      if ((polynomial >>> (degree - 1 - k)) & 1) directions[bit] ^= directions[bit - k];
    }
  }
  return directions;
}
