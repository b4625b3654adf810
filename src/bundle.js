/*
 * Part of `npm run build`: bundles the command and its worker threads, each with what it needs of the libraries, into
 * dist/bundle. Node finds one file sooner than three hundred: a command starts in two thirds of the time. The JSON Schema
 * of the experiment file, which only depends on the sources, is brought along as text.
 */
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { jsonSchema } from '../dist/src/experiment/language/schema.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const outdir = here('../dist/bundle');

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    secretsim: here('cli/main.ts'),
    'run-worker': here('experiment/execution/worker.ts'),
    'part-worker': here('experiment/execution/part-worker.ts'),
    'validation-worker': here('validation/worker.ts'),
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  define: { EXPERIMENT_JSON_SCHEMA: JSON.stringify(JSON.stringify(jsonSchema())) },
  minifyWhitespace: true,
  minifySyntax: true,
  // Libraries in CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
