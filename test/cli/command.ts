import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { callIn } from './in-process.js';

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../../bundle/secretsim.js', import.meta.url));

/** What a command left behind. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder to run commands in. */
export class Workplace {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'secretsim-cli-')));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }

  /** Starts the built program here. */
  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [PROGRAM, ...args], { cwd: this.path, stdio: 'pipe' });
  }

  /** Runs the built program here, with `input` as its standard input. */
  async run(args: readonly string[], input = ''): Promise<CommandResult> {
    return finish(this.start(args), input);
  }

  /** The same in this process: for statements about what a command says and writes, which need no process. */
  async call(args: readonly string[], input = ''): Promise<CommandResult> {
    return callIn(this.path, args, input);
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.path, name), content);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8');
  }

  /** The files of a folder, by name; null where it does not exist. */
  async list(name = '.'): Promise<readonly string[] | null> {
    try {
      return (await readdir(join(this.path, name))).sort();
    } catch {
      return null;
    }
  }

  /** A result as far as it has to be the same: each CSV, and the manifest without `execution`. */
  async result(folder: string): Promise<Readonly<Record<string, unknown>>> {
    const names = (await this.list(folder)) ?? [];
    const contents: Record<string, unknown> = {};
    for (const name of names) contents[name] = await this.read(join(folder, name));
    const manifest = JSON.parse(String(contents['manifest.json'])) as Record<string, unknown>;
    delete manifest['execution'];
    return { ...contents, 'manifest.json': manifest };
  }
}

/** Waits for the end of a started program. */
export async function finish(child: ChildProcess, input = ''): Promise<CommandResult> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the program was started without pipes');
  stdin.on('error', () => undefined).end(input);
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  return { code: await code, out, err };
}
