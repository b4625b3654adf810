import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { TOOL } from '../tool.js';
import { bashScript } from './completion/bash.js';
import { fishScript } from './completion/fish.js';
import { completedCommands } from './completion/grammar.js';
import { type Shell, SHELLS } from './completion/shells.js';
import { zshScript } from './completion/zsh.js';
import { type Command, type Commands, defineCommand } from './command.js';
import { COMPLETES, UsageError } from './options.js';
import { print } from './print.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** The word by which the scripts ask for what belongs to an experiment: `completion offers WHAT WORD FILE…`. */
const OFFERS = 'offers';

const MEANING_LENGTH = 70;

/** `secretsim completion SHELL`, for these commands. */
export const completionCommand = (commands: Commands): Command =>
  defineCommand(
    {},
    {
      command: 'completion',
      builder: (yargs) =>
        yargs
          .usage(
            `$0 completion ${SHELLS.join('|')}\n\nPrints a script that completes commands, options, values, fields of the ` +
              `experiment, names of runs and files.`,
          )
          .strict(false)
          .strictOptions()
          .example('source <($0 completion bash)', 'in ~/.bashrc')
          .example('source <($0 completion zsh)', 'in ~/.zshrc, behind compinit')
          .example(`$0 completion fish > ~/.config/fish/completions/${TOOL.name}.fish`, 'once'),
      handler: async ({ _ }) => {
        const names = _.slice(1).map(String);
        if (names[0] === OFFERS) {
          await printOffers(names.slice(1));
          return;
        }
        if (names.length !== 1) throw new UsageError(`completion takes one shell: ${SHELLS.join(', ')}`);
        print(SCRIPTS[shellOf(names[0])](await completedCommands(commands)));
      },
      words: SHELLS,
    },
  );

/** A line per offer: the word, a tab and what it means. */
async function printOffers([what, word = '', ...files]: readonly string[]): Promise<void> {
  const known = COMPLETES.find((each) => each === what);
  if (known === undefined) throw new UsageError(`completion ${OFFERS}: expected ${COMPLETES.join(' or ')}`);
  const { offersFor } = await import('./completion/offers.js');
  const offers = await offersFor(known, word, files);
  print(offers.map(({ word: offered, meaning }) => `${offered}\t${shortened(meaning)}\n`).join(''));
}

/** A line that a shell shows beside an offer. */
function shortened(text: string): string {
  return text.length <= MEANING_LENGTH ? text : `${text.slice(0, MEANING_LENGTH - 1)}…`;
}

function shellOf(name: string): Shell {
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new UsageError(`completion: expected ${SHELLS.join(' or ')}${didYouMean(name, SHELLS)}`);
}
