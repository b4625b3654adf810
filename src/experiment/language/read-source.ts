import { readFile } from 'node:fs/promises';
import { InputError } from './values/input-error.js';
import type { Located } from './values/located.js';
import { readError } from './read-error.js';
import { parseSource, sourceLabel, STDIN } from './source.js';

/** An experiment is written by hand; anything larger is some other file. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Reads a YAML or JSON file (`-`: standard input) with the place of every value.
 * Throws an InputError where the file cannot be read or is not one YAML document.
 */
export async function readSource(path: string): Promise<Located> {
  return parseSource(await readText(path), sourceLabel(path));
}

async function readText(path: string): Promise<string> {
  const label = sourceLabel(path);
  const bytes = path === STDIN ? await readStandardInput() : await readWhole(path);
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

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readError(path, error, 'an experiment file');
  }
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
