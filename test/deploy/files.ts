import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const ROOT = new URL('../../../', import.meta.url);

/** A file that runs the program elsewhere, by its path in the repository. */
export function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The documents of a YAML file. */
export function documentsOf(path: string): readonly unknown[] {
  return parseAllDocuments(textOf(path)).map((document) => document.toJS() as unknown);
}
