import { TOOL } from '../../tool.js';
import { type CompletedCommand, type CompletedOption, GLOBAL_OPTIONS } from './grammar.js';

/** A script for bash, also the 3.2 of macOS. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const valued = commands.flatMap(({ name, options }) =>
    options.filter(({ takesValue }) => takesValue).map((option) => ({ name, option })),
  );
  const filed = valued.filter(({ option }) => option.values === null).map(({ name, option }) => pattern(name, option));
  return `# Completion of ${TOOL.name} for bash: source <(${TOOL.name} completion bash)
_${TOOL.name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word words=
  # --name=value is three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${names.join('|')}) command=$word; break ;;
    esac
  done
  case $command:$previous in
    ${filed.join('|')}) _${TOOL.name}_files; return ;;
${valued.flatMap(({ name, option }) => valueCase(name, option)).join('\n')}
  esac
  case $command in
${commands.map(wordsCase).join('\n')}
    *) words='${[...names, ...flagsOf(GLOBAL_OPTIONS)].join(' ')}' ;;
  esac
  if [[ -n $command && $current != -* ]]; then
    case $command in
${commands.flatMap(({ name, words }) => (words === null ? [] : [`      ${name}) words='${words.join(' ')}' ;;`])).join('\n')}
      *) _${TOOL.name}_files; return ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_${TOOL.name}_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -o bashdefault -o default -F _${TOOL.name} ${TOOL.name}
`;
}

/** What stands before the value of an option. */
function pattern(command: string, { flags }: CompletedOption): string {
  return flags.map((flag) => `${command}:${flag}`).join('|');
}

function valueCase(command: string, option: CompletedOption): readonly string[] {
  if (option.values === null) return [];
  const words = option.values.join(' ');
  return [`    ${pattern(command, option)}) COMPREPLY=($(compgen -W '${words}' -- "$current")); return ;;`];
}

function wordsCase({ name, options }: CompletedCommand): string {
  return `    ${name}) words='${flagsOf(options).join(' ')}' ;;`;
}

function flagsOf(options: readonly CompletedOption[]): readonly string[] {
  return options.flatMap(({ flags }) => flags);
}
