/* Part of `npm run bundle`: the scripts of report.html, each as one file without imports, into dist/pages. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [here('page-tools.ts'), here('wave-player.ts')],
  outdir: here('../../dist/pages'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
});
