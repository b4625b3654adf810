import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { pack, type Packed } from './npm.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** All that is published. */
const PUBLISHED: readonly RegExp[] = [
  /^package\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  // The command, its worker threads and the library, with the licences of what they hold.
  /^dist\/bundle\/[\w-]+\.js$/,
  /^dist\/bundle\/NOTICES\.txt$/,
  // What report and playground write into their pages.
  /^dist\/pages\/[\w-]+\.(js|html)$/,
  // The library's types.
  /^dist\/types\/[\w/-]+\.d\.ts$/,
  // What validate is held to, and what came of it, which the report tells.
  /^experiments\/validation\/[\w-]+\.csv(\.gz)?$/,
  /^experiments\/validation\/(measure\.sh|README\.md|laboratory\.json)$/,
  /^experiments\/laboratory\/data\/[\w.-]+\/([\w-]+\.csv|laboratory\.json)$/,
  /^experiments\/laboratory\/(data\/)?README\.md$/,
  /^results\/validation\/[\w-]+\.csv$/,
  // What the README leads to: pages, and files to run it elsewhere.
  /^docs\/[\w-]+\.md$/,
  /^deploy\/[\w-]+\.(yaml|sh|sbatch)$/,
];

/** Whoever adds more than a command's worth should ask what a user does with it. */
const FILES_MAX = 400;
const TARBALL_BYTES_MAX = 3_000_000;

describe('the published package', () => {
  let packed: Packed;
  const paths = (): readonly string[] => packed.files.map(({ path }) => path);

  before(async () => {
    packed = await pack();
  });

  it('holds what is needed and nothing else', () => {
    expect(paths().filter((path) => !PUBLISHED.some((pattern) => pattern.test(path)))).to.deep.equal([]);
    for (const pattern of PUBLISHED)
      expect(
        paths().some((path) => pattern.test(path)),
        String(pattern),
      ).to.equal(true);
  });

  it(`has at most ${FILES_MAX} files and ${TARBALL_BYTES_MAX / 1e6} MB`, () => {
    expect(paths().length).to.be.at.most(FILES_MAX);
    expect(packed.size).to.be.at.most(TARBALL_BYTES_MAX);
  });

  it('has every declaration that another one imports, and needs no types but those of Node and zod', () => {
    const declarations = paths().filter((path) => path.endsWith('.d.ts'));
    const outside = new Set<string>();
    for (const path of declarations) {
      for (const specifier of specifiersOf(readFileSync(join(ROOT, path), 'utf8'))) {
        if (!specifier.startsWith('.')) outside.add(specifier);
        else expect(declarations).to.include(posix.join(dirname(path), specifier).replace(/\.js$/, '.d.ts'));
      }
    }
    expect([...outside].filter((name) => !name.startsWith('node:'))).to.deep.equal(['zod']);
  });

  it('depends on nothing that it cannot run without, and keeps the licences of what it holds', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies?: object;
      readonly optionalDependencies: object;
    };
    expect(dependencies).to.equal(undefined);
    expect(Object.keys(optionalDependencies)).to.deep.equal(['zod']);
    const notices = readFileSync(join(ROOT, 'dist/bundle/NOTICES.txt'), 'utf8');
    for (const name of ['yargs', 'zod', 'd3-array', 'seedrandom', '@observablehq/plot', 'linkedom']) {
      expect(notices, name).to.match(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
  });
});

/** What a module imports, in whatever form. */
function specifiersOf(text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && isSpecifier(node.parent)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.d.ts', text, ts.ScriptTarget.ES2023, true));
  return found;
}

function isSpecifier(parent: ts.Node): boolean {
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isExternalModuleReference(parent) ||
    (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent))
  );
}
