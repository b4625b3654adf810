import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finish, PROGRAM, type CommandResult } from '../cli/command.js';

const SCRIPTS = new URL('../../../test/paths/', import.meta.url);

/** The commands of a user's path, as they are typed: lines that are neither comments nor settings of the shell. */
export function commandsOf(name: string): readonly string[] {
  const text = readFileSync(new URL(`${name}.sh`, SCRIPTS), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('set '));
}

/**
 * Walks a user's path in a folder, as a shell that stops at the first command that fails, and says how many commands and
 * how long it took.
 * @param environment in addition to that of this process; of PATH only what comes first
 */
export async function walk(
  name: string,
  folder: string,
  { PATH = '', ...environment }: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const began = performance.now();
  const path = [PATH, dirname(process.execPath), process.env['PATH']].join(delimiter);
  const shell = spawn('bash', ['-e', fileURLToPath(new URL(`${name}.sh`, SCRIPTS))], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, ...environment, PATH: path },
  });
  const result = await finish(shell);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`    ${name}: ${commandsOf(name).length} commands, ${seconds} s`);
  return result;
}

/** A folder with the command `secretsim`, for PATH. */
export async function programs(folder: string): Promise<string> {
  const place = join(folder, 'programs');
  await mkdir(place);
  await symlink(PROGRAM, join(place, 'secretsim'));
  return place;
}

/** Puts a program in the place of one that needs more than a test has. */
export async function stub(place: string, name: string, script: string): Promise<void> {
  await writeFile(join(place, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(place, name), 0o755);
}
