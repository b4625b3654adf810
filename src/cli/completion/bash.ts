import { TOOL } from '../../tool.js';
import { type CompletedCommand, type CompletedOption, GLOBAL_OPTIONS } from './grammar.js';

/** Functions that the script calls. */
const HELPERS = `# What only the program knows: $1 says of what. Of a word with = in it, bash wants what stands behind the last one.
_${TOOL.name}_offers() {
  local IFS=$'\\n' offer behind=
  [[ $current == *=* ]] && behind=\${current%=*}=
  COMPREPLY=()
  for offer in $("\${COMP_WORDS[0]}" completion offers "$1" -- "$current" "\${line[@]}" 2>/dev/null); do
    offer=\${offer%%$'\\t'*}
    COMPREPLY+=("\${offer#"$behind"}")
  done
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[.=] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
_${TOOL.name}_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$current"))
}
`;

/** A script for bash, also the 3.2 of macOS. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const valued = commands.flatMap(({ name, options }) =>
    options.filter(({ takesValue }) => takesValue).map((option) => ({ name, option })),
  );
  const isFile = ({ values, completes }: CompletedOption): boolean => values === null && completes === null;
  const filed = valued.filter(({ option }) => isFile(option)).map(({ name, option }) => pattern(name, option));
  return `# Completion of ${TOOL.name} for bash: source <(${TOOL.name} completion bash)
_${TOOL.name}() {
  local command= word words= joined= i n
  local -a line=()
  # bash takes what has = in it for several words.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    n=\${#line[@]}
    if [[ $n -gt 0 && ( $word == = || -n $joined ) ]]; then
      line[n-1]+=$word
    else
      line+=("$word")
    fi
    [[ $word == = ]] && joined=1 || joined=
  done
  n=\${#line[@]}
  local current=\${line[n-1]} previous=
  [[ $n -gt 1 ]] && previous=\${line[n-2]}
  # --name=value is the value of --name.
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*}
    current=\${current#*=}
  fi
  for word in "\${line[@]:0:n-1}"; do
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
${commands.flatMap(argumentCase).join('\n')}
      *) _${TOOL.name}_files; return ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
${HELPERS}complete -o bashdefault -o default -F _${TOOL.name} ${TOOL.name}
`;
}

/** What stands before the value of an option. */
function pattern(command: string, { flags }: CompletedOption): string {
  return flags.map((flag) => `${command}:${flag}`).join('|');
}

function valueCase(command: string, option: CompletedOption): readonly string[] {
  const { values, completes } = option;
  const before = `    ${pattern(command, option)})`;
  if (completes !== null) return [`${before} _${TOOL.name}_offers ${completes}; return ;;`];
  if (values === null) return [];
  return [`${before} COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`];
}

function wordsCase({ name, options }: CompletedCommand): string {
  return `    ${name}) words='${flagsOf(options).join(' ')}' ;;`;
}

function argumentCase({ name, words, completes }: CompletedCommand): readonly string[] {
  if (completes !== null) return [`      ${name}) _${TOOL.name}_offers ${completes}; return ;;`];
  return words === null ? [] : [`      ${name}) words='${words.join(' ')}' ;;`];
}

function flagsOf(options: readonly CompletedOption[]): readonly string[] {
  return options.flatMap(({ flags }) => flags);
}
