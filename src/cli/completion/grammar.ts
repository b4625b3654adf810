import type { Commands } from '../command.js';
import type { CommandOption, Completes } from '../options.js';

/** An option, as a shell completes it. */
export interface CompletedOption {
  /** `--name` and, where it has one, `-n`. */
  readonly flags: readonly string[];
  readonly describe: string;
  readonly takesValue: boolean;
  /** Its values; null: files, unless they are asked for. */
  readonly values: readonly string[] | null;
  /** What its values are asked for as; null: they are not. */
  readonly completes: Completes | null;
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  readonly options: readonly CompletedOption[];
  /** What stands behind it: these words; null: files. */
  readonly words: readonly string[] | null;
  /** What stands behind it is asked for as this; null: it is not. */
  readonly completes: Completes | null;
}

const HELP: CompletedOption = {
  flags: ['--help', '-h'],
  describe: 'Show help',
  takesValue: false,
  values: null,
  completes: null,
};
const VERSION: CompletedOption = { ...HELP, flags: ['--version'], describe: 'Show version number' };

/** What the program itself takes before a command. */
export const GLOBAL_OPTIONS: readonly CompletedOption[] = [HELP, VERSION];

/** All commands with all options, and `help`. */
export async function completedCommands(commands: Commands): Promise<readonly CompletedCommand[]> {
  const known = await Promise.all(
    Object.entries(commands).map(async ([name, { describe, load }]) => {
      const { options, words, completes } = await load();
      const own = Object.entries(options).map(([option, settings]) => completedOption(option, settings));
      return { name, describe, options: [...own, HELP], words, completes };
    }),
  );
  const help = { name: 'help', describe: 'Show the help of a command', options: [], completes: null };
  return [...known, { ...help, words: known.map(({ name }) => name) }];
}

function completedOption(name: string, { alias, describe, type, values, completes }: CommandOption): CompletedOption {
  const aliases = [alias ?? []].flat().map((short) => `-${short}`);
  return {
    flags: [`--${name}`, ...aliases],
    describe: String(describe),
    takesValue: type !== 'boolean',
    values: values ?? null,
    completes: completes ?? null,
  };
}
