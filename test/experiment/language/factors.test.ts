import { expect } from 'chai';
import { releasesOf } from '../../../src/report/scenario-releases.js';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

const OBJECTS = `objects:
- {name: app-tls, kind: Secret, scope: deployment}
- {name: kube-root-ca.crt, kind: ConfigMap, scope: namespace}
timeline:
- {id: rotation, at: 1m, update: app-tls}
factors:
`;

describe('factors', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const load = (factors: string) => files.load(experimentWith(OBJECTS + factors));
  const values = async (factor: string): Promise<unknown[]> => {
    const { scenarios, factorPaths } = await load(`  ${factor}`);
    return scenarios.map(({ factors }) => factors[factorPaths[0]]);
  };
  const message = async (factors: string): Promise<string> => {
    const found = await files.problems(experimentWith(OBJECTS + `  ${factors}`));
    expect(found, found.join('\n')).to.have.length(1);
    return found[0];
  };

  it('set several fields together where their paths are joined by &', async () => {
    const { scenarios, factorPaths } = await load('  cluster.nodes & cluster.namespaces: [3, 7]');
    expect(factorPaths).to.deep.equal(['cluster.nodes & cluster.namespaces']);
    expect(scenarios.map(({ name }) => name)).to.deep.equal(['nodes=3', 'nodes=7']);
    const sizes = scenarios.map(
      ({ input }) => input.cluster.type === 'synthetic' && [input.cluster.nodes, input.cluster.namespaces],
    );
    expect(sizes).to.deep.equal([[3, 3], [7, 7]]); // prettier-ignore
  });

  it('give each of several fields a value of its own', async () => {
    const pair = 'cluster.kubernetesVersion & cluster.kubeletVersion';
    const { scenarios, spec } = await load(`  ${pair}: [[1.36, 1.34], [1.30, "1.30"]]`);
    expect(scenarios.map(({ name, factors }) => [name, factors[pair]])).to.deep.equal([
      ['kubernetesVersion=1.36 & 1.34', '1.36 & 1.34'],
      ['kubernetesVersion=1.30 & 1.30', '1.30 & 1.30'],
    ]);
    expect(releasesOf(spec, scenarios[0].factors)).to.deep.equal({ server: '1.36', kubelet: '1.34' });
    const sizes = await load(
      '  cluster.nodes & cluster.namespaces: [[3, 2], [9, 4]]\nwhere: ["cluster.namespaces > 2"]',
    );
    expect(sizes.scenarios.map(({ name }) => name)).to.deep.equal(['nodes=9 & 4']);
    const [{ input }] = sizes.scenarios;
    expect(input.cluster).to.deep.include({ nodes: 9, namespaces: 4 });
  });

  it('are refused where a value has not one part for each field', async () => {
    expect(await message('cluster.nodes & cluster.namespaces: [[3, 2], [9, 4, 5]]')).to.include(
      'value 2 has to be a list of 2 values, one for each path, as others are',
    );
    expect(await message('cluster.nodes & cluster.namespaces: [[3, 2], 9]')).to.include('value 2 has to be');
    expect(await message('cluster.nodes: [[3, 2]]')).to.include('join their paths by " & "');
    expect(await message('cluster.nodes & cluster.namespaces: [[3, 2], [3, 2]]')).to.include('is the same as value 1');
    expect(await message('cluster.nodes & cluster.namespaces: [[3, 0], [3, 2]]')).to.include('cluster.namespaces');
  });

  it('make every combination a scenario, the last factor varying fastest', async () => {
    const { scenarios, factorPaths } = await load(
      '  kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Get]\n  cluster.nodes: [10, 20]',
    );
    expect(factorPaths).to.deep.equal(['kubelet.configMapAndSecretChangeDetectionStrategy', 'cluster.nodes']);
    expect(scenarios.map(({ name }) => name)).to.deep.equal([
      'strategy=Watch nodes=10',
      'strategy=Watch nodes=20',
      'strategy=Get nodes=10',
      'strategy=Get nodes=20',
    ]);
    expect(scenarios.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3]);
    expect(scenarios[3].factors).to.deep.equal({
      'kubelet.configMapAndSecretChangeDetectionStrategy': 'Get',
      'cluster.nodes': 20,
    });
    expect(scenarios[3].input.kubelet.strategy).to.equal('Get');
    expect(scenarios[3].input.cluster).to.deep.include({ nodes: 20 });
  });

  it('reach named things by name, others by id or index, and fields that were not written', async () => {
    const { scenarios } = await load(
      `  objects.app-tls.immutable: [0.5]
  objects["kube-root-ca.crt"].size: [1Ki]
  timeline.rotation.at: [2m]
  timeline.0.rate: [5/s]
  network.roundTrip.p50: [1ms]
  cluster.behaviours.idleStop: [false]`,
    );
    const { input } = scenarios[0];
    if (input.cluster.type !== 'synthetic') throw new Error('not synthetic');
    expect(input.cluster.classes[0].immutableShare).to.equal(0.5);
    expect(input.cluster.classes[1].sizeBytes).to.equal(1024);
    expect(input.timeline[0]).to.deep.include({ firstUs: 120_000_000, ratePerS: 5 });
    expect(input.network.roundTrip).to.deep.equal({ p50Us: 1000, p99Us: 1500 });
    expect(input.behaviours.idleStop).to.equal(false);
  });

  it('are told apart in the names of scenarios', async () => {
    const { scenarios } = await load(
      '  objects.app-tls.immutable: [0]\n  objects["kube-root-ca.crt"].immutable: [1]\n' +
        '  network.roundTrip.p50: [1ms]\n  etcd.watch.p50: [2ms]',
    );
    expect(scenarios[0].name).to.equal(
      'app-tls.immutable=0 ["kube-root-ca.crt"].immutable=1 roundTrip.p50=1ms watch.p50=2ms',
    );
  });

  it('keep releases as written', async () => {
    expect(await values('cluster.kubernetesVersion: [1.21, 1.30]')).to.deep.equal(['1.21', '1.30']);
  });

  it('leave defaults open that depend on them', async () => {
    const { spec, scenarios } = await load('  cluster.kubernetesVersion: ["1.21", "1.30"]');
    expect(spec.cluster.kubeletVersion).to.equal(undefined);
    expect(scenarios.map(({ input }) => input.kubelet.kubeAPIQPS)).to.deep.equal([5, 50]);
  });

  describe('as ranges', () => {
    it('are spread evenly or geometrically, rounded where the field is whole', async () => {
      expect(await values('cluster.nodes: {from: 100, to: 10000, steps: 5, scale: log}')).to.deep.equal([
        100, 316, 1000, 3162, 10_000,
      ]);
      expect(await values('cluster.nodes: {from: 10, to: 1, steps: 4}')).to.deep.equal([10, 7, 4, 1]);
      expect(await values('objects.app-tls.immutable: {from: 0, to: 1, steps: 11}')).to.deep.equal([
        0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
      ]);
    });

    it('may be of durations and sizes', async () => {
      expect(await values('kubelet.syncFrequency: {from: 5s, to: 2m, steps: 3, scale: log}')).to.deep.equal([
        '5s',
        '24.495s',
        '2m',
      ]);
      expect(await values('etcd.watch: {from: 0s, to: 1ms, steps: 3}')).to.deep.equal(['0s', '500us', '1ms']);
      expect(await values('objects.app-tls.size: {from: 1Ki, to: 4Ki, steps: 4}')).to.deep.equal([
        1024, 2048, 3072, 4096,
      ]);
    });

    it('have ends that fit the field and the scale', async () => {
      expect(await message('cluster.nodes: {from: 0, to: 10, steps: 3, scale: log}')).to.include('two ends above zero');
      expect(await message('cluster.nodes: {from: 1s, to: 10s, steps: 3}')).to.include('a range needs two numbers');
      expect(await message('kubelet.syncFrequency: {from: 1, to: 10, steps: 3}')).to.include(
        'the field is not a number',
      );
      expect(await message('kubelet.syncFrequency: {from: 1x, to: 10s, steps: 3}')).to.include(
        'from: unknown unit (known',
      );
      expect(await message('start: {from: a, to: b, steps: 3}')).to.include('a range needs two numbers');
      expect(await message('cluster.nodes: {from: 1, to: 10, steps: 1}')).to.include('allowed: 2 to 1000');
      expect(await message('cluster.nodes: {from: 1, to: 10}')).to.include(
        'a range needs steps, or a design that samples it',
      );
    });
  });

  describe('that are wrong', () => {
    it('lead nowhere, with the nearest name', async () => {
      expect(await message('cluster.nodez: [1]')).to.match(
        /^experiment\.yaml:11:5: spec\.factors\["cluster\.…"\]: cluster has no such field; did you mean nodes\?/,
      );
      expect(await message('objects.app-tsl.size: [1]')).to.include(
        'objects has no such item; did you mean app-tls? (known: app-tls',
      );
      expect(await message('objects.0.size: [1]')).to.include('objects has no such item');
      expect(await message('timeline.1.at: [1m]')).to.include('timeline has no such item');
      expect(await message('spec.cluster.nodes: [1]')).to.include('paths begin inside spec');
      expect(await message('syncFrequency: [1s]')).to.include('did you mean kubelet.syncFrequency?');
      expect(await message('cluster.nodes.count: [1]')).to.include('cluster.nodes is a single value');
      expect(await message('"cluster..nodes": [1]')).to.include('a path is names joined by dots');
    });

    it('are not one value, or one for the whole experiment', async () => {
      expect(await message('cluster: [1]')).to.include('is not a single value');
      expect(await message('seed: [a, b]')).to.include('seed is one for the whole experiment');
      expect(await message('cluster.nodes: [[1]]')).to.include('spec.factors["cluster.nodes"].0');
      expect(await message('cluster.nodes: 5')).to.include(
        'expected a list of values, or a range {from, to, steps, scale}, found a number',
      );
      expect(await message('cluster.nodes: []')).to.include('a factor needs at least one value');
    });

    it('pair a field with itself, or with one that does not exist', async () => {
      expect(await message('cluster.nodes & cluster.nodes: [1]')).to.include('cluster.nodes is named twice');
      expect(await message('cluster.nodes & cluster.podsPerNod: [1]')).to.include('podsPerNode');
    });

    it('repeat a value or a field', async () => {
      expect(await message('cluster.nodes: [1, 2, 1]')).to.include('value 3 is the same as value 1');
      expect(await message('cluster.nodes: {from: 1, to: 3, steps: 9}')).to.include('value 2 is the same as value 1');
      expect(await message('timeline.0.at: [1m]\n  timeline.rotation.at: [2m]')).to.include(
        'sets the same field as the factor timeline.0.at',
      );
      expect(await message('etcd.watch: [1ms]\n  etcd.watch.p50: [2ms]')).to.include('sets the same field');
    });

    it('make too many scenarios', async () => {
      const range = '{from: 1, to: 1000, steps: 1000}';
      expect(await message(`cluster.nodes: ${range}\n  cluster.namespaces: ${range}`)).to.include(
        'the factors make 1000000 scenarios; at most 10000 are allowed',
      );
    });

    it('have values that the field refuses, named with their place and factor', async () => {
      expect(await message('cluster.nodes: [1, 0]\n  cluster.apiServers: [1, 2]')).to.equal(
        'experiment.yaml:11:24: spec.cluster.nodes: found a number: allowed: 1 to 1000000 ' +
          '(no cluster of more nodes is known) (with the factor cluster.nodes at its value 2 of 2)',
      );
      expect(
        await message('cluster.kubernetesVersion: ["1.20", "1.30"]\n  cluster.kubeletVersion: ["1.20"]'),
      ).to.include('(with the factor cluster.kubernetesVersion = 1.30)');
      expect(await message('timeline.0.update: [app-tls, app-tsl]')).to.include('did you mean app-tls?');
    });
  });
});
