import { main } from '../../src/cli/cli.js';
import type { CommandResult } from '../cli/command.js';

type Write = typeof process.stdout.write;

/** Runs a command in this process: hundreds of them in the time of a few processes. */
export async function runInProcess(args: readonly string[]): Promise<CommandResult> {
  const texts = { out: '', err: '' };
  const capture =
    (name: keyof typeof texts): Write =>
    (chunk: string | Uint8Array) => {
      texts[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    };
  const { stdout, stderr, exitCode } = process;
  process.exitCode = undefined;
  stdout.write = capture('out');
  stderr.write = capture('err');
  try {
    return { code: await main(args), ...texts };
  } finally {
    // What is left is the method of their class again.
    Reflect.deleteProperty(stdout, 'write');
    Reflect.deleteProperty(stderr, 'write');
    process.exitCode = exitCode;
  }
}
