import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';

/** A pipeline, or an application in it, that says nothing, and one whose result is switched off. */
export function pipelineProblems({ pipeline, output }: ExperimentSpec): Problem[] {
  if (pipeline === undefined) return [];
  const { source, application } = pipeline;
  const steps = ['spec', 'pipeline'];
  const problems: Problem[] = [];
  if (source === undefined && application === undefined) {
    const message = 'has no stage: give source: {refreshInterval: 1h}, or application: {reloadInterval: 10s}, or both';
    problems.push({ steps, message });
  }
  if (application !== undefined && (application.reloadInterval ?? application.reloadDelay) === undefined) {
    const message = 'has no delay: give reloadInterval (it polls its files), or reloadDelay (a constant), or both';
    problems.push({ steps: [...steps, 'application'], message });
  }
  if (output.rotation === false) {
    const message = 'rotation.csv is what spec.pipeline is for: leave out one of the two';
    problems.push({ steps: ['spec', 'output', 'rotation'], message });
  }
  return problems;
}
