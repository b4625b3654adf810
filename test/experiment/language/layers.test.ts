import { expect } from 'chai';
import { loadExperiment } from '../../../src/experiment/language/load-experiment.js';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

describe('layers of an experiment', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const base = experimentWith(
    'cluster: {nodes: 10, podsPerNode: 5}\nobjects: [{name: a, kind: Secret, scope: pod}]\ntimeline: [{at: 1m, update: a}]',
  );

  describe('the preset', () => {
    it('lies below the file; objects are laid over by name', async () => {
      const { spec } = await files.load(
        experimentWith(
          'preset: own-5000\ncluster: {nodes: 7}\nobjects:\n- {name: ca-bundle, immutable: true}\n- {name: b, kind: Secret, scope: node}',
        ),
      );
      expect(spec.cluster).to.deep.include({ nodes: 7, podsPerNode: 30 });
      expect(spec.objects.map(({ name, scope, immutable }) => [name, scope, immutable])).to.deep.equal([
        ['own-secret', 'pod', false],
        ['own-config', 'pod', false],
        ['ca-bundle', 'cluster', true],
        ['b', 'node', false],
      ]);
    });

    it('can be emptied of its objects', async () => {
      const { spec } = await files.load(experimentWith('preset: own-5000\nobjects: []'));
      expect(spec.objects).to.deep.equal([]);
    });

    it('can be chosen by --set, and its objects changed', async () => {
      const { spec } = await files.load(base, { set: ['preset=own-5000', 'objects.own-secret.size=1Ki'] });
      expect(spec.cluster).to.deep.include({ nodes: 10, namespaces: 100 });
      expect(spec.objects.map(({ name, size }) => [name, size])).to.deep.equal([
        ['own-secret', '1Ki'],
        ['own-config', '4Ki'],
        ['ca-bundle', '4Ki'],
        ['a', '4Ki'],
      ]);
    });
  });

  describe('a later file', () => {
    it('is laid over an earlier one', async () => {
      const paths = [files.write('base.yaml', base), files.write('over.yaml', 'spec: {cluster: {nodes: 3}}\n')];
      const { spec, file } = await loadExperiment(paths);
      expect(spec.cluster).to.deep.include({ nodes: 3, podsPerNode: 5 });
      expect(file).to.equal(paths.join(' '));
    });

    it('is named where the problem is', async () => {
      const paths = [files.write('base.yaml', base), files.write('over.yaml', 'spec: {cluster: {nodes: no}}\n')];
      expect((await files.problemsOf(paths))[0]).to.match(/^over\.yaml:1:25: spec\.cluster\.nodes/);
    });
  });

  describe('--set of a path that is a factor', () => {
    const swept = experimentWith(
      'factors: {kubelet.syncFrequency: [30s, 60s], cluster.nodes & cluster.namespaces: [3, 7], network.roundTrip: [1ms, 2ms]}',
    );

    it('takes the place of the factor', async () => {
      const { factorPaths, scenarios } = await files.load(swept, { set: ['kubelet.syncFrequency=45s'] });
      expect(factorPaths).to.deep.equal(['cluster.nodes & cluster.namespaces', 'network.roundTrip']);
      expect(new Set(scenarios.map(({ input }) => input.kubelet.syncFrequencyUs))).to.deep.equal(new Set([45e6]));
      const again = ['kubelet.syncFrequency=45s', 'factors["kubelet.syncFrequency"]=[5s, 6s, 7s]'];
      expect((await files.load(swept, { set: again })).scenarios).to.have.length(12);
    });

    it('is refused where the factor sets more than that', async () => {
      for (const set of ['cluster.nodes=5', 'network.roundTrip.p50=1ms']) {
        const [found] = await files.problems(swept, { set: [set] });
        expect(found, set).to.include('sets this field, and others with it: change its values, --set');
      }
    });

    it('is refused where a condition compares it, unless that is changed before', async () => {
      const filtered = experimentWith(
        'factors: {kubelet.syncFrequency: [30s, 60s], cluster.nodes: [3, 7]}\nwhere: ["syncFrequency == 30s or nodes > 3"]',
      );
      const set = 'kubelet.syncFrequency=45s';
      expect((await files.problems(filtered, { set: [set] }))[0]).to.include('spec.where compares this factor');
      expect((await files.load(filtered, { set: ['where=[]', set] })).scenarios).to.have.length(2);
    });
  });

  describe('--set', () => {
    const message = async (...set: string[]): Promise<string> => {
      const found = await files.problems(base, { set });
      expect(found, found.join('\n')).to.have.length(1);
      return found[0];
    };

    it('takes any path and YAML value; the last one counts', async () => {
      const { spec } = await files.load(base, {
        set: [
          'cluster.nodes=3',
          'cluster.nodes=4',
          'objects.a.immutable=true',
          'timeline.0.at=2m',
          'kubelet.syncFrequency = 5s',
          'slos=["delay_p99_s < 90"]',
          'factors["cluster.podsPerNode"]=[1, 2]',
          'cluster.kubernetesVersion=1.30',
        ],
      });
      expect(spec.cluster).to.deep.include({ nodes: 4, kubernetesVersion: '1.30' });
      expect(spec.objects[0].immutable).to.equal(true);
      expect(spec.timeline[0].at).to.equal('2m');
      expect(spec.kubelet.syncFrequency).to.equal('5s');
      expect(spec.slos).to.deep.equal(['delay_p99_s < 90']);
      expect(spec.factors).to.deep.equal({ 'cluster.podsPerNode': [1, 2] });
    });

    it('reports a wrong path, form or value', async () => {
      expect(await message('cluster.nodez=3')).to.match(
        /^--set number 1: cluster has no such field; did you mean nodes\?/,
      );
      expect(await message('cluster.nodes')).to.include('expected PATH=VALUE');
      expect(await message('=3')).to.include('expected PATH=VALUE');
      expect(await message('cluster.nodes=0')).to.equal(
        '--set cluster.nodes: spec.cluster.nodes: found a number: allowed: 1 to 1000000 (no cluster of more nodes is known)',
      );
      expect(await message('cluster.nodes=')).to.include('spec.cluster.nodes: expected a whole number');
      expect(await message('cluster.nodes=[1')).to.include('not valid YAML or JSON');
      expect(await message('metadata.name=x')).to.include('spec has no such field');
      expect(await message('__proto__.x=1')).to.include('spec has no such field');
      expect(await message('objects.kube-root-ca.crt.size=1')).to.include('objects has no such item');
      expect(await message('objects["kube-root-ca.crt"].size=1')).to.include('added by serviceAccountMaterial');
    });
  });

  it('--seed, --replications and --samples replace what the file says', async () => {
    const { spec, seed, replications, scenarios } = await files.load(base, {
      seed: '042',
      replications: 3,
      samples: 5,
    });
    expect([seed, replications]).to.deep.equal(['042', 3]);
    expect(spec).to.deep.include({ seed: '042', replications: 3 });
    expect(scenarios[0].input).to.deep.include({ seed: '042', samples: 5 });
    expect((await files.problems(base, { seed: '' }))[0]).to.include('--seed: spec.seed: ');
    expect((await files.problems(base, { replications: 0 }))[0]).to.include('--replications: spec.replications: ');
    expect((await files.problems(base, { replications: NaN }))[0]).to.include('--replications: spec.replications: ');
    expect((await files.problems(base, { samples: 0 }))[0]).to.include('--samples: expected none, all or');
  });
});
