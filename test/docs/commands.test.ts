import { expect } from 'chai';
import type { Command } from '../../src/cli/command.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { commandsOf } from '../paths/path.js';
import { blocksOf, PAGES, pageOf, type Page } from './pages.js';

/** A command of the program as a page writes it. */
interface Written {
  readonly place: string;
  readonly name: string;
  readonly options: readonly string[];
}

/** Commands in code, in blocks and in lines. What follows a pipe, a `;` or a `&&` is another program's. */
function writtenIn({ path, text }: Page): readonly Written[] {
  const lines = text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`([^`]+)`/g);
  const code = [...blocksOf({ path, text }, 'sh'), ...[...lines].map(([, line]) => line.replaceAll('\n', ' '))];
  return code
    .flatMap((each) => [...each.replaceAll('\\\n', ' ').matchAll(/\bsecretsim ([a-z]+)\b([^|;&\n]*)/g)])
    .map(([whole, name, rest]) => ({
      place: `${path}: ${whole.trim()}`,
      name,
      options: [...rest.replace(/ #.*/, '').matchAll(/ --([a-z-]+)/g)].map(([, option]) => option),
    }));
}

/** What is wrong with a command; null where there is such a one. */
function fault({ place, name, options }: Written, commands: Readonly<Record<string, Command>>): string | null {
  if (name === 'help') return null;
  if (!Object.hasOwn(commands, name)) return `${place}: no such command`;
  const unknown = options.find((option) => !Object.hasOwn(commands[name].options, option) && option !== 'help');
  return unknown === undefined ? null : `${place}: no option --${unknown}`;
}

describe('the commands of the pages', () => {
  let commands: Readonly<Record<string, Command>> = {};

  before(async () => {
    const loaded = Object.entries(COMMANDS).map(async ([name, { load }]) => [name, await load()] as const);
    commands = Object.fromEntries(await Promise.all(loaded));
  });

  it('are commands of the program, with options that they have', () => {
    const written = PAGES.filter(({ path }) => path !== 'CHANGELOG.md').flatMap(writtenIn);
    expect(written.flatMap((each) => fault(each, commands) ?? [])).to.deep.equal([]);
    for (const name of Object.keys(commands)) {
      expect(
        written.some((each) => each.name === name),
        `${name} is on no page`,
      ).to.equal(true);
    }
  });

  it('are held by a rule that sees misspelt ones', () => {
    const faults = (text: string): readonly (string | null)[] =>
      writtenIn({ path: 'x', text }).map((each) => fault(each, commands));
    expect(
      faults('`secretsim ruin a.yaml`, `secretsim run a.yaml --sed 1`, `secretsim run --seed 1 | x --y`'),
    ).to.deep.equal([
      'x: secretsim ruin a.yaml: no such command',
      'x: secretsim run a.yaml --sed 1: no option --sed',
      null,
    ]);
  });

  it('are those that the tests of the paths walk', () => {
    for (const command of [...commandsOf('own-dump'), 'npm ci && npm start']) {
      expect(pageOf('README.md').text).to.include(`\n${command}`);
    }
    expect(commandsOf('clone')).to.include('npm ci && npm start');
    for (const path of ['clone', 'own-dump', 'ci-gate', 'slurm']) {
      const row = new RegExp(`\\| (\\d+) +\\|[^|]+\\| \\[${path}\\.sh\\]`).exec(pageOf('docs/commands.md').text);
      expect(Number(row?.[1]), path).to.equal(commandsOf(path).length);
    }
    const typed = commandsOf('slurm').map((command) => command.replace(/ \$(ARRAY|TASK)/, ''));
    for (const command of [...typed, 'PACKAGE=secretsim-0.1.0.tgz sh slo-gate.sh rotation.yaml']) {
      expect(pageOf('docs/elsewhere.md').text).to.include(`\n${command}`);
    }
  });
});
