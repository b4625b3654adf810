import yargs, { type Argv } from 'yargs';
import { InputError } from '../experiment/language/values/input-error.js';
import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { OutputError } from '../report/output-error.js';
import { TOOL } from '../tool.js';
import type { Command } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT } from './exit-codes.js';
import { UsageError } from './options.js';
import { say } from './print.js';

const WIDTH_MAX = 100;

/**
 * Runs the program with the arguments after its name. Errors are told on standard error.
 * @returns the exit code
 */
export async function main(given: readonly string[]): Promise<number> {
  const args = helpAsOption(given);
  const name = commandIn(args);
  try {
    if (args[0] === HELP)
      throw new UsageError(`unknown command${placeOf(1)}${didYouMean(args[1], Object.keys(COMMANDS))}`);
    const listed = name === undefined ? undefined : COMMANDS[name];
    const command = await listed?.load();
    const parser = commandLine(args, command);
    if (listed === undefined) listCommands(parser);
    else command?.register(parser, listed.describe, choose);
    await chosen(parser, args)?.();
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return report(error, args);
  }
}

/** What the help tells of the commands, none of which is asked for. */
function listCommands(parser: Argv): void {
  for (const [name, { describe }] of Object.entries(COMMANDS)) parser.command(name, describe);
}

const HELP = 'help';

/** `help run` as `run --help`; of what is no command, as it is. */
function helpAsOption(args: readonly string[]): readonly string[] {
  const [first, command = '--help'] = args;
  if (first !== HELP) return args;
  if (command.startsWith('-')) return [command];
  return Object.hasOwn(COMMANDS, command) ? [command, '--help'] : args;
}

type Action = () => Promise<void> | void;

/** Leaves the parser with what is to be done: after a handler that returns it would prepare a help that nobody needs. */
class Chosen extends Error {
  constructor(readonly action: Action) {
    super('not an error');
  }
}

function choose(action: Action): never {
  throw new Chosen(action);
}

/** @returns what the arguments ask for; undefined where the parser has answered them, with its help or version */
function chosen(parser: Argv, args: readonly string[]): Action | undefined {
  try {
    void parser.parse(args);
    return undefined;
  } catch (error) {
    if (error instanceof Chosen) return error.action;
    throw error;
  }
}

function commandLine(args: readonly string[], command: Command | undefined): Argv {
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
      .demandCommand(1, 'which command?')
      .strict()
      .exitProcess(false)
      .wrap(Math.min(WIDTH_MAX, process.stdout.columns || WIDTH_MAX))
      .version(TOOL.version)
      .help('help')
      .alias('help', 'h')
      .epilogue(`Options and examples of a command: ${TOOL.name} help <command>`)
      // It has to throw: yargs runs the command after a handler that returns.
      .fail((message: string | null, error: Error | undefined) => {
        if (error !== undefined && error.name !== 'YError') throw error;
        throw new UsageError(explain(message ?? error?.message ?? 'bad usage', args, command));
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
  say(`internal error: ${describeInternal(error)}; please report it (SECRETSIM_DEBUG=1 tells more of it)`);
  // The message of an engine or a library may repeat a piece of the input.
  if (process.env['SECRETSIM_DEBUG'] === '1' && error instanceof Error) say(error.stack ?? '');
  return EXIT.failed;
}

/** The kind of an error that should not be, and the place in this program. */
function describeInternal(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = /[/\\]([\w.-]+\.js:\d+:\d+)\)?$/m.exec(error.stack ?? '')?.[1];
  return place === undefined ? error.name : `${error.name} at ${place}`;
}

/** The message of yargs, with the name that was probably meant. */
function explain(message: string, args: readonly string[], command: Command | undefined): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message);
  if (unknown === null) return message;
  return unknown[1]
    .split(', ')
    .map((name) => {
      const option = args.findIndex((arg) => [`--${name}`, `-${name}`].includes(arg.split('=')[0]));
      if (option >= 0) {
        const hint = didYouMean(`--${name}`, optionNames(command));
        return `unknown option${placeOf(option)}${hint}`;
      }
      const place = placeOf(args.indexOf(name));
      if (command !== undefined) return `unknown argument${place}`;
      return `unknown command${place}${didYouMean(name, Object.keys(COMMANDS))}`;
    })
    .join('\n');
}

/** Arguments go by their place: what was written there may be a secret that slipped into the line. */
function placeOf(index: number): string {
  return index < 0 ? '' : ` (argument ${index + 1})`;
}

function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg) => Object.hasOwn(COMMANDS, arg));
}

function optionNames(command: Command | undefined): readonly string[] {
  const names = ['help', 'version', ...Object.keys(command?.options ?? {})];
  return names.map((name) => `--${name}`);
}
