import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What the engine and the model must not see: they run in a browser, and nothing but the seed may move them. */
const WITHOUT_HOST = {
  'no-restricted-globals': [
    'error',
    ...['Date', 'performance', 'process', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'console'].map(
      (name) => ({ name, message: 'The engine and the model know no clock but their own, and no host.' }),
    ),
  ],
};

/** What engines round differently: a result has the same bytes on all of them. */
const UNPORTABLE = [
  'pow',
  'exp',
  'expm1',
  'log',
  'log1p',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'cbrt',
  'hypot',
  'tanh',
];
const PORTABLE = 'Engines round this differently: take src/sim/portable-math.ts.';

/** Imports point one way: cli → advise, plan, whatif, explain → report, import, experiment → releases → cluster → sim (docs/ARCHITECTURE.md). */
const noImports = (...patterns) => ({
  'no-restricted-imports': ['error', { patterns: patterns.map(([regex, message]) => ({ regex, message })) }],
});
const NODE = ['^(node:|fs$|path$|os$|crypto$|util$|worker_threads$)', 'The engine and the model run in a browser too.'];
const above = (...folders) => [`/(${folders.join('|')})/`, 'Imports point one way: see docs/ARCHITECTURE.md.'];

/** Rooms within a part of src, from the ground up: each may import itself and those before it. */
export const ROOMS = {
  cluster: [
    'model',
    'population',
    'workload',
    'etcd',
    'meters',
    'world',
    'kube-controller-manager',
    'kube-apiserver',
    'client-go',
    'operators',
    'kubelet',
    'record',
    'run',
  ],
  experiment: ['statistics', 'language/values', 'language', 'execution'],
};

/** What lies in `other`, as a file of `room` or of a folder in it would import it. A room may lie in another. */
const within = (other, room) => [
  room.startsWith(`${other}/`) ? String.raw`^\.\./[^/]+$` : `^(\\.\\./)+${other}/`,
  `${room} comes before ${other}: see docs/ARCHITECTURE.md.`,
];

/** The rules of the rooms of a part, on top of those that hold in all of it. */
const roomRules = (part, ...patterns) =>
  ROOMS[part].map((room, floor) => ({
    files: [`src/${part}/${room}/**`],
    ignores: ROOMS[part].filter((other) => other.startsWith(`${room}/`)).map((other) => `src/${part}/${other}/**`),
    rules: noImports(...patterns, ...ROOMS[part].slice(floor + 1).map((other) => within(other, room))),
  }));

const QUESTIONS = ['advise', 'plan', 'whatif', 'explain', 'playground'];
const ABOVE_CLUSTER = above('experiment', 'import', 'report', ...QUESTIONS, 'cli');
const ABOVE_EXPERIMENT = above('import', 'report', 'validation', ...QUESTIONS, 'cli');

const PROJECTS = ['tsconfig.json', 'src/browser/tsconfig.json', 'src/browser/playground/tsconfig.json'];

export default defineConfig(
  globalIgnores(['dist/', 'docs/api/', 'results/', 'src/**/assembly/', 'src/**/*.wasm.ts']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    // Their programs at once: files opened one by one cost a sixth more.
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Random numbers come from the seed: src/sim/random.ts.' },
        ...UNPORTABLE.map((property) => ({ object: 'Math', property, message: PORTABLE })),
      ],
      'no-restricted-syntax': [
        'error',
        // Powers of two are exact; BigInt is.
        {
          selector: 'BinaryExpression[operator="**"]:not([left.value=2]):not([left.bigint])',
          message: PORTABLE,
        },
        {
          selector: 'ImportDeclaration[source.value="zod"] > ImportSpecifier[imported.name="z"]',
          message: 'A bundle with this one holds the messages of zod in fifty languages: import * as z.',
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // What a strategy leaves to others takes arguments that it does not look at.
      '@typescript-eslint/no-unused-vars': ['error', { args: 'after-used', argsIgnorePattern: '^_' }],
      // A method that only passes a void call on reads better without braces.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/sim/**'],
    rules: {
      ...WITHOUT_HOST,
      ...noImports(NODE, above('cluster', 'experiment', 'import', 'report', ...QUESTIONS, 'cli')),
    },
  },
  {
    files: ['src/cluster/**'],
    rules: { ...WITHOUT_HOST, ...noImports(NODE, ABOVE_CLUSTER) },
  },
  ...roomRules('cluster', NODE, ABOVE_CLUSTER),
  {
    files: ['src/releases/**'],
    rules: noImports(above('experiment', 'import', 'report', 'validation', ...QUESTIONS, 'cli')),
  },
  {
    files: ['src/experiment/**'],
    rules: noImports(ABOVE_EXPERIMENT),
  },
  ...roomRules('experiment', ABOVE_EXPERIMENT),
  {
    files: ['src/import/**', 'src/report/**'],
    rules: noImports(above('validation', ...QUESTIONS, 'cli')),
  },
  {
    files: QUESTIONS.map((folder) => `src/${folder}/**`),
    rules: noImports(above('validation', 'cli')),
  },
  { files: ['src/run/**'], rules: noImports(above('validation', ...QUESTIONS, 'cli')) },
  {
    files: ['src/files/**'],
    rules: noImports(['^\\.\\./', 'src/files imports nothing of ours: see docs/ARCHITECTURE.md.']),
  },
  { files: ['src/validation/**'], rules: noImports(above('import', 'cli')) },
  {
    files: ['test/**'],
    rules: {
      // chai's assertions are expressions: expect(x).to.be.true.
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  // Where a slider stands is no result.
  { files: ['src/browser/**'], rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' } },
  {
    files: ['src/*.js', 'src/browser/**/*.js'],
    languageOptions: { globals: { URL: 'readonly', Buffer: 'readonly' } },
  },
  {
    files: ['test/unit.js'],
    languageOptions: { globals: { URL: 'readonly', console: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', module: 'writable', console: 'readonly' },
    },
  },
);
