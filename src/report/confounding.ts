import { cross } from 'd3-array';
import type { ReadExperiment } from '../experiment/language/experiment.js';
import { factorsCompared } from '../experiment/language/joint-conditions.js';
import type { Levels } from '../experiment/statistics/variance-shares.js';
import { isSample, type JointFactor } from './factor-values.js';

/** A factor with its levels over the scenarios. */
interface LevelledFactor {
  readonly factor: JointFactor;
  readonly levels: Levels;
}

/**
 * For each factor those that it is confounded with: their levels do not meet in equal proportions, as where `where`
 * leaves out combinations. What one explains of the variance is then explained by the other, too, and no share of it is
 * the factor's own. In samples, whose levels never meet in equal proportions, those that one condition compares.
 */
export function confoundedWith(
  experiment: ReadExperiment,
  factors: readonly LevelledFactor[],
): readonly (readonly JointFactor[])[] {
  const together = isSample(experiment) ? comparedTogether(experiment) : unbalanced;
  return factors.map((one) =>
    factors.filter((other) => other !== one && together(one, other)).map(({ factor }) => factor),
  );
}

type Together = (one: LevelledFactor, other: LevelledFactor) => boolean;

function comparedTogether({ spec, factorPaths }: ReadExperiment): Together {
  const conditions = factorsCompared(spec.where ?? [], factorPaths);
  return (one, other) =>
    conditions.some((paths) => [one, other].every(({ factor }) => factor.some((path) => paths.includes(path))));
}

/** Whether some pair of levels meets more or less often than their numbers make them. */
function unbalanced({ levels: one }: LevelledFactor, { levels: other }: LevelledFactor): boolean {
  const total = one.of.length;
  const first = new Array<number>(one.count).fill(0);
  const second = new Array<number>(other.count).fill(0);
  const both = new Array<number>(one.count * other.count).fill(0);
  one.of.forEach((level, scenario) => {
    first[level]++;
    second[other.of[scenario]]++;
    both[level * other.count + other.of[scenario]]++;
  });
  return cross(first, second, (a, b) => a * b).some((expected, pair) => both[pair] * total !== expected);
}
