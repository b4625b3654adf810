/*
 * `npm run test:unit -- test/….test.ts…`: runs single test files in seconds. What is newer than its compiled form is
 * compiled file by file, without a look at its types (`npm run build` and an editor have it). With --watch again
 * whenever a source changes; with --compiled what the last build made. Everything else that begins with a dash goes to
 * mocha (--grep=TEXT).
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, watch } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const USAGE =
  'usage: npm run test:unit -- test/….test.ts… [--watch] [--compiled] [options of mocha, such as --grep=TEXT]';
const OWN_OPTIONS = ['--watch', '--compiled'];
/** How long sources have to be left alone before the tests run again. */
const QUIET_MS = 200;

/** True for a file of AssemblyScript: `src/kernels.js` makes a module of TypeScript of it. */
const isAssembly = (path) => path.split(/[\\/]/).includes('assembly');

/** Sources that are newer than their compiled form. */
function outdated() {
  return ['src', 'test', join('experiments', 'laboratory')]
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith(join('src', 'browser')))
    .filter((path) => !isAssembly(path))
    .filter((path) => {
      const compiled = join(ROOT, 'dist', path.replace(/\.ts$/, '.js'));
      return !existsSync(compiled) || statSync(compiled).mtimeMs < statSync(join(ROOT, path)).mtimeMs;
    });
}

/** True where what was changed is JavaScript now. */
async function compile() {
  if (node('src/kernels.js') !== 0) return false;
  const files = outdated();
  if (files.length === 0) return true;
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: files,
      outdir: 'dist',
      outbase: '.',
      format: 'esm',
      sourcemap: true,
      tsconfig: 'tsconfig.json',
    });
  } catch {
    return false; // esbuild has said why.
  }
  const commandChanged = files.some((path) => path.startsWith('src'));
  // Tests of the command line start the bundle.
  return !commandChanged || node('src/bundle.js') === 0;
}

function node(...args) {
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

/** The compiled form of a test file, by its path from here or from the repository. */
function compiledTest(name) {
  const path = [resolve(name), resolve(ROOT, name)]
    .map((each) => relative(ROOT, each))
    .find((each) => existsSync(join(ROOT, each)));
  if (path === undefined || !/^test[\\/].*\.test\.ts$/.test(path)) {
    console.error(`${name}: no such test; it is named by its source, test/….test.ts\n${USAGE}`);
    process.exit(2);
  }
  return join('dist', path.replace(/\.ts$/, '.js'));
}

const args = process.argv.slice(2);
const tests = args.filter((each) => !each.startsWith('-')).map(compiledTest);
const options = args.filter((each) => each.startsWith('-') && !OWN_OPTIONS.includes(each));
if (tests.length === 0) {
  console.error(USAGE);
  process.exit(2);
}

async function run() {
  if (!args.includes('--compiled') && !(await compile())) return 1;
  return node('node_modules/mocha/bin/mocha.js', '--no-parallel', ...options, ...tests);
}

process.exitCode = await run();
if (args.includes('--watch')) {
  let changedAt = 0;
  for (const folder of ['src', 'test']) {
    watch(join(ROOT, folder), { recursive: true }, () => {
      changedAt = Date.now();
    });
  }
  for (;;) {
    await sleep(QUIET_MS);
    if (changedAt === 0 || Date.now() - changedAt < QUIET_MS) continue;
    changedAt = 0;
    process.exitCode = await run();
  }
}
