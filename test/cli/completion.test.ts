import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { Workplace } from './command.js';

/** Prints the words that bash would offer behind the arguments. */
const ASK = `
source completion.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_secretsim
printf '%s\\n' "\${COMPREPLY[@]}"
`;

describe('completion', () => {
  let place: Workplace;

  before(async () => {
    place = await Workplace.make();
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out, err } = await place.call(['completion', shell]);
      expect(code).to.equal(0);
      expect(err).to.equal('');
      await place.write(`completion.${shell}`, out);
    }
    await place.write('ask.bash', ASK);
    await place.write('rotation.yaml', '');
    await place.write('rot of mine.yaml', '');
  });
  after(() => place.remove());

  /** The words offered for the last of those behind the program's name. */
  function offered(...words: readonly string[]): readonly string[] {
    const { stdout, stderr, status } = spawnSync('bash', ['ask.bash', 'secretsim', ...words], {
      cwd: place.path,
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    return stdout.split('\n').filter((word) => word !== '');
  }

  before(function () {
    if (spawnSync('bash', ['--version']).error !== undefined) this.skip();
  });

  it('knows every command', async () => {
    const { out } = await place.call(['--help']);
    const commands = [...out.matchAll(/^ {2}secretsim (\w+)/gm)].map(([, name]) => name);
    expect(offered('')).to.have.members([...commands, '--help', '-h', '--version']);
    expect(offered('val')).to.deep.equal(['validate']);
    expect(offered('frob')).to.deep.equal([]);
  });

  it('knows every option of every command', async () => {
    for (const command of offered('').filter((word) => !word.startsWith('-'))) {
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

  for (const shell of ['zsh', 'fish']) {
    it(`is correct ${shell}`, function () {
      if (spawnSync(shell, ['--version']).error !== undefined) this.skip();
      const { stderr, status } = spawnSync(shell, ['-n', `completion.${shell}`], { cwd: place.path, encoding: 'utf8' });
      expect(stderr).to.equal('');
      expect(status).to.equal(0);
    });
  }

  it('refuses other shells with exit code 2', async () => {
    const misspelt = await place.run(['completion', 'zhs']);
    expect(misspelt.code).to.equal(2);
    expect(misspelt.err).to.contain('completion: expected bash or zsh or fish; did you mean zsh?');
    expect((await place.call(['completion'])).err).to.contain('completion takes one shell: bash, zsh, fish');
  });
});
