/*
 * Part of `npm run bundle`: compiles what is written in AssemblyScript to WebAssembly, and writes the bytes of each as a
 * module of TypeScript beside those who use it, which is bundled like any other and is not committed. Does nothing where
 * nothing has changed.
 */
import { readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const KERNELS = [
  {
    folder: 'sim',
    sources: ['random-blocks', 'renewals', 'residuals', 'renewal-lists', 'listed-renewals', 'cycle-ages'],
    name: 'random-batch',
    constant: 'RANDOM_BATCH',
    pages: 23,
  },
  {
    folder: 'cluster/meters',
    sources: ['watch-lives'],
    name: 'watch-lives',
    constant: 'WATCH_LIVES',
    // Room for a day of a cluster, which costs nothing until it is used. When a memory grows, its old buffer is detached, and
    // from then on V8 looks at each access to any typed array whether its buffer still is there.
    pages: 256,
  },
  {
    folder: 'experiment/language/values',
    sources: ['json-brackets'],
    name: 'json-brackets',
    constant: 'JSON_BRACKETS',
    pages: 2,
  },
];
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'];

const targetOf = ({ folder, name }) => here(`${folder}/${name}.wasm.ts`);

/** When a file was changed, ms; 0: it is not there. */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** When what kernels are made of was changed last: their sources, the compiler, and this file. */
function newestSource() {
  const sources = KERNELS.flatMap(({ folder }) =>
    readdirSync(here(`${folder}/assembly`)).map((file) => here(`${folder}/assembly/${file}`)),
  );
  return Math.max(...[...sources, here('../package-lock.json'), here('kernels.js')].map(changedAt));
}

async function compile({ folder, sources, name, constant, pages }) {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes = [];
  const files = sources.map((source) => here(`${folder}/assembly/${source}.ts`));
  const { error, stderr } = await asc.main(
    [...files, ...OPTIONS, '--initialMemory', `${pages}`, '--outFile', 'kernel.wasm'],
    {
      writeFile: (_, contents) => void (bytes = [...contents]),
    },
  );
  if (error !== null) throw new Error(`${name}: ${error.message}\n${stderr.toString()}`);
  const from = sources.map((source) => `assembly/${source}.ts`).join(' and ');
  return `/** The WebAssembly of ${from}; made by src/kernels.js. */
export const ${constant} = Uint8Array.of(${bytes.join(', ')});
`;
}

const newest = newestSource();
for (const kernel of KERNELS) {
  if (changedAt(targetOf(kernel)) <= newest) await writeFile(targetOf(kernel), await compile(kernel));
}
