import { factorLabels } from './factors.js';
import { PAIR } from './joint-values.js';

/**
 * For each condition of `spec.where`, the paths of the factors that it compares: of several, it leaves out combinations,
 * and the factors are no longer independent of each other.
 */
export function factorsCompared(
  where: readonly string[],
  factorPaths: readonly string[],
): readonly (readonly string[])[] {
  const labels = factorLabels(factorPaths.map((path) => ({ path })));
  const names = factorPaths.map((path, index) => new Set([path, labels[index], ...path.split(PAIR)]));
  return where.map((text) => {
    const compared = text.split(/\sor\s/).map((part) => part.slice(0, Math.max(0, part.search(/[<>=!]/))).trim());
    return factorPaths.filter((_, index) => compared.some((name) => names[index].has(name)));
  });
}
