import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../../experiment/language/input-bytes.js';
import { InputError } from '../../experiment/language/values/input-error.js';
import { sourceLabel, STDIN } from '../../experiment/language/source.js';
import {
  addText,
  CONFIGURATION_BYTES_MAX,
  configurationText,
  type Layers,
  type ReadSettings,
  settingsOf,
} from './parse-settings.js';

/** The kubelet reads such files of its drop-in folder, in the order of their names (`mergeKubeletConfigurations`). */
const DROP_IN = '.conf';

/**
 * Reads kubelet configurations (`-`: standard input), YAML or JSON: KubeletConfiguration, also as a kubelet's `/configz`
 * serves it or as distributions keep it, files of flags, and folders of drop-in files. Later ones are laid over earlier
 * ones. Throws an InputError with line and column.
 */
export async function readKubeletSettings(paths: readonly string[]): Promise<ReadSettings> {
  const layers: Layers = { files: [], flags: [], notes: [] };
  const files = (await Promise.all(paths.map(configurationFiles))).flat();
  for (const file of files) await addText(await readText(file), sourceLabel(file), layers);
  return settingsOf(layers);
}

async function configurationFiles(path: string): Promise<string[]> {
  const found = path === STDIN ? null : await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(DROP_IN)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new InputError([`${path}: has no file that ends in ${DROP_IN}, as the kubelet's drop-in files do`]);
}

async function readText(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path)) {
    pieces.push(piece);
    size += piece.length;
    if (size > CONFIGURATION_BYTES_MAX) {
      throw new InputError([`${sourceLabel(path)}: is larger than 1 MiB: not a KubeletConfiguration`]);
    }
  }
  return configurationText(Buffer.concat(pieces), sourceLabel(path));
}
