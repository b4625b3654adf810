import { expect } from 'chai';
import { ESLint } from 'eslint';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = new URL('../../', import.meta.url);
const SRC = fileURLToPath(new URL('src/', ROOT));
const ARCHITECTURE = fileURLToPath(new URL('docs/ARCHITECTURE.md', ROOT));

const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 300;
const PARAMETERS_MAX = 6;

/** What is larger than it may be, with its size. It may shrink; then the figure here has to follow, or the line to go. */
const LONG_FILES: Readonly<Record<string, number>> = {};
const LONG_FUNCTIONS: Readonly<Record<string, number>> = {};
const MANY_PARAMETERS: Readonly<Record<string, number>> = {};

/** Files that import each other, in one line for each circle. */
const CIRCLES: readonly string[] = [];

/** The rooms of a part of src from the ground up, as the lint configuration has them. */
type Rooms = Readonly<Record<string, readonly string[]>>;
const { ROOMS } = (await import(new URL('eslint.config.js', ROOT).href)) as { readonly ROOMS: Rooms };

/** The part of a file's lint configuration that is looked at. */
interface LintConfig {
  readonly rules: {
    readonly 'no-restricted-imports': readonly [unknown, { readonly patterns: readonly { readonly regex: string }[] }];
  };
}

interface Source {
  /** From src, with slashes. */
  readonly path: string;
  readonly tree: ts.SourceFile;
  /** Files of src that it imports from, by path. */
  readonly imports: readonly string[];
}

function readSources(): readonly Source[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((path) => {
      const tree = ts.createSourceFile(path, readFileSync(SRC + path, 'utf8'), ts.ScriptTarget.ES2023, true);
      return { path, tree, imports: importsOf(path, tree) };
    });
}

/** Static imports, re-exports and those that are made when they are needed. */
function importsOf(path: string, tree: ts.SourceFile): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  const add = (from: ts.Expression | undefined): void => {
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return;
    const target = normalize(join(dirname(path), from.text));
    found.add(target.replaceAll('\\', '/').replace(/\.js$/, '.ts'));
  };
  visit(tree);
  return [...found];
}

/** Functions with a body, and their names as one finds them: `file name`. */
function functionsOf({
  path,
  tree,
}: Source): readonly { readonly name: string; readonly node: ts.FunctionLikeDeclaration }[] {
  const found: { name: string; node: ts.FunctionLikeDeclaration }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const name = ts.isConstructorDeclaration(node) ? `constructor of ${node.parent.name?.text ?? ''}` : nameOf(node);
      found.push({ name: `${path} ${name}`, node });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function nameOf(node: ts.Node & { readonly name?: ts.Node | undefined }): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : 'without a name';
}

function linesOf(node: ts.Node): number {
  const tree = node.getSourceFile();
  return (
    tree.getLineAndCharacterOfPosition(node.end).line - tree.getLineAndCharacterOfPosition(node.getStart()).line + 1
  );
}

/** Lines of a file: the line feed at its end begins none. */
function fileLines({ tree }: Source): number {
  return tree.text.split('\n').length - (tree.text.endsWith('\n') ? 1 : 0);
}

/** Those of a size above the limit, as an exception list has them; of one name the largest. */
function above(limit: number, sized: readonly (readonly [name: string, size: number])[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, size] of sized) if (size > Math.max(limit, found[name] ?? 0)) found[name] = size;
  return found;
}

/** The room of a file: the longest of the names that it lies under; undefined where it lies in none. */
function roomOf(path: string, rooms: readonly string[]): string | undefined {
  return rooms.filter((room) => path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];
}

/** Imports that lead to a room above, and files outside all rooms. */
function upward(sources: readonly Source[], part: string, rooms: readonly string[]): readonly string[] {
  const floor = (path: string): number => rooms.indexOf(roomOf(path.slice(part.length + 1), rooms) ?? '');
  return sources
    .filter(({ path }) => path.startsWith(`${part}/`))
    .flatMap(({ path, imports }) => [
      ...(floor(path) < 0 ? [`${path} lies in no room`] : []),
      ...imports
        .filter((other) => other.startsWith(`${part}/`) && floor(other) > floor(path))
        .map((other) => `${path} → ${other}`),
    ]);
}

/** What lies beside each other in a folder – its files, and its folders with all that is in them – and imports of each other. */
function neighbours(sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, imports } of sources) {
    for (const other of imports) {
      const [own, others] = [path.split('/'), other.split('/')];
      const parting = own.findIndex((step, index) => step !== others[index]);
      if (parting < 0) continue;
      const [from, to] = [own, others].map((steps) => steps.slice(0, parting + 1).join('/'));
      found.set(from, [...(found.get(from) ?? []), to]);
    }
  }
  return found;
}

/** Files that reach each other by their imports (Tarjan's strongly connected components), sorted, a line each. */
function circles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    stack.push(file);
    let least = index;
    for (const other of imports.get(file) ?? []) {
      if (!imports.has(other)) continue;
      if (!order.has(other)) least = Math.min(least, visit(other));
      else if (stack.includes(other)) least = Math.min(least, order.get(other) ?? index);
    }
    if (least === index) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) found.push(circle.sort().join(' '));
    }
    return least;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found.sort();
}

/** Folders with files, as paths from the repository. */
function foldersOf(sources: readonly Source[]): readonly string[] {
  return [...new Set(sources.map(({ path }) => join('src', dirname(path)).replaceAll('\\', '/')))].sort();
}

describe('the house is tidy', () => {
  const sources = readSources();
  const functions = sources.flatMap(functionsOf);

  it(`has no file of more than ${FILE_LINES_MAX} lines but those named`, () => {
    const sizes = sources.map((source) => [source.path, fileLines(source)] as const);
    expect(above(FILE_LINES_MAX, sizes)).to.deep.equal(LONG_FILES);
  });

  it(`has no function of more than ${FUNCTION_LINES_MAX} lines but those named`, () => {
    const sizes = functions.map(({ name, node }) => [name, linesOf(node)] as const);
    expect(above(FUNCTION_LINES_MAX, sizes)).to.deep.equal(LONG_FUNCTIONS);
  });

  it(`has no function of more than ${PARAMETERS_MAX} parameters but those named`, () => {
    const sizes = functions.map(({ name, node }) => [name, node.parameters.length] as const);
    expect(above(PARAMETERS_MAX, sizes)).to.deep.equal(MANY_PARAMETERS);
  });

  for (const [part, rooms] of Object.entries(ROOMS)) {
    it(`imports only downwards between the rooms of src/${part}`, () => {
      expect(upward(sources, part, rooms)).to.deep.equal([]);
      for (const room of rooms) expect(statSync(join(SRC, part, room)).isDirectory(), room).to.equal(true);
    });
  }

  it('has the same order of rooms in its lint rules', async () => {
    const eslint = new ESLint({ cwd: fileURLToPath(ROOT) });
    for (const [part, rooms] of Object.entries(ROOMS)) {
      for (const [floor, room] of rooms.entries()) {
        const config = (await eslint.calculateConfigForFile(`src/${part}/${room}/x.ts`)) as LintConfig;
        const patterns = config.rules['no-restricted-imports'][1].patterns.map(({ regex }) => new RegExp(regex));
        for (const [otherFloor, other] of rooms.entries()) {
          const path = `${relative(room, other).replaceAll('\\', '/') || '.'}/y.js`;
          const refused = patterns.some((pattern) => pattern.test(path));
          expect(refused, `${part}/${room} imports ${path}`).to.equal(otherFloor > floor);
        }
      }
    }
  });

  it('has no circle of files but those named', () => {
    expect(circles(new Map(sources.map(({ path, imports }) => [path, imports])))).to.deep.equal(CIRCLES);
  });

  it('has no circle of what lies beside each other in a folder: files, and folders as a whole', () => {
    expect(circles(neighbours(sources))).to.deep.equal([]);
  });

  it('says of every folder of src in docs/ARCHITECTURE.md what lives there, and of no other', () => {
    const text = readFileSync(ARCHITECTURE, 'utf8');
    const named = [...text.matchAll(/^\| `(src[^`]*)` +\|/gm)].map(([, folder]) => folder);
    for (const [part, rooms] of Object.entries(ROOMS)) {
      const folders = rooms.map((room) => `src/${part}/${room}`);
      expect(named.filter((folder) => folders.includes(folder))).to.deep.equal(folders);
    }
    expect(named.sort()).to.deep.equal(foldersOf(sources));
  });
});

describe('the rules that keep it so', () => {
  const parsed = (path: string, text: string): Source => {
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    return { path, tree, imports: importsOf(path, tree) };
  };

  it('see an import that leads upwards, and a file in no room', () => {
    const files = [
      parsed('a/low/x.ts', "import { y } from '../high/y.js';"),
      parsed('a/high/y.ts', "export * from '../low/x.js';"),
      parsed('a/stray.ts', ''),
    ];
    expect(upward(files, 'a', ['low', 'high'])).to.deep.equal([
      'a/low/x.ts → a/high/y.ts',
      'a/stray.ts lies in no room',
    ]);
  });

  it('see a circle, over any number of files', () => {
    const ring = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ]);
    expect(circles(ring)).to.deep.equal(['a b c']);
  });

  it('see folders that import each other, and a folder and a file beside it', () => {
    const files = [
      parsed('a/low/x.ts', "import type { y } from '../high/y.js';"),
      parsed('a/low/z.ts', "import { w } from '../w.js';"),
      parsed('a/high/y.ts', "import { z } from '../low/z.js';"),
      parsed('a/w.ts', "import { x } from './low/x.js';"),
      parsed('b/x.ts', "import { x } from '../a/low/x.js';"),
    ];
    expect(circles(neighbours(files))).to.deep.equal(['a/high a/low a/w.ts']);
  });

  it('measure functions of every form by their largest, from the first line to the last', () => {
    const source = parsed(
      'a.ts',
      'class A {\n  constructor(a, b) {\n  }\n}\nconst f = (a) => {\n\n\n};\nfunction g() {}\n',
    );
    const sizes = functionsOf(source).map(({ name, node }) => [name, linesOf(node), node.parameters.length]);
    expect(sizes).to.deep.equal([
      ['a.ts constructor of A', 2, 2],
      ['a.ts f', 4, 1],
      ['a.ts g', 1, 0],
    ]);
    expect(fileLines(source)).to.equal(9);
    expect(
      above(1, [
        ['x', 2],
        ['x', 3],
        ['y', 1],
      ]),
    ).to.deep.equal({ x: 3 });
  });
});
