import type { Commands } from '../command.js';
import type { CommandOption } from '../options.js';

/** An option, as a shell completes it. */
export interface CompletedOption {
  /** `--name` and, where it has one, `-n`. */
  readonly flags: readonly string[];
  readonly describe: string;
  readonly takesValue: boolean;
  /** Its values; null: files. */
  readonly values: readonly string[] | null;
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  readonly options: readonly CompletedOption[];
  /** What stands behind it: these words; null: files. */
  readonly words: readonly string[] | null;
}

const HELP: CompletedOption = { flags: ['--help', '-h'], describe: 'Show help', takesValue: false, values: null };
const VERSION: CompletedOption = { ...HELP, flags: ['--version'], describe: 'Show version number' };

/** What the program itself takes before a command. */
export const GLOBAL_OPTIONS: readonly CompletedOption[] = [HELP, VERSION];

/** All commands with all options. */
export function completedCommands(commands: Commands): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    Object.entries(commands).map(async ([name, { describe, load }]) => {
      const { options, words } = await load();
      const own = Object.entries(options).map(([option, settings]) => completedOption(option, settings));
      return { name, describe, options: [...own, HELP], words };
    }),
  );
}

function completedOption(name: string, { alias, describe, type, values }: CommandOption): CompletedOption {
  const aliases = [alias ?? []].flat().map((short) => `-${short}`);
  return {
    flags: [`--${name}`, ...aliases],
    describe: String(describe),
    takesValue: type !== 'boolean',
    values: values ?? null,
  };
}
