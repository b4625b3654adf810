import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PROGRAM, Workplace } from './command.js';

/** Prints the words that bash would offer behind the arguments. */
const ASK_BASH = `
source completion.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_secretsim
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** Types each argument and a tab into an interactive zsh, and prints what its completion finds. */
const ASK_ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'autoload -Uz compinit; compinit -u -D; source ./completion.zsh'
zpty -w z 'compadd() { local -a hits; builtin compadd -O hits "$@"; (( $#hits )) && print -rl -- "<"\${^hits}">"; builtin compadd "$@" }'
zpty -w z 'print REA""DY'
zpty -r z text '*READY*2004h*'
for line; do
  zpty -w -n z "$line"$'\\t\\C-uprint DO""NE\\r'
  zpty -r z text '*DONE*2004h*'
  print -r -- "$text"
  print END
done
zpty -d z
`;

/** What to complete, and all that is offered: the same in every shell. The last two are asked of the program. */
const QUESTIONS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['secretsim whatif --upgrade 1.36', ['1.36']],
  ['secretsim plan --cost kms', ['kms_calls']],
  ['secretsim help wh', ['whatif']],
  ['secretsim run --set cluster.no', ['cluster.nodes=']],
  ['secretsim explain ki', ['kind', 'kind-3']],
];

/** What the scripts ask the program, and all that it offers. */
const OFFERS: readonly (readonly [what: string, word: string, offered: readonly string[]])[] = [
  ['setting', 'apiServer.getQ', ['apiServer.getQuorum=', 'apiServer.getQuorum.']],
  ['setting', 'start=', ['start=steady', 'start=cold']],
  ['setting', 'kubelet.syncFrequency=', ['kubelet.syncFrequency=1m']],
  ['setting', 'objects.', ['objects.app-tls.', 'objects.app-config.']],
  ['setting', 'objects.app-tls.sc', ['objects.app-tls.scope=']],
  ['setting', 'objects.app-tls.scope=p', ['objects.app-tls.scope=pod']],
  ['setting', 'nothing.of.ours', []],
  ['path', 'cluster.no', ['cluster.nodes']],
  ['run', 's00', ['s001-r001', 's001-r002', 's002-r001', 's002-r002']],
  ['run', 's002-r002', ['s002-r002']],
  ['name', 'kubelet.syncT', ['kubelet.syncTickerPeriod']],
  ['name', 'syncTick', ['syncTickerPeriod']],
];

const EXPERIMENT = `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: rotation}
spec:
  preset: kind-3
  replications: 2
  factors: {start: [steady, cold]}
`;

describe('completion', () => {
  let place: Workplace;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    place = await Workplace.make();
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out, err } = await place.call(['completion', shell]);
      expect(code).to.equal(0);
      expect(err).to.equal('');
      await place.write(`completion.${shell}`, out);
    }
    await place.write('ask.bash', ASK_BASH);
    await place.write('ask.zsh', ASK_ZSH);
    await place.write('rotation.yaml', EXPERIMENT);
    await place.write('rot of mine.yaml', '');
    const bin = join(place.path, 'bin');
    await mkdir(bin);
    await place.write('bin/secretsim', `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    await chmod(join(bin, 'secretsim'), 0o755);
    env = { ...process.env, TERM: 'dumb', HOME: place.path, PATH: [bin, process.env['PATH']].join(delimiter) };
  });
  after(() => place.remove());

  /** What a shell prints. */
  function ask(shell: string, ...args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync(shell, args, { cwd: place.path, encoding: 'utf8', env });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    return stdout;
  }

  const isMissing = (shell: string): boolean => spawnSync(shell, ['--version']).error !== undefined;

  describe('of bash', () => {
    before(function () {
      if (isMissing('bash')) this.skip();
    });

    /** The words offered for the last of those behind the program's name. */
    function offered(...words: readonly string[]): readonly string[] {
      return ask('bash', 'ask.bash', 'secretsim', ...words)
        .split('\n')
        .filter((word) => word !== '');
    }

    it('knows every command', async () => {
      const { out } = await place.call(['--help']);
      const commands = [...out.matchAll(/^ {2}secretsim (\w+)/gm)].map(([, name]) => name);
      expect(offered('')).to.have.members([...commands, 'help', '--help', '-h', '--version']);
      expect(offered('val')).to.deep.equal(['validate']);
      expect(offered('frob')).to.deep.equal([]);
    });

    it('knows every option of every command', async () => {
      for (const command of offered('').filter((word) => !word.startsWith('-') && word !== 'help')) {
        const { out } = await place.call([command, '--help']);
        const [listed] = out.split('\nExamples:');
        const options = [...listed.matchAll(/^(?: {6}| {2}-\w, )(--[\w-]+) /gm)].map(([, name]) => name);
        const words = offered(command, '--');
        expect(words, command).to.include('--help');
        expect(words, command).to.have.members(options.filter((name) => name !== '--version'));
      }
    });

    it('offers the values of an option, also behind = and its short name', () => {
      expect(offered('run', 'x.yaml', '-o', '')).to.deep.equal(['table', 'json', 'csv']);
      expect(offered('run', '--output', 'c')).to.deep.equal(['csv']);
      expect(offered('run', '--output', '=')).to.deep.equal(['table', 'json', 'csv']);
      expect(offered('run', '--output', '=', 'j')).to.deep.equal(['json']);
      expect(offered('validate', '--only', 's')).to.deep.equal(['storm']);
      expect(offered('completion', '')).to.deep.equal(['bash', 'zsh', 'fish']);
    });

    it('offers files as arguments and as values, with blanks in their names', () => {
      expect(offered('run', 'rot')).to.have.members(['rotation.yaml', 'rot of mine.yaml']);
      expect(offered('run', '--out', 'rotat')).to.deep.equal(['rotation.yaml']);
      expect(offered('run', 'rotation.yaml', '--force', 'rotat')).to.deep.equal(['rotation.yaml']);
    });

    it('offers what only the program knows', () => {
      for (const [line, all] of QUESTIONS) expect(offered(...line.split(' ').slice(1)), line).to.have.members(all);
      // bash takes = for a word of its own, and wants what stands behind it.
      expect(offered('run', '--set', '=', 'kubelet.syncF')).to.deep.equal(['kubelet.syncFrequency=']);
      expect(offered('run', '--set', 'start', '=')).to.have.members(['steady', 'cold']);
    });
  });

  it('of zsh offers the same', function () {
    if (isMissing('zsh')) this.skip();
    const answers = ask('zsh', '-f', 'ask.zsh', ...QUESTIONS.map(([line]) => line)).split('END\n');
    QUESTIONS.forEach(([line, all], index) => {
      const found = [...answers[index].matchAll(/<([^<>\s]+)>/g)].map(([, word]) => word);
      expect([...new Set(found)], line).to.have.members(all);
    });
  });

  it('of fish offers the same', function () {
    if (isMissing('fish')) this.skip();
    const script = QUESTIONS.map(([line]) => `complete -C'${line}'; echo END`).join('; ');
    const answers = ask('fish', '--no-config', '-c', `source completion.fish; ${script}`).split('END\n');
    QUESTIONS.forEach(([line, all], index) => {
      const found = answers[index].split('\n').map((offer) => offer.split('\t')[0]);
      expect(
        found.filter((word) => word !== ''),
        line,
      ).to.have.members(all);
    });
  });

  it('is asked by the scripts for fields, values, runs and names, of the experiment on the line', async () => {
    for (const [what, word, all] of OFFERS) {
      const { code, out, err } = await place.call(['completion', 'offers', what, '--', word, 'run', 'rotation.yaml']);
      expect({ code, err }, word).to.deep.equal({ code: 0, err: '' });
      const lines = out.split('\n').filter((line) => line !== '');
      expect(
        lines.map((line) => line.split('\t')[0]),
        word,
      ).to.have.members(all);
    }
  });

  it('has nothing to offer where no experiment can be read, and says so of what it does not know', async () => {
    for (const file of ['nowhere.yaml', 'rot of mine.yaml']) {
      const { code, out, err } = await place.call(['completion', 'offers', 'run', '--', 's', file]);
      expect({ code, out, err }).to.deep.equal({ code: 0, out: '', err: '' });
    }
    expect((await place.call(['completion', 'offers', 'pods'])).code).to.equal(2);
  });

  it('refuses other shells with exit code 2', async () => {
    const misspelt = await place.run(['completion', 'zhs']);
    expect(misspelt.code).to.equal(2);
    expect(misspelt.err).to.contain('completion: expected bash or zsh or fish; did you mean zsh?');
    expect((await place.call(['completion'])).err).to.contain('completion takes one shell: bash, zsh, fish');
  });
});
