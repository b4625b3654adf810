import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Experiment, LoadOptions } from '../../src/experiment/language/experiment.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';

/** A directory for one test file, removed after its tests. */
export class TemporaryFiles {
  readonly directory = mkdtempSync(join(tmpdir(), 'secretsim-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  /** Loads an experiment from text. */
  load(text: string, options: LoadOptions = {}): Promise<Experiment> {
    return loadExperiment([this.write('experiment.yaml', text)], options);
  }

  /** The problems of an experiment, without the directory. Fails where there are none. */
  async problems(text: string | Uint8Array, options: LoadOptions = {}): Promise<string[]> {
    return this.problemsOf([this.write('experiment.yaml', text)], options);
  }

  async problemsOf(files: readonly string[], options: LoadOptions = {}): Promise<string[]> {
    try {
      await loadExperiment(files, options);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.problems.map((problem) => problem.replaceAll(`${this.directory}/`, ''));
    }
    throw new Error('the experiment was accepted');
  }
}

/** The smallest experiment around the given lines of `spec`, which begin at line 5, indented by two. */
export function experimentWith(spec: string): string {
  const lines = spec.split('\n').map((line) => `  ${line}`);
  return ['apiVersion: secretsim/v1', 'kind: Experiment', 'metadata: {name: test}', 'spec:', ...lines, ''].join('\n');
}
