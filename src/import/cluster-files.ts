import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../experiment/language/values/input-error.js';
import { STDIN } from '../experiment/language/source.js';

/** A bundle of a large cluster has some ten thousand files, in a dozen levels. */
const FILES_MAX = 200_000;
const LEVELS_MAX = 30;

/** Names of files that may hold objects; logs and archives do not. */
const NAMES = /\.(?:json|ya?ml)(?:\.gz)?$/;

const ARCHIVE = /\.(?:tar|tgz|tar\.\w+|zip|7z|xz|zst|bz2)$/;

/** What import and run write. */
const TOPOLOGY = /\.topology\.json(?:\.gz)?$/;
const MANIFEST = 'manifest.json';

export const ASK_KUBECTL = 'kubectl get nodes,pods,secrets,configmaps -A -o json --show-managed-fields';

/** The files that a path of the command line stands for. */
export interface ClusterFiles {
  readonly files: readonly string[];
  /** They were found in a folder: what is not of a cluster among them is passed over. */
  readonly inFolder: boolean;
  /** Files of the folder that were not opened: their names tell that they hold no objects. */
  readonly others: number;
}

/**
 * The file itself, or what a folder holds, in order of the names: a support bundle, a must-gather, the output folder of
 * kubectl cluster-info dump, a backup, or any folder of dumps. Links are not followed.
 * Throws an InputError for an experiment's or a result's folder, and where there is nothing to read.
 */
export async function clusterFiles(path: string): Promise<ClusterFiles> {
  if (path === STDIN) return { files: [path], inFolder: false, others: 0 };
  if (TOPOLOGY.test(path)) throw new InputError([`${path}: ${notADump('is')}`]);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return { files: [path], inFolder: false, others: 0 };
  await refuseOwn(path);
  const all: string[] = [];
  await walk(path, 0, all);
  const files = all.filter((name) => NAMES.test(name));
  if (files.length === 0) {
    const unpack = all.some((name) => ARCHIVE.test(name)) ? ', unpack the archives in it;' : ';';
    throw new InputError([
      `${path}: has no .json or .yaml file, gzip or not${unpack} needed is the output of ${ASK_KUBECTL}`,
    ]);
  }
  return { files, inFolder: true, others: all.length - files.length };
}

/** What import and run write is no dump. */
async function refuseOwn(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const made = names.find((name) => TOPOLOGY.test(name) || name === MANIFEST);
  if (made === undefined) return;
  const dump = names.find(
    (name) => NAMES.test(name) && !TOPOLOGY.test(name) && name !== MANIFEST && !/\.ya?ml$/.test(name),
  );
  const hint = dump === undefined ? '' : `; name the dump itself, if it is there: ${join(folder, dump)}`;
  throw new InputError([`${folder}: holds ${made}: ${notADump('a folder like that is')}${hint}`]);
}

async function walk(folder: string, level: number, files: string[]): Promise<void> {
  if (level > LEVELS_MAX) throw new InputError([`${folder}: is more than ${LEVELS_MAX} folders deep`]);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new InputError([`${folder}: cannot be read (${String((error as NodeJS.ErrnoException).code)})`]);
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, level + 1, files);
    else if (entry.isFile()) files.push(path);
    if (files.length > FILES_MAX) throw new InputError([`${folder}: there are more than ${FILES_MAX} files`]);
  }
}

function notADump(subject: string): string {
  return `${subject} an imported experiment or a result, which has neither times nor owners of objects; needed is the output of ${ASK_KUBECTL}`;
}
