import { Readable } from 'node:stream';
import { runInProcess } from '../secrets/in-process.js';
import type { CommandResult } from './command.js';

/**
 * Runs a command in this process as it runs in one of its own: in `folder`, with `input` as its standard input, without
 * a terminal.
 */
export async function callIn(folder: string, args: readonly string[], input: string): Promise<CommandResult> {
  const home = process.cwd();
  const restore = [
    replace(process, 'stdin', Readable.from(input === '' ? [] : [Buffer.from(input)])),
    ...[process.stdout, process.stderr].flatMap((stream) => [
      replace(stream, 'isTTY', undefined),
      replace(stream, 'columns', undefined),
    ]),
  ];
  process.chdir(folder);
  try {
    return await runInProcess(args);
  } finally {
    process.chdir(home);
    for (const undo of restore) undo();
  }
}

/** Gives a property another value. @returns what undoes it */
function replace(object: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, before);
  };
}
