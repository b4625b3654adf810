import { TOOL } from '../../tool.js';
import { type CompletedCommand, type CompletedOption, GLOBAL_OPTIONS } from './grammar.js';

const BEFORE_COMMAND = '__fish_use_subcommand';

/** A script for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = [
    `# Completion of ${TOOL.name} for fish: ${TOOL.name} completion fish | source`,
    ...GLOBAL_OPTIONS.map((option) => optionLine(BEFORE_COMMAND, option)),
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ name, describe, options, words }: CompletedCommand): readonly string[] {
  const behind = `__fish_seen_subcommand_from ${name}`;
  return [
    `${lineFor(BEFORE_COMMAND)} -f -a ${name} -d ${quoted(describe)}`,
    ...options.map((option) => optionLine(behind, option)),
    ...(words === null ? [] : [`${lineFor(behind)} -f -a ${quoted(words.join(' '))}`]),
  ];
}

function optionLine(condition: string, { flags, describe, takesValue, values }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === null ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
  return `${lineFor(condition)} ${names.join(' ')}${takesValue ? value : ''} -d ${quoted(describe)}`;
}

const lineFor = (condition: string): string => `complete -c ${TOOL.name} -n ${quoted(condition)}`;

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
