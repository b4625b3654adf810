import type { Argv, CommandModule } from 'yargs';
import type { CommandOption } from './options.js';

/** A command of the program, loaded. */
export interface Command {
  /** What it does, in a line. */
  readonly describe: string;
  /** Its options, to recognize misspelt ones and to complete them. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Adds it to a parser; `choose` gets what it does with the arguments that were given. */
  register(yargs: Argv, choose: (action: () => Promise<void> | void) => void): void;
}

/** A command as yargs describes it, with its options. */
export function command<T>(module: CommandModule<object, T>, options: Command['options']): Command {
  return {
    describe: String(module.describe),
    options,
    register: (yargs, choose) => {
      const handler: typeof module.handler = (argv) => {
        choose(() => module.handler(argv));
      };
      yargs.command({ ...module, handler });
    },
  };
}

/** Commands by name, in the order of the help; each is loaded when it is asked for. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;
