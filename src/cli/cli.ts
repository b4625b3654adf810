import yargs, { type Argv, type Options } from 'yargs';
import { InputError } from '../experiment/input-error.js';
import { didYouMean } from '../experiment/nearest-name.js';
import { OutputError } from '../report/output-error.js';
import { TOOL } from '../tool.js';
import { ADVISE_OPTIONS, adviseCommand } from './advise-command.js';
import { CALIBRATE_OPTIONS, calibrateCommand } from './calibrate-command.js';
import { compareCommand } from './compare-command.js';
import { EXIT } from './exit-codes.js';
import { IMPORT_OPTIONS, importCommand } from './import-command.js';
import { INIT_OPTIONS, initCommand } from './init-command.js';
import { MERGE_OPTIONS, mergeCommand } from './merge-command.js';
import { OUTPUT_OPTION, UsageError } from './options.js';
import { presetsCommand } from './presets-command.js';
import { say } from './print.js';
import { REPORT_OPTIONS, reportCommand } from './report-command.js';
import { runCommand } from './run-command.js';
import { RUN_OPTIONS } from './run-options.js';
import { schemaCommand } from './schema-command.js';
import { VALIDATE_OPTIONS, validateCommand } from './validate-command.js';

/** The commands and their options, to recognize misspelt ones. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, Options>>>> = {
  run: RUN_OPTIONS,
  merge: MERGE_OPTIONS,
  import: IMPORT_OPTIONS,
  advise: ADVISE_OPTIONS,
  compare: OUTPUT_OPTION,
  report: REPORT_OPTIONS,
  calibrate: CALIBRATE_OPTIONS,
  presets: OUTPUT_OPTION,
  init: INIT_OPTIONS,
  schema: {},
  validate: VALIDATE_OPTIONS,
};

const WIDTH_MAX = 100;

/**
 * Runs the program with the arguments after its name. Errors are told on standard error.
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await commandLine(args).parseAsync(args);
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return report(error, args);
  }
}

function commandLine(args: readonly string[]): Argv {
  return (
    yargs()
      .scriptName(TOOL.name)
      .usage('$0 <command>\n\nSimulates how Kubernetes Secrets and ConfigMaps reach pods: delay and load.')
      // Otherwise some messages would be translated by the user's locale.
      .locale('en')
      .parserConfiguration({
        'boolean-negation': false,
        'camel-case-expansion': false,
        'dot-notation': false,
        'parse-positional-numbers': false,
        'strip-aliased': true,
      })
      .command(runCommand)
      .command(mergeCommand)
      .command(importCommand)
      .command(adviseCommand)
      .command(compareCommand)
      .command(reportCommand)
      .command(validateCommand)
      .command(calibrateCommand)
      .command(presetsCommand)
      .command(initCommand)
      .command(schemaCommand)
      .demandCommand(1, 'which command?')
      .strict()
      .exitProcess(false)
      .wrap(Math.min(WIDTH_MAX, process.stdout.columns || WIDTH_MAX))
      .version(TOOL.version)
      .help('help')
      .alias('help', 'h')
      .epilogue(`Every command has examples: ${TOOL.name} <command> --help`)
      // It has to throw: yargs runs the command after a handler that returns.
      .fail((message: string | null, error: Error | undefined) => {
        if (error !== undefined && error.name !== 'YError') throw error;
        throw new UsageError(explain(message ?? error?.message ?? 'bad usage', args));
      })
  );
}

/** Tells an error to the user. @returns the exit code */
function report(error: unknown, args: readonly string[]): number {
  if (error instanceof UsageError) {
    const command = commandIn(args);
    say(`${error.message}\nUsage: ${TOOL.name} ${command === undefined ? '' : `${command} `}--help`);
    return EXIT.badInput;
  }
  if (error instanceof InputError) {
    say(error.message);
    return EXIT.badInput;
  }
  if (error instanceof OutputError) {
    say(error.message);
    return EXIT.failed;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  say(`internal error: ${text.replaceAll('\n', ' ')}; please report it (SECRETSIM_DEBUG=1 tells where it happened)`);
  if (process.env['SECRETSIM_DEBUG'] === '1' && error instanceof Error) say(error.stack ?? '');
  return EXIT.failed;
}

/** The message of yargs, with the name that was probably meant. */
function explain(message: string, args: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message);
  if (unknown === null) return message;
  const command = commandIn(args);
  return unknown[1]
    .split(', ')
    .map((name) => {
      const option = [`--${name}`, `-${name}`].find((text) => args.some((arg) => arg.split('=')[0] === text));
      if (option !== undefined) return `unknown option ${option}${didYouMean(`--${name}`, optionNames(command))}`;
      if (command !== undefined) return `unknown argument ${name}`;
      return `unknown command ${name}${didYouMean(name, Object.keys(COMMANDS))}`;
    })
    .join('\n');
}

function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg) => Object.hasOwn(COMMANDS, arg));
}

function optionNames(command: string | undefined): readonly string[] {
  const names = ['help', 'version', ...Object.keys(command === undefined ? {} : COMMANDS[command])];
  return names.map((name) => `--${name}`);
}
