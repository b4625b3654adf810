import type { ModelInput } from '../cluster/model/model-input.js';
import type { TopologyFile } from '../cluster/model/topology-file.js';
import { compileScenario, resolveDefaults, type Samples } from '../experiment/language/compile.js';
import { API_VERSION, experimentSchema, KIND, type SpecInput } from '../experiment/language/schema.js';

/** The seed of everything that a validation draws: no measurement has a part in it. */
export const SEED = 'validation';

/** The model's input for a spec as an experiment file holds it, with its defaults. */
export function modelOf(
  spec: SpecInput,
  { topology = null, samples = 'none' }: { readonly topology?: TopologyFile | null; readonly samples?: Samples } = {},
): ModelInput {
  const document = { apiVersion: API_VERSION, kind: KIND, metadata: { name: SEED }, spec: { seed: SEED, ...spec } };
  return compileScenario(resolveDefaults(experimentSchema.parse(document).spec), topology, samples);
}
