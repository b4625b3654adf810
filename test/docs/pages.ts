import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** From the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

const FOLDERS = [
  '',
  'docs/',
  'experiments/releases/',
  'experiments/validation/',
  'experiments/laboratory/',
  'experiments/laboratory/data/',
  'findings/',
];

/** The pages that people read, by hand or by this program written. */
export const PAGES: readonly Page[] = FOLDERS.flatMap((folder) =>
  readdirSync(ROOT + folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ path: folder + name, text: readFileSync(ROOT + folder + name, 'utf8') })),
);

/** One of them. */
export function pageOf(path: string): Page {
  const page = PAGES.find((each) => each.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page;
}

/** Blocks of code in a language. */
export function blocksOf({ text }: Page, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block]) => block);
}

/** A page without its code, in blocks or in lines. */
export function proseOf({ text }: Page): string {
  return text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
}
