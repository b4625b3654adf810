import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Room for 100,000 nodes. */
const HEAP = '--max-old-space-size=4096';
const MAIN = new URL('main.js', import.meta.url);

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

/** What measured numbers depend on. */
export const MACHINE = { node_version: process.version, cpu_model: cpus()[0].model.trim() } as const;
