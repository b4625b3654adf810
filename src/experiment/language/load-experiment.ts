import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { canonicalJson } from './values/canonical-json.js';
import {
  buildExperiment,
  readExperiment,
  type BuiltExperiment,
  type Experiment,
  type LoadOptions,
} from './experiment.js';
import { locate } from './values/located.js';
import { readSource } from './read-source.js';
import { readTopologyFile } from './topology-reader.js';
import type { TopologySource } from './topologies.js';

/** Topology files on the disk: relative to the file that names them, else to the working directory. */
const ON_DISK: TopologySource = {
  locate: (name, beside) => (isAbsolute(name) ? name : join(beside === null ? '.' : dirname(beside), name)),
  read: readTopologyFile,
};

/**
 * Reads an experiment (`-`: standard input; later files are laid over earlier ones), checks it and
 * expands its scenarios. Throws an InputError with every problem found.
 */
export async function loadExperiment(files: readonly string[], options: LoadOptions = {}): Promise<Experiment> {
  return hashed(await readExperiment(files, options, { readSource, topologies: ON_DISK }));
}

/**
 * The experiment of a document that was resolved before: that of a manifest.json. A topology file is looked for from the
 * working directory. Throws an InputError with every problem found.
 */
export async function restoreExperiment(document: object, source: string): Promise<Experiment> {
  return hashed(await buildExperiment(locate(document, { source }), source, { topologies: ON_DISK }));
}

function hashed({ experiment, determinants }: BuiltExperiment): Experiment {
  return { ...experiment, hash: createHash('sha256').update(canonicalJson(determinants)).digest('hex') };
}
