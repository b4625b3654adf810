import type { ReadExperiment } from '../experiment/language/experiment.js';
import type { ScenarioSummary } from './scenario-summary.js';

/** Factors that vary together, and count as one. */
export type JointFactor = readonly string[];

/** Whether the scenarios are a sample of the factors' ranges, and not combinations of their values. */
export function isSample({ spec }: ReadExperiment): boolean {
  return spec.design !== undefined && spec.design.kind !== 'factorial';
}

/** The factors of an experiment; paths whose values always go together are one, but for samples. */
export function factorsOf(experiment: ReadExperiment, scenarios: readonly ScenarioSummary[]): readonly JointFactor[] {
  if (isSample(experiment)) return experiment.factorPaths.map((path) => [path]);
  const factors: string[][] = [];
  for (const path of experiment.factorPaths) {
    const partner = factors.find((factor) => {
      const together = valuesOf([...factor, path], scenarios).size;
      return together === valuesOf(factor, scenarios).size && together === valuesOf([path], scenarios).size;
    });
    if (partner === undefined) factors.push([path]);
    else partner.push(path);
  }
  return factors;
}

/** The values of a factor in the order of the scenarios. */
export function valuesOf(factor: JointFactor, scenarios: readonly ScenarioSummary[]): ReadonlySet<string> {
  return new Set(scenarios.map((summary) => valueOf(factor, summary)));
}

/** The value of a factor in a scenario. */
export function valueOf(factor: JointFactor, { scenario }: ScenarioSummary): string {
  return factor.map((path) => String(scenario.factors[path])).join(' & ');
}
