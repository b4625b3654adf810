import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../../experiment/language/values/input-error.js';
import { MANIFEST_FILE, tableOfPart } from '../file-names.js';
import type { ResultData } from '../read/result-data.js';
import { Html, html } from './html.js';

/** Bytes of result files that a page holds at most, all together. */
const HELD_MAX = 512 * 1024;

/** Tables in the order in which they are taken up, as long as there is room; others come after them. */
const ORDER = [
  'columns',
  'summary',
  'runs',
  'delays',
  'bounds',
  'rotation',
  'last_pod',
  'effects',
  'paired',
  'updates',
];

const MEBIBYTE = 1024 * 1024;

/** A file of the result, and its text where the page holds it. */
interface ResultFile {
  readonly name: string;
  readonly bytes: number;
  readonly text: string | null;
}

/** The files of a result, of which a page holds the small ones, so that it can be sent alone. */
export interface HeldFiles {
  /** The list of them, with links. */
  readonly list: Html;
  /** Their texts, for the script that saves them. */
  readonly data: Html;
}

/** Reads the files that the page holds, and says which are too large. Throws an InputError where one is missing. */
export async function heldFiles({ folder, manifest }: ResultData): Promise<HeldFiles> {
  const names = manifest.files.map(({ name }) => name).toSorted((a, b) => placeOf(a) - placeOf(b));
  const files: ResultFile[] = [];
  let room = HELD_MAX;
  for (const name of [...names, MANIFEST_FILE]) {
    const path = join(folder, name);
    const bytes = await sizeOf(folder, name);
    const fits = bytes <= room;
    if (fits) room -= bytes;
    files.push({ name, bytes, text: fits ? await readFile(path, 'utf8') : null });
  }
  return { list: listOf(files, basename(resolve(folder))), data: dataOf(files) };
}

/** Bytes of a file of the folder. Throws an InputError where there is none of that name, or it is elsewhere. */
async function sizeOf(folder: string, name: string): Promise<number> {
  const found = name === basename(name) ? await stat(join(folder, name)).catch(() => null) : null;
  if (found?.isFile() !== true) {
    throw new InputError([
      `${folder}: its ${MANIFEST_FILE} tells of a file that is not in it; run the experiment again`,
    ]);
  }
  return found.size;
}

function placeOf(file: string): number {
  const index = ORDER.indexOf(tableOfPart(file) ?? '');
  return index < 0 ? ORDER.length : index;
}

function listOf(files: readonly ResultFile[], folder: string): Html {
  const held = files.filter(({ text }) => text !== null);
  const large = files.filter(({ text }) => text === null);
  const links = (some: readonly ResultFile[], size: boolean) =>
    some.map(
      ({ name, bytes }, index) =>
        html`${index === 0 ? '' : ', '}<a href="${encodeURI(name)}">${name}</a
          >${size ? ` (${(bytes / MEBIBYTE).toFixed(1)} MiB)` : ''}`,
    );
  return html`<p>This page holds, and its links save: ${links(held, false)}.</p>
    ${large.length === 0 ? null : html`<p>Too large to hold, in the folder ${folder}: ${links(large, true)}.</p>`}`;
}

function dataOf(files: readonly ResultFile[]): Html {
  const blocks = files.flatMap(({ name, text }) => {
    if (text === null) return [];
    const json = new Html(JSON.stringify(text).replaceAll('<', '\\u003c'));
    return [
      html`<script type="application/json" data-file="${encodeURI(name)}">
        ${json}
      </script> `,
    ];
  });
  return html`${blocks}`;
}
