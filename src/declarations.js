/*
 * Part of `npm run build`: copies the declarations that the library's own lead to into dist/types. The others are of no
 * use to a program that imports the package.
 */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [from, to] = [here('../dist/src'), here('../dist/types')];

/** The declarations that one of them imports, by path from dist/src. */
async function importsOf(path) {
  const tree = ts.createSourceFile(path, await readFile(join(from, path), 'utf8'), ts.ScriptTarget.ES2023);
  const found = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) found.push(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node)) found.push(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found
    .filter((specifier) => specifier?.text.startsWith('.'))
    .map(({ text }) => posix.join(posix.dirname(path), text).replace(/\.js$/, '.d.ts'));
}

await rm(to, { recursive: true, force: true });
const needed = new Set(['index.d.ts']);
// A set goes on to what is added while it is gone through.
for (const path of needed) {
  for (const imported of await importsOf(path)) needed.add(imported);
  await mkdir(dirname(join(to, path)), { recursive: true });
  await copyFile(join(from, path), join(to, path));
}
