import { readFile } from 'node:fs/promises';
import { InputError } from './values/input-error.js';
import type { Located } from './values/located.js';
import { parseSource, sourceLabel, STDIN } from './source.js';

/** An experiment is written by hand; anything larger is some other file. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Reasons of the operating system, in the user's terms. */
const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory, not an experiment file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is a file, not a directory',
};

/**
 * Reads a YAML or JSON file (`-`: standard input) with the place of every value.
 * Throws an InputError where the file cannot be read or is not one YAML document.
 */
export async function readSource(path: string): Promise<Located> {
  return parseSource(await readText(path), sourceLabel(path));
}

async function readText(path: string): Promise<string> {
  const label = sourceLabel(path);
  const bytes = path === STDIN ? await readStandardInput() : await readFile(path).catch(refuse(label));
  if (bytes.length > FILE_BYTES_MAX) {
    throw new InputError([
      `${label}: ${(bytes.length / 1024 / 1024).toFixed(1)} MiB or more is too large for an experiment file; ` +
        'a cluster dump is read by secretsim import --cluster FILE',
    ]);
  }
  if (bytes.includes(0)) throw new InputError([`${label}: is a binary file; an experiment file is YAML or JSON text`]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([`${label}: is not UTF-8 text; an experiment file is YAML or JSON in UTF-8`]);
  }
}

function refuse(label: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new InputError([
      `${label}: ${READ_ERRORS[error.code ?? ''] ?? `cannot be read (${error.code ?? error.name})`}`,
    ]);
  };
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    // The rest of what is too large anyway is not waited for.
    if ((bytes += (chunk as Uint8Array).length) > FILE_BYTES_MAX) break;
  }
  return Buffer.concat(chunks);
}
