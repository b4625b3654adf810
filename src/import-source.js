import { build } from 'esbuild';

/**
 * Imports a module of src as it stands, bundled in memory: what is bundled must not wait for what types are checked by.
 * @param path of a module that reads no file of the package
 */
export async function importSource(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const [{ contents }] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(contents).toString('base64')}`);
}
