import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../../src/package-files.js';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { goModule, versionOf } from './go-module.js';

const SOURCES = fileURLToPath(packageFile('experiments/laboratory/'));
const KUBERNETES = 'k8s.io/kubernetes';

/** A binary that is every process of a laboratory. */
export interface Binary {
  readonly path: string;
  /** Of Kubernetes, with its patch. */
  readonly version: string;
  /** Versions of what it is made of, by module; `go` is the compiler. */
  readonly modules: Readonly<Record<string, string>>;
}

/**
 * Builds the laboratory for a release in a folder of its own, where that is needed.
 * @param release `1.37` or `1.37.2`
 * @param folder for the generated modules and binaries of all releases
 * @throws InputError where there is no such release, or no Go
 */
export async function buildLaboratory(release: string, folder: string): Promise<Binary> {
  const listed = await go(['list', '-m', '-versions', KUBERNETES], process.cwd(), 'capture');
  const version = versionOf(release, listed.trim().split(' ').slice(1));
  if (version === undefined) throw new InputError(['--release: there is no such release of Kubernetes; write 1.37']);
  const here = join(folder, version);
  await mkdir(here, { recursive: true });
  for (const name of await readdir(SOURCES)) if (name.endsWith('.go')) await cp(join(SOURCES, name), join(here, name));
  const downloaded = await go(['mod', 'download', '-json', `${KUBERNETES}@v${version}`], here, 'capture');
  const { GoMod } = JSON.parse(downloaded) as { readonly GoMod: string };
  await writeFile(join(here, 'go.mod'), goModule(await readFile(GoMod, 'utf8'), version));
  await go(['mod', 'tidy'], here);
  const path = join(here, 'laboratory');
  await go(['build', '-o', path, '.'], here);
  return { path, version, modules: await moduleVersions(here, version) };
}

async function moduleVersions(folder: string, version: string): Promise<Record<string, string>> {
  const etcd = await go(['list', '-m', '-f', '{{.Version}}', 'go.etcd.io/etcd/server/v3'], folder, 'capture');
  const compiler = await go(['env', 'GOVERSION'], folder, 'capture');
  return { kubernetes: version, etcd: etcd.trim().replace(/^v/, ''), go: compiler.trim().replace(/^go/, '') };
}

/** Runs go, whose messages go to the terminal. @returns what it prints, where that is captured */
async function go(args: readonly string[], cwd: string, output: 'inherit' | 'capture' = 'inherit'): Promise<string> {
  const child = spawn('go', args, { cwd, stdio: ['ignore', output === 'capture' ? 'pipe' : 'inherit', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', () => reject(new InputError(['the laboratory needs Go (go.dev): there is no command "go"'])));
  });
  if (code !== 0) throw new Error(`go ${args.join(' ')} failed in ${cwd}`);
  return text;
}
