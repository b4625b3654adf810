import { EXAMPLE_EXPERIMENT } from '../experiment/language/example.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { isSystemError, placeFile } from '../files/operations.js';
import { finishInterrupted } from '../files/write-together.js';
import { OutputError } from '../report/output-error.js';
import { defineCommand } from './command.js';
import { option, someText, withDefault } from './options.js';
import { print, say } from './print.js';

/** The options of `init`. */
const INIT_OPTIONS = {
  file: withDefault(
    option('-f', 'File to write; - for standard output', { alias: 'f', parse: someText('-f') }),
    'experiment.yaml',
  ),
};

/** `secretsim init` */
export const initCommand = defineCommand(INIT_OPTIONS, {
  command: 'init',
  builder: (yargs) => yargs.options(INIT_OPTIONS).example('$0 init -f rotation.yaml', 'write rotation.yaml'),
  handler: async ({ file }) => {
    if (file === '-') {
      print(EXAMPLE_EXPERIMENT);
      return;
    }
    await OutputError.guard(file, () => writeNew(file, EXAMPLE_EXPERIMENT));
    say(`${file} written; run it with: secretsim run ${file}`);
  },
});

/** Writes a file that must not exist. */
export async function writeNew(file: string, text: string): Promise<void> {
  await finishInterrupted([file]).catch(() => undefined);
  try {
    await placeFile(file, [Buffer.from(text)]);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) {
      throw new InputError([`${file} exists already and is left as it is; -f FILE writes to another name`]);
    }
    throw error;
  }
}
