import { expect } from 'chai';
import { readdir, readFile, rm } from 'node:fs/promises';
import { Workplace } from '../cli/command.js';
import { runInProcess } from './in-process.js';
import { BREAKS, givesAway, plantedIn, SECRET } from './planting.js';

const POD = {
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', annotations: { note: SECRET }, labels: { note: SECRET } },
  spec: {
    nodeName: 'node-1',
    containers: [
      {
        name: 'web',
        args: [SECRET],
        env: [{ name: 'PASSWORD', value: SECRET }],
        envFrom: [{ secretRef: { name: 'tls' } }],
      },
    ],
    volumes: [{ name: 'v', secret: { secretName: 'tls' } }],
  },
  status: { phase: 'Running', message: SECRET },
};
const DUMP = {
  apiVersion: 'v1',
  kind: 'List',
  metadata: { resourceVersion: '' },
  items: [
    { kind: 'Node', metadata: { name: 'node-1' }, status: { nodeInfo: { kubeletVersion: 'v1.33.1' } } },
    POD,
    {
      kind: 'Secret',
      metadata: { name: 'tls', namespace: 'shop', annotations: { note: SECRET } },
      type: 'Opaque',
      data: { password: SECRET, [SECRET]: 'eA==' },
      stringData: { password: SECRET },
    },
    { kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { password: SECRET, [SECRET]: SECRET } },
  ],
};
const KUBELET = {
  kind: 'KubeletConfiguration',
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  syncFrequency: '1m',
  configMapAndSecretChangeDetectionStrategy: 'Watch',
  kubeAPIQPS: 50,
  staticPodURLHeader: { Authorization: [SECRET] },
};
const SCRAPE = [
  '# HELP apiserver_request_total requests',
  '# TYPE apiserver_request_total counter',
  `apiserver_request_total{code="200",group="",resource="secrets",verb="GET",version="v1"} 5`,
  `apiserver_request_total{code="200",group="",resource="pods",verb="LIST",version="v1",note="${SECRET}"} 7`,
  'process_cpu_seconds_total 12.5',
  '',
].join('\n');

describe('a secret in what a cluster tells', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
  });
  after(() => place.remove());

  const path = (name: string): string => `${place.path}/${name}`;

  /** Nothing of it is told on standard error; nothing is told or written at all where the place is none of a name. */
  async function expectSilence(where: string, everywhere: boolean, ...args: readonly string[]): Promise<void> {
    const { code, out, err } = await runInProcess(args);
    const told = `${args[0]}, ${where}: ${err.slice(0, 400)}`;
    expect(givesAway(err), told).to.equal(false);
    expect(err, told).not.to.contain('internal error');
    if (everywhere || code !== 0) expect(givesAway(out), told).to.equal(false);
    for (const name of (await readdir(place.path)).filter((each) => each.startsWith('out'))) {
      const text = await readFile(path(name), 'latin1');
      if (everywhere) expect(givesAway(text), `${told} in ${name}`).to.equal(false);
      await rm(path(name));
    }
  }

  async function readDump(where: string, everywhere: boolean): Promise<void> {
    await expectSilence(where, everywhere, 'import', '--cluster', path('dump'), '-f', path('out.yaml'));
    await expectSilence(where, everywhere, 'advise', path('dump'), '-f', path('out.sh'), '--out', path('out.csv'));
  }

  it('is in no output of a dump, and no file made of it', async () => {
    await place.write('dump', JSON.stringify(DUMP, null, 2));
    await readDump('as it is', true);
    await expectSilence('run', true, 'run', path('dump'), '--dry-run');
    const briefly = ['--replications', '1', '--set', 'duration=2m', '--workers', '1'];
    await expectSilence('whatif', true, 'whatif', path('dump'), '--scale', '2', '--update', 'shop/*', ...briefly);
    await place.write('x.json', '{"apiVersion": "secretsim/v1", "kind": "Experiment", "metadata": {"name": "x"}}');
    await expectSilence(
      'as a topology',
      true,
      'run',
      path('x.json'),
      '--dry-run',
      '--set',
      `cluster.topology=${path('dump')}`,
    );
    await expectSilence(
      'as kubelet',
      true,
      'import',
      '--cluster',
      path('dump'),
      '--kubelet',
      path('dump'),
      '-f',
      path('out.yaml'),
    );
    await expectSilence('as a scrape', true, 'calibrate', path('dump'), '-f', path('out.yaml'));
    await expectSilence('as measured', true, 'validate', '--measured', path('dump'), '--experiment', path('x.json'));
  });

  it('is not repeated, whatever it stands in the place of', async () => {
    for (const { where, document } of plantedIn(DUMP)) {
      await place.write('dump', JSON.stringify(document));
      await readDump(where, false);
    }
  }).timeout(120_000);

  it('is not repeated where the dump is broken beside it', async () => {
    const text = JSON.stringify(DUMP, null, 2);
    const lines = text.split('\n');
    const [head] = lines.flatMap((line, index) => (line.includes(SECRET) ? [index] : [])).slice(-2);
    const late = lines.map((line, index) => (index < head ? line.replaceAll(SECRET, 'x') : line)).join('\n');
    const yaml = `kind: Secret\napiVersion: v1\nmetadata: {name: a, namespace: b}\ndata:\n  password: ${SECRET}\n`;
    for (const source of [text, late, yaml, `NAME  AGE\n${SECRET}  1d\n`, `token=${SECRET}\n`]) {
      for (const [where, broken] of BREAKS) {
        await place.write('dump', broken(source));
        await readDump(where, false);
      }
    }
  }).timeout(120_000);

  it('is not repeated of a configuration of kubelets', async () => {
    await place.write('dump', JSON.stringify(DUMP));
    const read = (where: string): Promise<void> =>
      expectSilence(
        where,
        true,
        'import',
        '--cluster',
        path('dump'),
        '--kubelet',
        path('kubelet'),
        '-f',
        path('out.yaml'),
      );
    for (const { where, document } of plantedIn(KUBELET)) {
      await place.write('kubelet', JSON.stringify(document));
      await read(where);
    }
    for (const source of [JSON.stringify(KUBELET), `KUBELET_EXTRA_ARGS=--token=${SECRET} --kube-api-qps=${SECRET}\n`]) {
      for (const [where, broken] of BREAKS) {
        await place.write('kubelet', broken(source));
        await read(where);
      }
    }
  }).timeout(120_000);

  it('is not repeated of a scrape', async () => {
    const read = (where: string): Promise<void> =>
      expectSilence(where, true, 'calibrate', path('scrape'), '-f', path('out.yaml'));
    const words = SCRAPE.match(/[\w.]+/g) ?? [];
    for (const [index, word] of words.entries()) {
      let seen = -1;
      await place.write(
        'scrape',
        SCRAPE.replace(/[\w.]+/g, (each) => (++seen === index ? SECRET : each)),
      );
      await read(`in the place of ${word}`);
    }
    for (const [where, broken] of BREAKS) {
      await place.write('scrape', broken(SCRAPE));
      await read(where);
    }
  }).timeout(60_000);
});
