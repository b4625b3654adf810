import type { ModelInput } from '../cluster/model-input.js';
import type { Slo } from './slo.js';

/** One combination of factor values. */
export interface Scenario {
  readonly index: number;
  readonly name: string;
  readonly factors: Readonly<Record<string, string | number | boolean>>;
  readonly input: ModelInput;
}

/** The resolved `spec`: plain JSON. */
export type ExperimentSpec = Readonly<Record<string, unknown>>;

/** A resolved experiment. */
export interface Experiment {
  readonly name: string;
  readonly file: string;
  readonly replications: number;
  readonly seed: string;
  readonly factorPaths: readonly string[];
  readonly scenarios: readonly Scenario[];
  readonly spec: ExperimentSpec;
  readonly slos: readonly Slo[];
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  readonly hash: string;
  readonly warnings: readonly string[];
}
