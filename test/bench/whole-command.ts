import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../src/package-files.js';

/** What a whole command took. */
export interface Usage {
  /** Of all threads, user and system. */
  readonly cpuS: number;
  readonly wallS: number;
  readonly peakMiB: number;
}

/** A command that was refused, or failed, and what it said last. */
export interface Refusal {
  readonly refused: string;
}

/** The folder of this build. */
export const OWN_BUILD = fileURLToPath(packageFile('.'));

const HOOK = new URL('usage-at-exit.js', import.meta.url).href;

/** The command of a build. @throws Error where there is none */
export function programOf(build: string): string {
  const program = join(build, 'dist/bundle/secretsim.js');
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run build makes it`);
  return program;
}

/**
 * Runs the command of a build and measures it from outside.
 * @param folder where it is run, and may leave files; what it keeps of its compiled code is kept there, too
 */
export function runCommand(build: string, args: readonly string[], folder: string): Usage | Refusal {
  const file = join(folder, 'usage.json');
  const program = programOf(build);
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', HOOK, program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), SECRETSIM_BENCH_USAGE: file },
    maxBuffer: 2 ** 26,
  });
  const wallS = (performance.now() - started) / 1000;
  if (status !== 0) return { refused: stderr.trim().split('\n').at(-1) ?? '' };
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as Pick<Usage, 'cpuS' | 'peakMiB'>), wallS };
}
