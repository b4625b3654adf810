import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of an installed package, at the beginning of the path of a file in it. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** Of every package that a bundle holds a piece of: name, version and licence, which their licences ask to be kept. */
export async function noticesOf(metafile, root) {
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = [...new Set(bundled.map((path) => PACKAGE.exec(path)?.[0]))].filter((folder) => folder !== undefined);
  const notices = await Promise.all(folders.sort().map((folder) => noticeOf(join(root, folder))));
  return `This folder holds pieces of the packages below.\n\n${[...new Set(notices)].join('\n')}`;
}

async function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => LICENCE_FILE.test(each));
  const holder = typeof author === 'object' ? author.name : (author ?? `the authors of ${name}`);
  const text = file === undefined ? `Copyright ${holder}` : await readFile(join(folder, file), 'utf8');
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}
