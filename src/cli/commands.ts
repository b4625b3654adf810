import type { Commands } from './command.js';

/** All commands, in the order of the help. Each is loaded when it is asked for: the program starts in half the time. */
export const COMMANDS: Commands = {
  run: async () => (await import('./run-command.js')).runCommand,
  merge: async () => (await import('./merge-command.js')).mergeCommand,
  import: async () => (await import('./import-command.js')).importCommand,
  advise: async () => (await import('./advise-command.js')).adviseCommand,
  plan: async () => (await import('./plan-command.js')).planCommand,
  whatif: async () => (await import('./whatif-command.js')).whatifCommand,
  compare: async () => (await import('./compare-command.js')).compareCommand,
  report: async () => (await import('./report-command.js')).reportCommand,
  playground: async () => (await import('./playground-command.js')).playgroundCommand,
  validate: async () => (await import('./validate-command.js')).validateCommand,
  calibrate: async () => (await import('./calibrate-command.js')).calibrateCommand,
  explain: async () => (await import('./explain-command.js')).explainCommand,
  releases: async () => (await import('./releases-command.js')).releasesCommand,
  presets: async () => (await import('./presets-command.js')).presetsCommand,
  init: async () => (await import('./init-command.js')).initCommand,
  schema: async () => (await import('./schema-command.js')).schemaCommand,
  completion: async () => (await import('./completion-command.js')).completionCommand(COMMANDS),
};
