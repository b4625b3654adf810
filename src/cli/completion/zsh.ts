import { shellQuoted } from '../../shell.js';
import { TOOL } from '../../tool.js';
import { type CompletedCommand, type CompletedOption, GLOBAL_OPTIONS } from './grammar.js';

/** A script for zsh: to be sourced, or a file _secretsim in $fpath. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef ${TOOL.name}
# Completion of ${TOOL.name} for zsh: source <(${TOOL.name} completion zsh)
_${TOOL.name}() {
  local -a commands
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    commands=(
${commands.map(({ name, describe }) => `      ${shellQuoted(`${name}:${describe.replaceAll(':', '\\:')}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
    *) _arguments ${GLOBAL_OPTIONS.map(specOf).join(' ')} ;;
  esac
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _${TOOL.name} "$@"
else
  compdef _${TOOL.name} ${TOOL.name}
fi
`;
}

function commandCase({ name, options, words }: CompletedCommand): string {
  const rest = shellQuoted(words === null ? '*:file:_files' : `*:word:(${words.join(' ')})`);
  return `    ${name}) _arguments ${[...options.map(specOf), rest].join(' \\\n      ')} ;;`;
}

/** A specification for _arguments; every option may be repeated, as one that may not be is told by the program. */
function specOf({ flags, describe, takesValue, values }: CompletedOption): string {
  const names = flags.length === 1 ? `'*'${flags[0]}` : `'*'{${flags.join(',')}}`;
  const value = values === null ? '_files' : `(${values.join(' ')})`;
  return names + shellQuoted(`[${describe.replaceAll(/[[\]:]/g, '\\$&')}]${takesValue ? `:value:${value}` : ''}`);
}
