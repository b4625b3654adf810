import { pointsOf } from './design.js';
import type { Factor } from './factors.js';
import type { FactorValue } from './factor-value.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';
import { SOBOL_DIMENSIONS_MAX } from '../statistics/sobol.js';
import { Conditions, type Filter } from './where.js';

/** More scenarios than anyone can look at: a slip in the factors. */
const SCENARIOS_MAX = 10_000;

/** Runs whose names and results can be kept in memory. */
const RUNS_MAX = 1_000_000;

/** Parts (fields and list items) of all scenarios' specs together: each is read and checked. */
const PARTS_MAX = 20_000_000;

/**
 * What is wrong between the factors, the design and the conditions.
 * @param parts fields and list items of the spec
 */
export function designProblems(spec: ExperimentSpec, factors: readonly Factor[], parts: number): Problem[] {
  return [
    ...(spec.design === undefined ? [] : sampleProblems(spec.design, factors)),
    ...baselineProblems(spec),
    ...sizeProblems(spec, factors, parts),
    ...whereProblems(spec, factors),
  ];
}

/** The points of a sample differ in all factors at once: none of them is the settings as they are. */
function baselineProblems({ baseline, design }: ExperimentSpec): Problem[] {
  if (baseline === undefined || design === undefined || design.kind === 'factorial') return [];
  const message = 'names the first scenario of a factorial, and this is a sample: leave it out';
  return [{ steps: ['spec', 'baseline'], message }];
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

function sizeProblems(spec: ExperimentSpec, factors: readonly Factor[], parts: number): Problem[] {
  const { design, replications, precision } = spec;
  const sampled = design !== undefined && design.kind !== 'factorial';
  const count = sampled ? pointsOf(spec) : factors.reduce((product, { values }) => product * values.length, 1);
  if (count > SCENARIOS_MAX) {
    const message = `the factors make ${count} scenarios; at most ${SCENARIOS_MAX} are allowed`;
    return [{ steps: ['spec', 'factors'], part: 'key', message }];
  }
  const each = precision?.min ?? replications;
  if (count * each > RUNS_MAX) {
    const runs = `${count} scenarios of ${each} replications are ${count * each} runs`;
    return [{ steps: ['spec'], part: 'key', message: `${runs}; at most ${RUNS_MAX} are allowed` }];
  }
  if (count * parts <= PARTS_MAX) return [];
  const message = `${count} scenarios of a spec with ${parts} fields do not fit into memory; take fewer of them`;
  return [{ steps: ['spec'], part: 'key', message }];
}

function whereProblems({ where = [] }: ExperimentSpec, factors: readonly Factor[]): Problem[] {
  const conditions = new Conditions(factors);
  return where.flatMap((text, index) => {
    const condition = conditions.read(text);
    return condition.ok ? [] : [{ steps: ['spec', 'where', index], message: condition.reason }];
  });
}

/** Whether the conditions of a spec without problems all hold for a combination of its factors' values. */
export function filterOf({ where = [] }: ExperimentSpec, factors: readonly Factor[]): Filter {
  const conditions = new Conditions(factors);
  const filters = where.map((text) => {
    const condition = conditions.read(text);
    if (!condition.ok) throw new TypeError(condition.reason);
    return condition.value;
  });
  return (values: readonly FactorValue[]) => filters.every((holds) => holds(values));
}
