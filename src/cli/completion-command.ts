import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { TOOL } from '../tool.js';
import { bashScript } from './completion/bash.js';
import { fishScript } from './completion/fish.js';
import { completedCommands } from './completion/grammar.js';
import { type Shell, SHELLS } from './completion/shells.js';
import { zshScript } from './completion/zsh.js';
import { type Command, type Commands, defineCommand } from './command.js';
import { UsageError } from './options.js';
import { print } from './print.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `secretsim completion SHELL`, for these commands. */
export const completionCommand = (commands: Commands): Command =>
  defineCommand(
    {},
    {
      command: 'completion',
      builder: (yargs) =>
        yargs
          .usage(
            `$0 completion ${SHELLS.join('|')}\n\nPrints a script that completes commands, options, values and files.`,
          )
          .strict(false)
          .strictOptions()
          .example('source <($0 completion bash)', 'in ~/.bashrc')
          .example('source <($0 completion zsh)', 'in ~/.zshrc, behind compinit')
          .example(`$0 completion fish > ~/.config/fish/completions/${TOOL.name}.fish`, 'once'),
      handler: async ({ _ }) => {
        const names = _.slice(1).map(String);
        if (names.length !== 1) throw new UsageError(`completion takes one shell: ${SHELLS.join(', ')}`);
        print(SCRIPTS[shellOf(names[0])](await completedCommands(commands)));
      },
      words: SHELLS,
    },
  );

function shellOf(name: string): Shell {
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new UsageError(`completion: expected ${SHELLS.join(' or ')}${didYouMean(name, SHELLS)}`);
}
