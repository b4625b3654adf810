/*
 * What yargs and its packages take along to measure and check texts of any kind, instead of which the bundle has what our
 * help needs: Intl.Segmenter and a pattern of all emojis take V8 a fifth of the time of `--version` before a command is
 * looked at, and `assert` of Node loads its colours.
 */

/** By the name of what they import. */
const INSTEAD = {
  // The help is ours, and each of its characters is one column wide.
  'string-width': 'export default (text) => [...text].length;',
  // They check themselves only.
  assert: `
    const check = (holds, message) => { if (!holds) throw new Error(message); };
    export const strictEqual = (actual, expected, message) => check(Object.is(actual, expected), message);
    export const notStrictEqual = (actual, expected, message) => check(!Object.is(actual, expected), message);`,
};

const IMPORTERS = /node_modules[\\/](?:yargs|cliui|wrap-ansi)[\\/]/;
const NAMESPACE = 'lean-yargs';

export const leanYargs = {
  name: NAMESPACE,
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(?:string-width|assert)$/ }, ({ path, importer }) =>
      IMPORTERS.test(importer) ? { path, namespace: NAMESPACE, sideEffects: false } : null,
    );
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: INSTEAD[path] }));
  },
};
