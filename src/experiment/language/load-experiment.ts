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
import { findInterrupted } from '../../files/write-together.js';
import { locateDocument } from './plain-document.js';
import { InputError } from './values/input-error.js';
import { locate, type Located } from './values/located.js';
import { readSource } from './read-source.js';
import { shellWord } from '../../shell.js';
import { STDIN } from './source.js';
import { readTopologyFile } from './topology-reader.js';
import type { TopologySource } from './topologies.js';

/** Topology files on the disk: relative to the file that names them, else to the working directory. */
export const TOPOLOGIES_ON_DISK: TopologySource = {
  locate: (name, beside) => (isAbsolute(name) ? name : join(beside === null ? '.' : dirname(beside), name)),
  read: readTopologyFile,
};

/**
 * Reads an experiment (`-`: standard input; later files are laid over earlier ones), checks it and
 * expands its scenarios. Throws an InputError with every problem found.
 */
export async function loadExperiment(files: readonly string[], options: LoadOptions = {}): Promise<Experiment> {
  try {
    return hashed(await readExperiment(files, options, { readSource, topologies: TOPOLOGIES_ON_DISK }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([...error.problems, ...(await interruptions(files))]);
  }
}

/** Tells of files that a killed command, such as an import, has written whole and not put in place. */
async function interruptions(files: readonly string[]): Promise<readonly string[]> {
  const paths = files.filter((path) => path !== STDIN);
  const interrupted = await findInterrupted(paths).catch(() => []);
  return interrupted.flatMap(({ moves }) => {
    if (moves.length === 0) return [];
    const steps = moves.map(({ from, to }) => `mv -- ${shellWord(from)} ${shellWord(to)}`);
    return [
      `${moves.map(({ to }) => to).join(' and ')}: written, and not put in place: the command that did it was ended ` +
        `before its last step; run it again, or take that step by hand: ${steps.join(' && ')}`,
    ];
  });
}

/** What an experiment without a file is called in messages. */
const IN_MEMORY = 'experiment';

/**
 * Builds an experiment from what its file would hold, as a plain object: with the checks and messages of a file, which
 * name fields without lines. A topology file is looked for from the working directory. Throws an InputError with every
 * problem found.
 */
export async function experimentOf(document: object, options: LoadOptions = {}): Promise<Experiment> {
  return experimentOn(document, TOPOLOGIES_ON_DISK, options);
}

/** The same, with topologies from wherever the caller has them. */
export async function experimentOn(
  document: object,
  topologies: TopologySource,
  options: LoadOptions = {},
): Promise<Experiment> {
  const readDocument = async (): Promise<Located> => Promise.resolve(locateDocument(document, IN_MEMORY));
  return hashed(await readExperiment([IN_MEMORY], options, { readSource: readDocument, topologies }));
}

/**
 * The experiment of a document that was resolved before: that of a manifest.json. A topology file is looked for from the
 * working directory. Throws an InputError with every problem found.
 */
export async function restoreExperiment(document: object, source: string): Promise<Experiment> {
  return hashed(await buildExperiment(locate(document, { source }), source, { topologies: TOPOLOGIES_ON_DISK }));
}

function hashed({ experiment, determinants }: BuiltExperiment): Experiment {
  return { ...experiment, hash: createHash('sha256').update(canonicalJson(determinants)).digest('hex') };
}
