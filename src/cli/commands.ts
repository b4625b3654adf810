import type { Commands } from './command.js';
import { SHELLS } from './completion/shells.js';

/**
 * All commands, in the order of the help, which tells of them. Each is loaded when it is asked for: the program starts in
 * half the time.
 */
export const COMMANDS: Commands = {
  run: {
    describe: 'Runs the experiment FILE… (- for standard input)',
    load: async () => (await import('./run-command.js')).runCommand,
  },
  merge: {
    describe: 'Joins the shards in DIR… (of run --shard) into one result',
    load: async () => (await import('./merge-command.js')).mergeCommand,
  },
  import: {
    describe: 'Makes an experiment from a real cluster',
    load: async () => (await import('./import-command.js')).importCommand,
  },
  advise: {
    describe: 'Ranks Secrets and ConfigMaps by what marking them immutable saves',
    load: async () => (await import('./advise-command.js')).adviseCommand,
  },
  plan: {
    describe: 'Finds the cheapest settings that meet SLOs, or the size at which they break',
    load: async () => (await import('./plan-command.js')).planCommand,
  },
  whatif: {
    describe: 'Tells what changes if a cluster is configured otherwise, upgraded, or enlarged',
    load: async () => (await import('./whatif-command.js')).whatifCommand,
  },
  compare: {
    describe: 'Two scenarios or results: differences with confidence intervals',
    load: async () => (await import('./compare-command.js')).compareCommand,
  },
  report: {
    describe: 'Writes DIR/report.html, one self-contained page of a result folder',
    load: async () => (await import('./report-command.js')).reportCommand,
  },
  playground: {
    describe: 'Writes a page that simulates in the browser: move knobs, see delay and load',
    load: async () => (await import('./playground-command.js')).playgroundCommand,
  },
  validate: {
    describe: 'Holds the simulator to closed forms, a real cluster, print, or your own cluster',
    load: async () => (await import('./validate-command.js')).validateCommand,
  },
  calibrate: {
    describe: "Takes costs and latencies from a real API server's /metrics",
    load: async () => (await import('./calibrate-command.js')).calibrateCommand,
  },
  explain: {
    describe: 'Says what a field, metric, column, behaviour, release or term is',
    load: async () => (await import('./explain-command.js')).explainCommand,
  },
  releases: {
    describe: 'Says what changes by release: all, with release A, or between A and B',
    load: async () => (await import('./releases-command.js')).releasesCommand,
  },
  presets: {
    describe: 'Lists the built-in clusters for spec.preset',
    load: async () => (await import('./presets-command.js')).presetsCommand,
  },
  init: {
    describe: 'Writes a commented example experiment',
    load: async () => (await import('./init-command.js')).initCommand,
  },
  schema: {
    describe: 'Prints the JSON Schema of the experiment file, for editors',
    load: async () => (await import('./schema-command.js')).schemaCommand,
  },
  completion: {
    describe: `Prints a script that completes commands, options and files: ${SHELLS.join(', ')}`,
    load: async () => (await import('./completion-command.js')).completionCommand(COMMANDS),
  },
};
