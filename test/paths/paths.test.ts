import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Workplace } from '../cli/command.js';
import { pack } from '../package/npm.js';
import { programs, stub, walk } from './path.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DUMP = join(ROOT, 'experiments/imported-rotation/cluster.json.gz');

const EXPERIMENT = `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: rotation}
spec:
  preset: small-100
  replications: 2
  duration: 3m
  timeline: [{at: 10s, update: ca-bundle}]
  factors: {kubelet.syncFrequency: [20s, 1m]}
  slos: ['last_pod_max_s < 60']
`;

describe("a new user's path", function () {
  // How long it takes is printed, and no test: the machine may be busy with others.
  this.timeout(600_000);
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.make();
  });
  afterEach(() => place.remove());

  it('leads from a clone to the answer', async function () {
    const hasGit = existsSync(join(ROOT, '.git')) && spawnSync('git', ['--version']).status === 0;
    if (!hasGit) this.skip();
    // What npm has fetched once is not fetched again.
    const { code, out, err } = await walk('clone', place.path, { REPOSITORY: ROOT, npm_config_prefer_offline: 'true' });
    expect(code, err).to.equal(0);
    expect(out).to.include('\nWatch: every pod has the new keys by 91.4 s (bound)');
    const left = spawnSync('git', ['status', '--porcelain'], { cwd: join(place.path, 'secretsim'), encoding: 'utf8' });
    expect(left.stdout).to.equal('');
  });

  it('leads from one’s own cluster to its answer, with no Secret on the disk', async () => {
    const path = await programs(place.path);
    await stub(path, 'kubectl', `[ "$*" = "get nodes,pods,secrets,configmaps -A -o json" ] && gunzip -c '${DUMP}'`);
    const { code, out, err } = await walk('own-dump', place.path, { PATH: path });
    expect(code, err).to.equal(0);
    expect(out).to.include('\nnow (Watch): every pod has the new keys by 91.4 s (bound)');
    expect(await place.list()).to.deep.equal(['mine.topology.json.gz', 'mine.yaml', 'programs', 'results']);
  });

  it('stops where kubectl could not read the whole cluster, although what it printed is a whole file', async () => {
    const path = await programs(place.path);
    await stub(path, 'kubectl', `gunzip -c '${DUMP}'; exit 1`);
    expect((await walk('own-dump', place.path, { PATH: path })).code).to.equal(1);
    expect(await place.list('results')).to.equal(null);
  });

  it('leads to a gate in CI that fails with 3 where an SLO is missed, and tells which', async () => {
    const { filename } = await pack(place.path);
    await copyFile(join(place.path, filename), join(place.path, 'secretsim.tgz'));
    await copyFile(join(ROOT, 'deploy/slo-gate.sh'), join(place.path, 'slo-gate.sh'));
    await place.write('rotation.yaml', EXPERIMENT);
    await place.write('step-summary', 'before\n');
    const { code, err } = await walk('ci-gate', place.path, {
      GITHUB_STEP_SUMMARY: 'step-summary',
      npm_config_offline: 'true',
    });
    expect(code, err).to.equal(3);
    expect(await place.read('slo/junit.xml')).to.include('tests="2" failures="1"');
    expect(await place.read('step-summary')).to.equal(`before\n${await place.read('slo/summary.md')}`);
    expect(await place.list('slo/results')).to.include.members(['report.html', 'runs.csv']);
  });
});
