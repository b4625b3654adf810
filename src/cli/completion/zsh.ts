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
  local program=$words[1] command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
    *) _arguments ${GLOBAL_OPTIONS.map(specOf).join(' ')} ;;
  esac
}
# What only the program knows: $1 says of what. Behind . and = a word goes on.
_${TOOL.name}_offers() {
  local offer
  local -a whole begun
  for offer in "\${(@f)$($program completion offers $1 -- "$PREFIX" $words 2>/dev/null)}"; do
    [[ -n $offer ]] || continue
    local word=\${offer%%$'\\t'*} meaning=\${offer#*$'\\t'}
    if [[ $word == *[.=] ]]; then
      begun+=("\${word//:/\\\\:}:$meaning")
    else
      whole+=("\${word//:/\\\\:}:$meaning")
    fi
  done
  _describe offer whole -- begun -S ''
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _${TOOL.name} "$@"
else
  compdef _${TOOL.name} ${TOOL.name}
fi
`;
}

function commandCase({ name, options, words, completes }: CompletedCommand): string {
  const others = words === null ? '_files' : `(${words.join(' ')})`;
  const rest = shellQuoted(`*:word:${completes !== null ? offers(completes) : others}`);
  return `    ${name}) _arguments ${[...options.map(specOf), rest].join(' \\\n      ')} ;;`;
}

/** A specification for _arguments; every option may be repeated, as one that may not be is told by the program. */
function specOf({ flags, describe, takesValue, values, completes }: CompletedOption): string {
  const names = flags.length === 1 ? `'*'${flags[0]}` : `'*'{${flags.join(',')}}`;
  const others = values === null ? '_files' : `(${values.join(' ')})`;
  const value = takesValue ? `:value:${completes !== null ? offers(completes) : others}` : '';
  return names + shellQuoted(`[${describe.replaceAll(/[[\]:]/g, '\\$&')}]${value}`);
}

/** With the blank before it, _arguments gives the function no arguments of its own. */
function offers(what: string): string {
  return ` _${TOOL.name}_offers ${what}`;
}
