import { expect } from 'chai';
import { stringify } from 'yaml';
import { Workplace } from '../cli/command.js';
import { runInProcess } from './in-process.js';
import { BREAKS, givesAway, plantedIn, SECRET } from './planting.js';

const EXPERIMENT = {
  apiVersion: 'secretsim/v1',
  kind: 'Experiment',
  metadata: { name: 'rotation', question: 'how long?' },
  spec: {
    preset: 'own-200',
    seed: 'a',
    replications: 2,
    warmup: '1m',
    duration: '10m',
    cluster: { nodes: 4, kubernetesVersion: '1.33', behaviours: { initialSync: 'list' } },
    kubelet: { syncFrequency: '1m' },
    etcd: { watch: { p50: '1ms', p99: '5ms' } },
    objects: [{ name: 'app-tls', kind: 'Secret', scope: 'cluster', as: 'volume', size: '4Ki', immutable: 0.5 }],
    timeline: [
      { id: 'first', at: '1m', update: 'app-tls' },
      { every: '2m', restartApiServer: { servers: 1, stagger: '1s' } },
    ],
    factors: { 'cluster.nodes': [4, 8], 'kubelet.syncFrequency': { from: '30s', to: '60s', steps: 2 } },
    where: ['cluster.nodes <= 8 or syncFrequency == 30s'],
    slos: ['delay_p99_s < 90'],
    output: { loadBin: '10s', exceedances: ['60s'] },
  },
};

const TOPOLOGY = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [{ name: 'node-1', ttlSeconds: 30 }],
  objects: [{ namespace: 'shop', name: 'tls', kind: 'Secret', size: 10, type: 'Opaque', immutable: true }],
  pods: [{ namespace: 'shop', name: 'web', node: 0, workload: 'web', uses: [{ object: 0, as: 'volume', volume: 0 }] }],
};

const ON_TOPOLOGY = {
  ...EXPERIMENT,
  spec: { seed: 'a', duration: '10m', cluster: { topology: 't.json' }, timeline: [{ at: '1m', update: 'shop/tls' }] },
};

/** Nothing of the secret is told of an input that is refused; of one that is accepted, none on standard error. */
async function expectSilence(where: string, args: readonly string[]): Promise<void> {
  const { code, out, err } = await runInProcess(args);
  expect(givesAway(err), `${where}: ${err}`).to.equal(false);
  expect(err, where).not.to.match(/internal error|\n {4}at /);
  if (code !== 0) expect(out, where).to.equal('');
}

describe('a secret in an experiment', () => {
  let place: Workplace;
  let path: string;
  before(async () => {
    place = await Workplace.make();
    path = `${place.path}/experiment.yaml`;
  });
  after(() => place.remove());

  it('is not repeated, whatever it stands in the place of', async () => {
    for (const { where, document } of plantedIn(EXPERIMENT)) {
      await place.write('experiment.yaml', JSON.stringify(document));
      await expectSilence(where, ['run', path, '--dry-run']);
    }
  }).timeout(60_000);

  it('is not repeated where the file is broken beside it', async () => {
    const texts = [
      stringify({ ...EXPERIMENT, spec: { ...EXPERIMENT.spec, seed: SECRET } }),
      JSON.stringify({ ...EXPERIMENT, metadata: { name: 'x', question: SECRET } }, null, 2),
      `kind: Secret\nstringData:\n  password: ${SECRET}\n  ${SECRET}: x\n`,
      `password=${SECRET}\n`,
      `- ${SECRET}\n- a: ${SECRET}\n`,
    ];
    for (const text of texts) {
      for (const [where, broken] of [['as it is', (same: string) => same] as const, ...BREAKS]) {
        await place.write('experiment.yaml', broken(text));
        await expectSilence(`${where} of ${text.slice(0, 20)}`, ['run', path, '--dry-run']);
      }
    }
  }).timeout(60_000);

  it('is not repeated of a topology', async () => {
    await place.write('experiment.yaml', JSON.stringify(ON_TOPOLOGY));
    for (const { where, document } of plantedIn(TOPOLOGY)) {
      await place.write('t.json', JSON.stringify(document));
      await expectSilence(where, ['run', path, '--dry-run']);
    }
    const text = JSON.stringify({ ...TOPOLOGY, pods: [{ ...TOPOLOGY.pods[0], workload: SECRET }] });
    for (const [where, broken] of BREAKS) {
      await place.write('t.json', broken(text));
      await expectSilence(where, ['run', path, '--dry-run']);
    }
    for (const { where, document } of plantedIn(ON_TOPOLOGY)) {
      await place.write('experiment.yaml', JSON.stringify(document));
      await expectSilence(where, ['run', path, '--dry-run']);
    }
  }).timeout(60_000);

  it('is not repeated of the command line', async () => {
    await place.write('experiment.yaml', JSON.stringify(EXPERIMENT));
    await place.write('e.csv', `delay_s\n1\n`);
    const values = [
      SECRET,
      `"${SECRET}`,
      `[${SECRET}`,
      `{${SECRET}: 1}`,
      `*${SECRET}`,
      `!${SECRET} x`,
      `a: b: ${SECRET}`,
    ];
    const settings = [
      'seed',
      'cluster.nodes',
      'kubelet.syncFrequency',
      'objects',
      'objects.0.size',
      'factors',
      'where',
    ];
    const options = ['seed', 'replications', 'workers', 'samples', 'only', 'shard', 'trace-nodes', 'out', '-o', SECRET];
    const lines = [
      ...settings.flatMap((name) => values.map((value) => ['run', path, '--dry-run', '--set', `${name}=${value}`])),
      ...values.map((value) => ['run', path, '--dry-run', '--set', value]),
      ...values.map((value) => ['run', path, '--dry-run', '--set', `${value}=1`]),
      ...values.map((value) => ['run', path, '--dry-run', '--set', `cluster.${value}=1`]),
      ...options.map((name) => [
        'run',
        path,
        '--dry-run',
        name.startsWith('-') ? name : `--${name}`,
        `${SECRET}/${SECRET}`,
      ]),
      ...['slo', 'knob', 'cost', 'delay', 'grow', 'up-to', 'from'].map((name) => ['plan', path, `--${name}`, SECRET]),
      ...['slo', 'knob'].map((name) => ['plan', path, `--${name}`, `delay_p99_s=${SECRET}`]),
      ['plan', path, '--grow', 'seed', '--slo', 'delay_p99_s < 1', '--set', `seed=${SECRET}`],
      ...['only', 'from', 'by', 'allowance'].map((name) => [
        ...['validate', '--measured', `${place.path}/e.csv`, '--experiment', path, `--${name}`, SECRET],
      ]),
      [SECRET],
      ['--password', SECRET],
      ['presets', SECRET],
      ['completion', SECRET],
      ['presets', '-o', SECRET],
      ['calibrate', path, '-f', 'x.yaml', '--interval', SECRET],
      ['calibrate', path, '-f', 'x.yaml', '--cores', SECRET],
      ['advise', path, '--unchanged-for', SECRET],
      ['compare', SECRET, SECRET],
    ];
    for (const args of lines) await expectSilence(args.join(' '), args);
  }).timeout(60_000);
});
