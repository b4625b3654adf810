/*
 * Part of `npm run bundle`: compiles what is written in AssemblyScript to WebAssembly, and writes the bytes of each as a
 * module of TypeScript beside those who use it, which is bundled like any other and is not committed.
 */
import asc from 'assemblyscript/asc';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const KERNELS = [
  { folder: 'sim', sources: ['random-blocks', 'renewals'], name: 'random-batch', constant: 'RANDOM_BATCH' },
  { folder: 'cluster/meters', sources: ['watch-lives'], name: 'watch-lives', constant: 'WATCH_LIVES' },
];
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--initialMemory', '1'];

for (const { folder, sources, name, constant } of KERNELS) {
  let bytes = [];
  const files = sources.map((source) => here(`${folder}/assembly/${source}.ts`));
  const { error, stderr } = await asc.main([...files, ...OPTIONS, '--outFile', 'kernel.wasm'], {
    writeFile: (_, contents) => void (bytes = [...contents]),
  });
  if (error !== null) throw new Error(`${name}: ${error.message}\n${stderr.toString()}`);
  const text = `/** The WebAssembly of ${sources.map((source) => `assembly/${source}.ts`).join(' and ')}; made by src/kernels.js. */
export const ${constant} = Uint8Array.of(${bytes.join(', ')});
`;
  // What is as before stays, so that nothing that hangs on it is built anew.
  const target = here(`${folder}/${name}.wasm.ts`);
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before !== text) await writeFile(target, text);
}
