import { expect } from 'chai';
import { range } from 'd3-array';
import { SOBOL_DIMENSIONS_MAX, sobolFractions } from '../../../src/experiment/statistics/sobol.js';

const point = (index: number, dimensions: readonly number[]): number[] =>
  dimensions.map((dimension) => sobolFractions(dimension, index + 1)[index] / 2 ** 32);

describe("Sobol's sequence", () => {
  it('begins with the points of Joe and Kuo', () => {
    // Their web page's example, sobol.cc with new-joe-kuo-6.21201; SciPy's qmc.Sobol gives the same.
    expect(range(8).map((index) => point(index, [0, 1, 2, 3, 4]))).to.deep.equal([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ]);
  });

  it('goes on as theirs in high dimensions', () => {
    expect(point(777, [0, 1, 15, 31])).to.deep.equal([0.6923828125, 0.9365234375, 0.5146484375, 0.8994140625]);
  });

  it('puts one of each 2^k points into each of 2^k equal parts, in every dimension', () => {
    for (const dimension of range(SOBOL_DIMENSIONS_MAX)) {
      const parts = Array.from(sobolFractions(dimension, 256), (fraction) => fraction >>> 24);
      expect(new Set(parts).size, String(dimension)).to.equal(256);
    }
  });
});
