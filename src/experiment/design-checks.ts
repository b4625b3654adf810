import type { Factor, FactorValue } from './factors.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import { SOBOL_DIMENSIONS_MAX } from './sobol.js';
import { parseWhere, type Filter } from './where.js';

/** More scenarios than anyone can look at: a slip in the factors. */
const SCENARIOS_MAX = 10_000;

/** What is wrong between the factors, the design and the conditions. */
export function designProblems(spec: ExperimentSpec, factors: readonly Factor[]): Problem[] {
  return [
    ...(spec.design === undefined ? [] : sampleProblems(spec.design, factors)),
    ...sizeProblems(spec, factors),
    ...whereProblems(spec, factors),
  ];
}

function sampleProblems(
  { kind, points }: NonNullable<ExperimentSpec['design']>,
  factors: readonly Factor[],
): Problem[] {
  const steps = ['spec', 'design'];
  if (kind === 'factorial') {
    const message = 'a factorial takes every combination: leave points out, or take lhs or sobol';
    return points === undefined ? [] : [{ steps: [...steps, 'points'], message }];
  }
  if (factors.length === 0) return [{ steps, message: 'a sample needs factors' }];
  if (kind === 'lhs' || factors.length <= SOBOL_DIMENSIONS_MAX) return [];
  return [
    { steps, message: `${factors.length} factors; sobol has ${SOBOL_DIMENSIONS_MAX} dimensions at most: take lhs` },
  ];
}

function sizeProblems({ design }: ExperimentSpec, factors: readonly Factor[]): Problem[] {
  if (design !== undefined && design.kind !== 'factorial') return [];
  const count = factors.reduce((product, { values }) => product * values.length, 1);
  if (count <= SCENARIOS_MAX) return [];
  const message = `the factors make ${count} scenarios; at most ${SCENARIOS_MAX} are allowed`;
  return [{ steps: ['spec', 'factors'], part: 'key', message }];
}

function whereProblems({ where = [] }: ExperimentSpec, factors: readonly Factor[]): Problem[] {
  return where.flatMap((text, index) => {
    const condition = parseWhere(text, factors);
    return condition.ok ? [] : [{ steps: ['spec', 'where', index], message: condition.reason }];
  });
}

/** Whether the conditions of a spec without problems all hold for a combination of its factors' values. */
export function filterOf({ where = [] }: ExperimentSpec, factors: readonly Factor[]): Filter {
  const conditions = where.map((text) => {
    const condition = parseWhere(text, factors);
    if (!condition.ok) throw new TypeError(`${text}: ${condition.reason}`);
    return condition.value;
  });
  return (values: readonly FactorValue[]) => conditions.every((holds) => holds(values));
}
