import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { finish, PROGRAM, Workplace } from './command.js';

const SMALL = `
apiVersion: secretsim/v1
kind: Experiment
metadata: { name: small }
spec:
  replications: 1
  warmup: 1m
  duration: 2m
  cluster: { nodes: 5, podsPerNode: 2, namespaces: 1, serviceAccountMaterial: none }
  objects: [{ name: ca, kind: Secret, scope: cluster }]
  timeline: [{ at: 10s, update: ca }]
`;

describe('the answer on a terminal', () => {
  let place: Workplace;

  before(async function () {
    place = await Workplace.make();
    // The one of util-linux; other systems have another program of that name.
    const version = spawnSync('script', ['--version'], { encoding: 'utf8' });
    if (version.error !== undefined || !version.stdout.includes('util-linux')) this.skip();
    await place.write('small.yaml', SMALL);
  });
  after(() => place.remove());

  /** What a pseudo-terminal of so many columns shows. */
  async function shown(columns: number, environment: Readonly<Record<string, string>>): Promise<string> {
    const { PATH = '' } = process.env;
    const command = `stty cols ${columns}; '${process.execPath}' '${PROGRAM}' run small.yaml --workers 1 --force --quiet`;
    const env = { PATH, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...environment };
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: place.path, stdio: 'pipe', env });
    const { code, out } = await finish(child);
    expect(code).to.equal(0);
    expect(out).to.contain('every pod has the new keys');
    return out;
  }

  it('has curves and colours where it is wide enough', async () => {
    expect(await shown(100, {}))
      .to.match(/▁.*▇█+\r\n/)
      .and.contain('\u001b[');
    expect(await shown(99, {})).not.to.match(/[▁█]/);
  });

  it('has no colours with NO_COLOR, and neither with TERM=dumb', async () => {
    expect(await shown(120, { NO_COLOR: '1' }))
      .to.match(/▁.*▇█+\r\n/)
      .and.not.contain('\u001b[');
    expect(await shown(120, { TERM: 'dumb' }))
      .not.to.match(/[▁█]/)
      .and.not.contain('\u001b');
  });

  it('has no curves where the locale has no blocks, nor in a pipe', async () => {
    expect(await shown(120, { LC_ALL: 'C' })).not.to.match(/[▁█]/);
    const { out } = await place.run(['run', 'small.yaml', '--workers', '1', '--force', '--quiet']);
    expect(out).not.to.match(/[▁█]/).and.not.contain('\u001b');
  });
});
