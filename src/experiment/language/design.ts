import { range } from 'd3-array';
import { RandomStream } from '../../sim/random.js';
import type { Factor } from './factors.js';
import { factorValueOf } from './factor-value.js';
import type { Located } from './values/located.js';
import type { ExperimentSpec } from './schema.js';
import { sobolFractions } from '../statistics/sobol.js';

/** One value for each factor. */
export type Combination = readonly Located[];

const TWO_POW_32 = 2 ** 32;

/** Points of a sample where the design does not say. */
const POINTS = 64;

/** The combinations that an experiment's design makes of its factors, none twice. */
export function combinations(factors: readonly Factor[], { design, seed }: ExperimentSpec): readonly Combination[] {
  if (design === undefined || design.kind === 'factorial') return factorial(factors);
  const { kind } = design;
  const points = pointsOf({ design });
  const shares = factors.map(({ path }, index) =>
    kind === 'lhs' ? latinHypercube(seed, path, points) : shiftedSobol(seed, path, index, points),
  );
  const sample = range(points).map((point) => factors.map((factor, index) => factor.at(shares[index][point])));
  const texts = sample.map((values) =>
    JSON.stringify(values.map((each, index) => factorValueOf(each, factors[index].fields))),
  );
  const seen = new Set<string>();
  return sample.filter((_, point) => seen.size !== seen.add(texts[point]).size);
}

/** Points of a sample. */
export function pointsOf({ design }: Pick<ExperimentSpec, 'design'>): number {
  return design?.points ?? POINTS;
}

/** Every combination of one value per factor; the last factor varies fastest. */
function factorial(factors: readonly Factor[]): readonly Combination[] {
  return factors.reduce<Located[][]>(
    (before, { values }) => before.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/**
 * A factor's shares in a Latin hypercube: one at a random place in each of as many equal strata as there are points,
 * in random order (McKay, Beckman and Conover, Technometrics 21, 1979). Factors are drawn one by one, so that
 * another one leaves the others alone.
 */
function latinHypercube(seed: string, path: string, points: number): readonly number[] {
  const order = RandomStream.fromSeed(seed, 'design', 'order', path);
  const place = RandomStream.fromSeed(seed, 'design', 'place', path);
  const strata = range(points);
  for (let last = points - 1; last > 0; last--) {
    const other = Math.floor(order.uniform(0, 0, last) * (last + 1));
    [strata[last], strata[other]] = [strata[other], strata[last]];
  }
  return strata.map((stratum, point) => (stratum + place.uniform(0, 0, point)) / points);
}

/**
 * A factor's shares in Sobol's sequence with a random digital shift, which keeps its even spread and leaves the
 * origin, where all factors are least at once (L'Ecuyer and Lemieux, Management Science 46, 2000). Powers of two
 * of points spread best.
 */
function shiftedSobol(seed: string, path: string, dimension: number, points: number): readonly number[] {
  const shift = RandomStream.fromSeed(seed, 'design', 'shift', path).uint32(0, 0, 0);
  return Array.from(sobolFractions(dimension, points), (fraction) => ((fraction ^ shift) >>> 0) / TWO_POW_32);
}
