/* Part of `npm run bundle`: the playground as one page, dist/pages/playground.html. */
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { importSource } from '../../import-source.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Node's modules are allowed in functions that the page never calls; the check below says where one is left. */
const withoutNode = {
  name: 'without-node',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};

async function bundle(entry) {
  const { outputFiles, metafile } = await build({
    entryPoints: [here(`./${entry}`)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    alias: { linkedom: here('./page-document.ts'), 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
    plugins: [withoutNode],
  });
  const [{ imports }] = Object.values(metafile.outputs);
  if (imports.length > 0) throw new Error(`${entry} needs ${imports.map(({ path }) => path).join(', ')}`);
  const [{ text }] = outputFiles;
  if (text.includes('import.meta')) throw new Error(`${entry} asks where it lies, and would not run as a worker`);
  return text;
}

const { version } = JSON.parse(await readFile(here('../../../package.json'), 'utf8'));
const [{ playgroundHtml }, page, worker] = await Promise.all([
  importSource(here('../../playground/page-html.ts')),
  bundle('page.ts'),
  bundle('worker.ts'),
]);
await mkdir(here('../../../dist/pages'), { recursive: true });
await writeFile(here('../../../dist/pages/playground.html'), playgroundHtml({ page, worker }, version));
