import { expect } from 'chai';
import { Workplace } from './command.js';

describe('the command line', () => {
  let place: Workplace;

  before(async () => {
    place = await Workplace.make();
    await place.call(['init']);
  });
  after(() => place.remove());

  it('has help with an example for every command', async () => {
    const { code, out } = await place.call(['--help']);
    expect(code).to.equal(0);
    const commands = [...out.matchAll(/^ {2}secretsim (\w+)/gm)].map(([, name]) => name);
    expect(commands).to.have.members([
      'run',
      'merge',
      'import',
      'advise',
      'plan',
      'whatif',
      'compare',
      'report',
      'playground',
      'validate',
      'calibrate',
      'explain',
      'releases',
      'presets',
      'init',
      'schema',
      'completion',
    ]);
    for (const command of commands) {
      const help = await place.call([command, '--help']);
      expect(help.code).to.equal(0);
      expect(help.out).to.contain('Examples:').and.to.contain(`secretsim ${command} `);
      // Every option is below a heading of option-groups.ts: what is not would be listed as yargs does by itself.
      expect(help.out, command).not.to.match(/^Options:$/m);
      expect(help.err).to.equal('');
      expect(await place.call(['help', command])).to.deep.equal(help);
    }
  });

  it('puts options below few headings', async () => {
    const { out } = await place.call(['help', 'run']);
    expect([...out.matchAll(/^([A-Z]\w+):$/gm)].map(([, heading]) => heading)).to.deep.equal([
      'Input',
      'Execution',
      'Output',
      'General',
      'Examples',
    ]);
    expect((await place.call(['help'])).out).to.equal((await place.call(['--help'])).out);
  });

  it('tells its version', async () => {
    const { code, out } = await place.run(['--version']);
    expect(code).to.equal(0);
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['no command', [], 'which command?'],
    ['a misspelt command', ['ruin'], 'unknown command (argument 1); did you mean run?'],
    ['an unknown command', ['frobnicate'], 'unknown command (argument 1)\n'],
    ['help for a misspelt command', ['help', 'ruin'], 'unknown command (argument 2); did you mean run?'],
    ['a misspelt option', ['run', 'x.yaml', '--replicatoins', '3'], 'did you mean --replications?'],
    ['an argument too many', ['presets', 'sig-5000'], 'unknown argument (argument 2)'],
    ['a missing file', ['run'], 'run needs the FILE'],
    ['an option without its value', ['run', 'x.yaml', '--out'], 'Not enough arguments following: out'],
    ['an option given twice', ['run', 'x.yaml', '--seed', '1', '--seed', '2'], '--seed is given 2 times'],
    ['an empty value', ['run', 'x.yaml', '--out='], '--out is empty'],
    ['no replications', ['run', 'x.yaml', '--replications', '0'], '--replications: expected a whole number from 1'],
    ['half a worker', ['run', 'x.yaml', '--workers', '0.5'], '--workers: expected a whole number from 1'],
    ['a number of samples that is none', ['run', 'x.yaml', '--samples', 'some'], '--samples: expected none, all'],
    ['an import of nothing', ['import', '-f', 'x.yaml'], 'import needs --cluster FILE'],
    ['an import to nowhere', ['import', '--cluster', 'x.json'], 'import needs -f OUT'],
    ['an unknown format', ['presets', '-o', 'jsn'], 'did you mean json?'],
  ];
  for (const [what, args, message] of bad) {
    it(`refuses ${what} with exit code 2`, async () => {
      const { code, out, err } = await place.call(args);
      expect(err).to.contain(message);
      expect(err).not.to.contain('    at ');
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });
  }

  it('is quiet when its reader has seen enough', async () => {
    const child = place.start(['schema']);
    child.stdout?.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).to.equal(0);
  });
});

describe('presets', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
  });
  after(() => place.remove());

  it('lists names, descriptions and sources', async () => {
    const { code, out } = await place.call(['presets']);
    expect(code).to.equal(0);
    expect(out).to.match(/^PRESET +DESCRIPTION +SOURCE\n/);
    expect(out)
      .to.match(/^sig-5000 /m)
      .and.to.match(/^own-5000 /m);
  });

  it('lists them as JSON and as CSV', async () => {
    const json = JSON.parse((await place.call(['presets', '-o', 'json'])).out) as { preset: string; source: string }[];
    expect(json.map(({ preset }) => preset)).to.include.members(['sig-5000', 'own-5000']);
    for (const { source } of json) expect(source).not.to.equal('');
    expect((await place.call(['presets', '-o', 'csv'])).out).to.match(/^preset,description,source\n/);
  });
});

describe('schema', () => {
  it('prints the JSON Schema of the experiment file', async () => {
    const place = await Workplace.make();
    const { code, out } = await place.run(['schema']);
    expect(code).to.equal(0);
    const schema = JSON.parse(out) as { $schema: string; properties: object };
    expect(schema.$schema).to.contain('2020-12');
    expect(schema.properties).to.have.keys(['apiVersion', 'kind', 'metadata', 'spec']);
    await place.remove();
  });
});

describe('init', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
  });
  afterEach(() => place.remove());

  it('writes an example that run accepts as it is', async () => {
    expect((await place.call(['init', '-f', 'mine.yaml'])).code).to.equal(0);
    const { code, out, err } = await place.call(['run', 'mine.yaml', '--dry-run']);
    expect(err).to.equal('');
    expect(out).to.match(/\d+ scenarios? × \d+ replications? = \d+ runs?/);
    expect(code).to.equal(0);
    expect(await place.list()).to.deep.equal(['mine.yaml']);
  });

  it('does not overwrite a file', async () => {
    await place.write('experiment.yaml', 'mine');
    const { code, err } = await place.call(['init']);
    expect(code).to.equal(2);
    expect(err).to.contain('experiment.yaml exists already');
    expect(await place.read('experiment.yaml')).to.equal('mine');
  });

  it('writes to standard output on request', async () => {
    const { out } = await place.call(['init', '-f', '-']);
    expect(out).to.contain('kind: Experiment');
    expect(await place.list()).to.be.empty;
  });

  it('reports a folder that does not exist with exit code 1', async () => {
    const { code, err } = await place.call(['init', '-f', 'nowhere/experiment.yaml']);
    expect(code).to.equal(1);
    expect(err).to.match(/^cannot write nowhere\/experiment.yaml: /);
  });
});
