import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writePlayground } from '../playground/write-playground.js';
import { defineCommand } from './command.js';
import { option, someText, withDefault } from './options.js';
import { print, say } from './print.js';

/** The options of `playground`. */
const PLAYGROUND_OPTIONS = {
  file: withDefault(option('-f', 'File to write', { alias: 'f', parse: someText('-f') }), 'secretsim-playground.html'),
  force: { type: 'boolean', describe: 'Replace a file that is no playground' },
  open: { type: 'boolean', describe: 'Opens it in the browser' },
} as const;

/** Programs that open a page in the user's browser, by operating system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** `secretsim playground` */
export const playgroundCommand = defineCommand(PLAYGROUND_OPTIONS, {
  command: 'playground',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 playground\n\nWrites one self-contained page: the same simulator in a browser, from a preset or from a dump that is ' +
          'dropped on it and does not leave it. It copies the experiment as YAML; run gives the same numbers.',
      )
      .options(PLAYGROUND_OPTIONS)
      .example('$0 playground --open', 'write secretsim-playground.html and open it'),
  handler: async ({ file, force, open }) => {
    await writePlayground(file, force === true);
    print(`${file}\n`);
    if (open === true) openPage(pathToFileURL(resolve(file)).href);
  },
});

function openPage(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', () => say(`no browser could be opened: open ${url}`));
  child.unref();
}
