import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Room for 100,000 nodes. */
const HEAP = '--max-old-space-size=4096';
const MAIN = new URL('main.js', import.meta.url);

/** Fresh processes of which a number is the median. */
export const REPETITIONS = 3;

/** What one run printed as JSON on its last line. */
export function outputOf(program: string, ...args: readonly string[]): unknown {
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}

/** The command that starts a program of the benchmark in Node. */
export function nodeCommand(program: URL): readonly string[] {
  return [process.execPath, HEAP, fileURLToPath(program)];
}

/** Each cell is measured in a fresh process: a queue class gets slower when others have run through its loops. */
export function inFreshProcess(...cell: readonly string[]): unknown {
  const [program, ...args] = nodeCommand(MAIN);
  return outputOf(program, ...args, ...cell);
}

/** Measures a cell as `inFreshProcess` does; undefined when it takes longer than so many seconds. */
export function inFreshProcessWithin(seconds: number, ...cell: readonly string[]): unknown {
  const [program, ...args] = nodeCommand(MAIN);
  try {
    return JSON.parse(execFileSync(program, [...args, ...cell], { encoding: 'utf8', timeout: seconds * 1000 }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT') return undefined;
    throw error;
  }
}

/** What measured numbers depend on. */
export const MACHINE = { node_version: process.version, cpu_model: cpus()[0].model.trim() } as const;
