import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Experiment } from '../language/experiment.js';
import { quoteVersion } from '../language/quoting.js';
import { describeChanges, settingsOf, type ExperimentSettings } from '../language/settings.js';
import type { Shard } from './shard.js';

/** What finished runs belong to: they are only taken up again by an experiment alike in all but `settings`. */
export interface PartsIdentity {
  /** Hash of the experiment. */
  readonly experiment: string;
  /** Version of secretsim. */
  readonly version: string;
  readonly engine: 'lazy' | 'eager';
  /** From which the hash was made; they tell what was changed. */
  readonly settings: ExperimentSettings;
  /** Which runs are to be found here; missing: all of the experiment. */
  readonly shard?: Shard;
  /** Arguments of `run` that made the experiment, without those that choose the shard and the folder. */
  readonly arguments?: readonly string[];
}

/** The identity of an experiment's finished runs. */
export function identityOf(experiment: Experiment, version: string, eager = false): PartsIdentity {
  const engine = eager ? 'eager' : 'lazy';
  return { experiment: experiment.hash, version, engine, settings: settingsOf(experiment) };
}

const count = z.int().min(1);
const identitySchema = z.object({
  experiment: z.string(),
  version: z.string(),
  engine: z.enum(['lazy', 'eager']),
  settings: z.looseObject({}),
  shard: z.object({ index: count, count }).exactOptional(),
  arguments: z.array(z.string()).exactOptional(),
});

/** Reads the identity that parts were kept under; null where there is none, one that a crash cut off, or another file. */
export async function readIdentity(path: string): Promise<PartsIdentity | null> {
  try {
    return identitySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** How the owner of parts differs from who wants them; null: not at all. */
export function describeDifference(owner: PartsIdentity, wanted: PartsIdentity): string | null {
  if (owner.experiment !== wanted.experiment) {
    const changes = describeChanges(owner.settings, wanted.settings);
    // Another version may make another hash of the same settings.
    if (changes !== '' || owner.version === wanted.version) {
      // A manifest tells everything but the samples.
      return `an experiment with other settings (${changes === '' ? '--samples' : changes})`;
    }
  }
  if (owner.version !== wanted.version) return `secretsim ${quoteVersion(owner.version)} (this is ${wanted.version})`;
  if (owner.engine !== wanted.engine) return `a run ${owner.engine === 'eager' ? 'with' : 'without'} --eager`;
  return null;
}
