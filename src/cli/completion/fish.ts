import { TOOL } from '../../tool.js';
import { type CompletedCommand, type CompletedOption, GLOBAL_OPTIONS } from './grammar.js';

const BEFORE_COMMAND = '__fish_use_subcommand';
const OFFERS = `__${TOOL.name}_offers`;

/** A script for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = [
    `# Completion of ${TOOL.name} for fish: ${TOOL.name} completion fish | source`,
    '# What only the program knows: $argv says of what.',
    `function ${OFFERS}`,
    '  set -l line (commandline -opc)',
    `  $line[1] completion offers $argv -- (commandline -ct | string replace -r -- '^--[a-z-]+=' '') $line[2..-1] 2>/dev/null`,
    'end',
    ...GLOBAL_OPTIONS.map((option) => optionLine(BEFORE_COMMAND, option)),
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ name, describe, options, words, completes }: CompletedCommand): readonly string[] {
  const behind = `__fish_seen_subcommand_from ${name}`;
  const argument = completes !== null ? `(${OFFERS} ${completes})` : words?.join(' ');
  return [
    `${lineFor(BEFORE_COMMAND)} -f -a ${name} -d ${quoted(describe)}`,
    ...options.map((option) => optionLine(behind, option)),
    ...(argument === undefined ? [] : [`${lineFor(behind)} -f -a ${quoted(argument)}`]),
  ];
}

function optionLine(condition: string, option: CompletedOption): string {
  const { flags, describe, takesValue } = option;
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return `${lineFor(condition)} ${names.join(' ')}${takesValue ? valuesOf(option) : ''} -d ${quoted(describe)}`;
}

function valuesOf({ values, completes }: CompletedOption): string {
  if (completes !== null) return ` -x -a ${quoted(`(${OFFERS} ${completes})`)}`;
  return values === null ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
}

const lineFor = (condition: string): string => `complete -c ${TOOL.name} -n ${quoted(condition)}`;

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
