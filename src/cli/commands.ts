import { command, type Commands } from './command.js';
import { OUTPUT_OPTION } from './options.js';

/** All commands, in the order of the help. Each is loaded when it is asked for: the program starts in half the time. */
export const COMMANDS: Commands = {
  run: async () => {
    const [{ runCommand }, { RUN_OPTIONS }] = await Promise.all([
      import('./run-command.js'),
      import('./run-options.js'),
    ]);
    return command(runCommand, RUN_OPTIONS);
  },
  merge: async () => {
    const { mergeCommand, MERGE_OPTIONS } = await import('./merge-command.js');
    return command(mergeCommand, MERGE_OPTIONS);
  },
  import: async () => {
    const { importCommand, IMPORT_OPTIONS } = await import('./import-command.js');
    return command(importCommand, IMPORT_OPTIONS);
  },
  advise: async () => {
    const { adviseCommand, ADVISE_OPTIONS } = await import('./advise-command.js');
    return command(adviseCommand, ADVISE_OPTIONS);
  },
  plan: async () => {
    const { planCommand, PLAN_OPTIONS } = await import('./plan-command.js');
    return command(planCommand, PLAN_OPTIONS);
  },
  compare: async () => {
    const { compareCommand } = await import('./compare-command.js');
    return command(compareCommand, OUTPUT_OPTION);
  },
  report: async () => {
    const { reportCommand, REPORT_OPTIONS } = await import('./report-command.js');
    return command(reportCommand, REPORT_OPTIONS);
  },
  playground: async () => {
    const { playgroundCommand, PLAYGROUND_OPTIONS } = await import('./playground-command.js');
    return command(playgroundCommand, PLAYGROUND_OPTIONS);
  },
  validate: async () => {
    const { validateCommand, VALIDATE_OPTIONS } = await import('./validate-command.js');
    return command(validateCommand, VALIDATE_OPTIONS);
  },
  calibrate: async () => {
    const { calibrateCommand, CALIBRATE_OPTIONS } = await import('./calibrate-command.js');
    return command(calibrateCommand, CALIBRATE_OPTIONS);
  },
  releases: async () => {
    const { releasesCommand, RELEASES_OPTIONS } = await import('./releases-command.js');
    return command(releasesCommand, RELEASES_OPTIONS);
  },
  presets: async () => {
    const { presetsCommand } = await import('./presets-command.js');
    return command(presetsCommand, OUTPUT_OPTION);
  },
  init: async () => {
    const { initCommand, INIT_OPTIONS } = await import('./init-command.js');
    return command(initCommand, INIT_OPTIONS);
  },
  schema: async () => {
    const { schemaCommand } = await import('./schema-command.js');
    return command(schemaCommand, {});
  },
  completion: async () => {
    const { completionCommand } = await import('./completion-command.js');
    return command(completionCommand(COMMANDS), {});
  },
};
