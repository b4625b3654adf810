import type { Argv, CommandModule, InferredOptionTypes } from 'yargs';
import { groupOptions } from './option-groups.js';
import type { CommandOption, Completes } from './options.js';

/** A command of the program, loaded. */
export interface Command {
  /** Its options, to recognize misspelt ones and to complete them. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** What stands behind it, to complete it: these words; null: files. */
  readonly words: readonly string[] | null;
  /** What stands behind it is asked for. */
  readonly completes: Completes | null;
  /**
   * Adds it to a parser, with what the list says of it; `choose` gets what it does with the arguments that were given,
   * and leaves the parser.
   */
  register(yargs: Argv, describe: string, choose: (action: () => Promise<void> | void) => never): void;
}

/** A command of which the help tells, and which is loaded when it is asked for. */
export interface ListedCommand {
  /** What it does, in a line. */
  readonly describe: string;
  readonly load: () => Promise<Command>;
}

/** Commands by name, in the order of the help. */
export type Commands = Readonly<Record<string, ListedCommand>>;

/** A command as yargs describes it, and the words that shells complete behind it. */
interface Definition<Arguments> extends CommandModule<object, Arguments> {
  readonly builder: (yargs: Argv) => Argv<Arguments>;
  readonly words?: readonly string[];
  readonly completes?: Completes;
}

/** A command with its options, from which its arguments have their types. */
export function defineCommand<Options extends Readonly<Record<string, CommandOption>>>(
  options: Options,
  { words, completes, ...module }: Definition<InferredOptionTypes<Options>>,
): Command {
  return {
    options,
    words: words ?? null,
    completes: completes ?? null,
    register: (yargs, describe, choose) => {
      const handler: typeof module.handler = (argv) => {
        choose(() => module.handler(argv));
      };
      const builder = (own: Argv): Argv<InferredOptionTypes<Options>> => {
        groupOptions(own, Object.keys(options));
        return module.builder(own);
      };
      yargs.command({ ...module, describe, builder, handler });
    },
  };
}
