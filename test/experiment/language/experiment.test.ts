import { expect } from 'chai';
import { EXAMPLE_EXPERIMENT } from '../../../src/experiment/language/example.js';
import { clusterSize } from '../../../src/experiment/language/cluster-size.js';
import { sloOf } from '../fakes.js';
import { experimentWith, TemporaryFiles } from '../temporary-files.js';

describe('an experiment', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());

  it('has a default for every field of spec', async () => {
    const { name, scenarios, factorPaths, replications, seed, spec } = await files.load(
      'apiVersion: secretsim/v1\nkind: Experiment\nmetadata: {name: test}\n',
    );
    expect({ name, factorPaths, replications, seed }).to.deep.equal({
      name: 'test',
      factorPaths: [],
      replications: 10,
      seed: '1',
    });
    expect(scenarios).to.have.length(1);
    expect(scenarios[0]).to.deep.include({ index: 0, name: 'base', factors: {} });
    expect(spec.cluster).to.deep.equal({
      kubernetesVersion: '1.37',
      kubeletVersion: '1.37',
      serviceAccountMaterial: 'auto',
      nodes: 5000,
      podsPerNode: 30,
      namespaces: 100,
      deploymentReplicas: 30,
      apiServers: 3,
      behaviours: {},
    });
    expect(spec.kubelet).to.deep.include({ kubeAPIQPS: 50, kubeAPIBurst: 100, syncFrequency: '1m', nodeTTL: 'auto' });
    expect(spec.output).to.deep.equal({ loadBin: '10s' });
  });

  it('calls its first scenario by the name of the baseline', async () => {
    const factors = 'factors: {cluster.nodes: [3, 4]}';
    const { scenarios } = await files.load(experimentWith(`baseline: now\n${factors}`));
    expect(scenarios.map(({ name }) => name)).to.deep.equal(['now (nodes=3)', 'nodes=4']);
    expect((await files.load(experimentWith('baseline: now'))).scenarios[0].name).to.equal('now');
    expect((await files.problems(experimentWith('factors: {baseline: [a, b]}')))[0]).to.include(
      'for the whole experiment',
    );
    const named = await files.load(experimentWith(`names: [small, large]\n${factors}`));
    expect(named.scenarios.map(({ name }) => name)).to.deep.equal(['small', 'large']);
    expect((await files.problems(experimentWith(`names: [one]\n${factors}`)))[0]).to.include(
      '5:10: spec.names: names 1 scenarios, and there are 2',
    );
    expect((await files.problems(experimentWith(`names: [a, a]\n${factors}`)))[0]).to.include('the same name');
    const sample = 'design: {kind: lhs}\nfactors: {cluster.nodes: {from: 1, to: 9}}';
    expect((await files.problems(experimentWith(`baseline: now\n${sample}`)))[0]).to.include(
      'spec.baseline: names the first scenario of a factorial, and this is a sample',
    );
  });

  it('becomes the input of the model: whole microseconds, bytes and switches', async () => {
    const { scenarios } = await files.load(
      experimentWith(
        `seed: 007
start: cold
warmup: 90s
duration: 2h
drain: 1m
cluster: {kubernetesVersion: 1.30, kubeletVersion: "1.27", nodes: 10, behaviours: {idleStop: false, minWatchTimeout: 10m}}
kubelet: {syncFrequency: 5s, nodeTTL: 30s, syncTickerPeriod: 0s}
network: {roundTrip: 1ms}
apiServer: {write: {p50: 5ms}}
objects:
- {name: tls, kind: Secret, scope: pod, as: env, size: 12, immutable: true, optional: true, count: 2, podFraction: 0.5}
timeline:
- {at: 1m, update: tls, rate: 300/m, order: random}
- {every: 1m, from: 30s, until: 10m, jitter: 5s, annotatePods: }`,
      ),
    );
    const { input } = scenarios[0];
    expect(input).to.deep.include({
      seed: '007',
      start: 'cold',
      warmupUs: 90_000_000,
      durationUs: 7_200_000_000,
      drainUs: 60_000_000,
      loadBinUs: 20_000_000,
      samples: 'none',
    });
    expect(input.behaviours).to.deep.include({
      idleStop: false,
      minWatchTimeout: 600,
      cacheInvalidation: 'everySync',
      http2MaxStreams: 100,
    });
    expect(input.kubelet).to.deep.include({ syncFrequencyUs: 5_000_000, nodeTtl: 30_000_000, syncTickerPeriodUs: 0 });
    expect(input.network.roundTrip).to.deep.equal({ p50Us: 1000, p99Us: 1000 });
    expect(input.apiServer.write).to.deep.equal({ p50Us: 5000, p99Us: 26_000 });
    expect(input.apiServer.getFromCache).to.deep.equal({ p50Us: 680, p99Us: 1500 });
    expect(input.cluster).to.deep.include({ type: 'synthetic', nodes: 10, podsPerNode: 30 });
    expect(input.timeline).to.deep.equal([
      {
        firstUs: 60_000_000,
        everyUs: null,
        untilUs: 7_200_000_000,
        jitterUs: 0,
        action: 'update',
        target: 'tls',
        kind: null,
        ratePerS: 5,
        order: 'random',
      },
      {
        firstUs: 30_000_000,
        everyUs: 60_000_000,
        untilUs: 600_000_000,
        jitterUs: 5_000_000,
        action: 'annotatePods',
        fraction: 1,
      },
    ]);
    if (input.cluster.type !== 'synthetic') throw new Error('not synthetic');
    expect(input.cluster.classes[0]).to.deep.equal({
      name: 'tls',
      kind: 'Secret',
      scope: 'pod',
      count: 2,
      podFraction: 0.5,
      as: 'env',
      sizeBytes: 12,
      immutableShare: 1,
      optional: true,
    });
    expect(clusterSize(input.cluster)).to.deep.equal({ nodes: 10, pods: 300, objects: 700, consumers: 600 });
  });

  describe('the timeline', () => {
    const compiled = async (entries: string) => {
      const { scenarios } = await files.load(experimentWith(`preset: kind-3\ntimeline:\n${entries}`));
      return scenarios[0].input.timeline;
    };
    const at = (minutes: number) => ({
      firstUs: minutes * 60_000_000,
      everyUs: null,
      untilUs: 1_800_000_000,
      jitterUs: 0,
    });

    const allAtOnce = { consumersOf: null, kind: null, afterUs: 0, ratePerS: null };

    it('is compiled from the forms of the contract', async () => {
      const timeline = await compiled(`- {at: 3m, replace: app-tls, by: newName}
- {at: 5m, replace: app-tls, by: recreate, rate: 20/s, order: random}
- {at: 9m, rollout: {deployments: 100%, maxUnavailable: 25%}}
- {at: 10m, restartApiServer: {servers: all, stagger: 30s, downtime: 10s}}
- {at: 12m, restartKubelet: {nodes: 10%}}
- {at: 15m, rotateEncryptionKey: {rate: 50/s}}
- {at: 20m, addNodes: 100}
- {at: 21m, removeNodes: 10}
- {at: 22m, rollout: {consumersOf: app-tls, after: 5s, rate: 2/s}, kind: Secret}
- {at: 23m, scale: {replicas: 0}}
- {at: 24m, scale: {consumersOf: app-tls, deployments: 50%, replicas: 100%}}
- {at: 25m, drain: {nodes: 10%, rate: 1/m, maxUnavailable: 25%, cordoned: 2m}}
- {at: 26m, removeNodes: {nodes: 2, pods: comeBack}}
- {at: 27m, replace: app-tls, by: recreateAll}
- {at: 28m, rotateEncryptionKey: {mode: reload, rewrite: storageVersionMigration}}
- {every: 1s, churnPods: 10}`);
      expect(timeline).to.deep.equal([
        { ...at(3), action: 'replace', target: 'app-tls', kind: null, by: 'newName', ratePerS: null, order: 'given' },
        { ...at(5), action: 'replace', target: 'app-tls', kind: null, by: 'recreate', ratePerS: 20, order: 'random' },
        { ...at(9), action: 'rollout', ...allAtOnce, deployments: 1, maxUnavailable: 0.25, maxSurge: 0.25 },
        {
          ...at(10),
          action: 'restartApiServer',
          servers: 'all',
          staggerUs: 30_000_000,
          downtimeUs: 10_000_000,
          mode: 'graceful',
        },
        { ...at(12), action: 'restartKubelet', nodes: 0.1 },
        { ...at(15), action: 'rotateEncryptionKey', ratePerS: 50, restarts: true },
        { ...at(20), action: 'addNodes', nodes: 100 },
        { ...at(21), action: 'removeNodes', nodes: 10, pods: 'leave' },
        {
          ...at(22),
          action: 'rollout',
          deployments: 1,
          consumersOf: 'app-tls',
          kind: 'Secret',
          afterUs: 5_000_000,
          ratePerS: 2,
          maxUnavailable: 0.25,
          maxSurge: 0.25,
        },
        { ...at(23), action: 'scale', deployments: 1, consumersOf: null, kind: null, replicas: { count: 0 } },
        { ...at(24), action: 'scale', deployments: 0.5, consumersOf: 'app-tls', kind: null, replicas: { share: 1 } },
        {
          ...at(25),
          action: 'drain',
          nodes: { share: 0.1 },
          ratePerS: 1 / 60,
          maxUnavailable: 0.25,
          cordonedUs: 120_000_000,
        },
        { ...at(26), action: 'removeNodes', nodes: 2, pods: 'comeBack' },
        {
          ...at(27),
          action: 'replace',
          target: 'app-tls',
          kind: null,
          by: 'recreateAll',
          ratePerS: null,
          order: 'given',
        },
        {
          ...at(28),
          action: 'rotateEncryptionKey',
          ratePerS: 50,
          restarts: true,
          reload: true,
          rewrite: 'storageVersionMigration',
        },
        { ...at(0), everyUs: 1_000_000, action: 'churnPods', pods: 10 },
      ]);
    });

    it('fills in what is left out', async () => {
      const timeline = await compiled(`- {at: 1m, replace: app-tls}
- {at: 2m, rollout: {deployments: 0.5, maxSurge: 12.5%}}
- {at: 3m, restartApiServer: }
- {at: 4m, restartApiServer: {servers: 1, mode: crash}}
- {at: 5m, restartKubelet: {}}
- {at: 6m, rotateEncryptionKey: {restarts: false}}`);
      expect(timeline[0]).to.deep.include({ by: 'newName' });
      expect(timeline[1]).to.deep.include({ deployments: 0.5, maxUnavailable: 0.25, maxSurge: 0.125 });
      expect(timeline[2]).to.deep.include({
        servers: 1,
        staggerUs: 30_000_000,
        downtimeUs: 10_000_000,
        mode: 'graceful',
      });
      expect(timeline[3]).to.deep.include({ servers: 1, mode: 'crash' });
      expect(timeline[4]).to.deep.include({ nodes: 1 });
      expect(timeline[5]).to.deep.include({ ratePerS: 50, restarts: false });
    });

    it('can be varied by factors', async () => {
      const { scenarios } = await files.load(
        experimentWith(
          'preset: kind-3\ntimeline: [{id: roll, at: 1m, rollout: {deployments: 10%}}]\n' +
            'factors:\n  timeline.roll.rollout.deployments: [10%, 0.5]\n  timeline.roll.rollout.maxSurge: [50%]',
        ),
      );
      expect(scenarios.map(({ input }) => input.timeline[0])).to.deep.equal(
        [0.1, 0.5].map((deployments) => ({
          ...at(1),
          action: 'rollout',
          ...allAtOnce,
          deployments,
          maxUnavailable: 0.25,
          maxSurge: 0.5,
        })),
      );
    });
  });

  it('keeps its resolved spec in a form that gives the same experiment again', async () => {
    const first = await files.load(EXAMPLE_EXPERIMENT);
    const document = {
      apiVersion: 'secretsim/v1',
      kind: 'Experiment',
      metadata: { name: first.name },
      spec: first.spec,
    };
    const second = await files.load(JSON.stringify(document));
    expect(second.hash).to.equal(first.hash);
    expect(second.spec).to.deep.equal(first.spec);
    expect(second.scenarios).to.deep.equal(first.scenarios);
  });

  it('takes the default client limits of the kubelet from its release', async () => {
    const { spec } = await files.load(experimentWith('cluster: {kubernetesVersion: "1.27", kubeletVersion: "1.26"}'));
    expect(spec.kubelet).to.deep.include({ kubeAPIQPS: 5, kubeAPIBurst: 10 });
  });

  it('takes sections without content as empty', async () => {
    const { spec } = await files.load(experimentWith('kubelet:\n  # syncFrequency: 5s\nobjects:\ntimeline:\nslos:'));
    expect(spec.kubelet.syncFrequency).to.equal('1m');
    expect(spec.objects).to.deep.equal([]);
  });

  it('may be JSON, indented with tabs', async () => {
    const { spec } = await files.load(
      '{\n\t"apiVersion": "secretsim/v1", "kind": "Experiment",\n\t"metadata": {"name": "test"},\n\t"spec": {"seed": "a"}\n}',
    );
    expect(spec.seed).to.equal('a');
  });

  it('may use anchors and aliases', async () => {
    const { spec } = await files.load(
      experimentWith('etcd: {watch: &latency {p50: 2ms, p99: 3ms}}\nnetwork: {roundTrip: *latency}'),
    );
    expect(spec.network.roundTrip).to.deep.equal({ p50: '2ms', p99: '3ms' });
  });

  it('is written by init, and says what it means', async () => {
    const { scenarios, slos, warnings } = await files.load(EXAMPLE_EXPERIMENT);
    expect(scenarios.map(({ name }) => name)).to.deep.equal(['strategy=Watch', 'strategy=Cache', 'strategy=Get']);
    expect(slos).to.deep.equal([sloOf('delay_p99_s < 95')]);
    expect(warnings).to.deep.equal([]);
  });

  describe('service-account material', () => {
    const classes = async (spec: string): Promise<string[]> => {
      const { cluster } = (await files.load(experimentWith(spec))).scenarios[0].input;
      return cluster.type === 'synthetic' ? cluster.classes.map(({ name, kind, as }) => `${name} ${kind} ${as}`) : [];
    };

    it('is a token Secret up to 1.20 and the root CA from 1.21', async () => {
      expect(await classes('cluster: {kubernetesVersion: "1.20"}')).to.deep.equal(['default-token Secret volume']);
      expect(await classes('cluster: {kubernetesVersion: "1.21"}')).to.deep.equal([
        'kube-root-ca.crt ConfigMap projected',
      ]);
    });

    it('follows the behaviour that is overridden', async () => {
      const spec = 'cluster: {behaviours: {serviceAccountMaterial: tokenSecret}}';
      expect(await classes(spec)).to.deep.equal(['default-token Secret volume']);
    });

    it('is left out on request, and where a class of that name is defined', async () => {
      expect(await classes('cluster: {serviceAccountMaterial: none}')).to.deep.equal([]);
      const own = 'objects: [{name: kube-root-ca.crt, kind: ConfigMap, scope: namespace}]';
      expect(await classes(own)).to.deep.equal(['kube-root-ca.crt ConfigMap volume']);
    });
  });

  describe('the hash', () => {
    const base =
      'cluster: {nodes: 10}\nobjects: [{name: a, kind: Secret, scope: pod}]\ntimeline: [{at: 1m, update: a}]';
    const hash = async (spec: string, options = {}): Promise<string> =>
      (await files.load(experimentWith(spec), options)).hash;

    it('is the same for the same experiment in other words', async () => {
      const same = base.replace('1m', '60s').replace('nodes: 10', 'podsPerNode: 30, nodes: 10');
      expect(await hash(same)).to.equal(await hash(`# a comment\n${base}`));
    });

    it('changes with everything that changes the results', async () => {
      const hashes = [
        await hash(base),
        await hash(base, { seed: '2' }),
        await hash(base, { replications: 3 }),
        await hash(base, { samples: 'all' }),
        await hash(base.replace('10', '11')),
        await hash(`${base}\nfactors: {cluster.nodes: [10]}`),
      ];
      expect(new Set(hashes).size).to.equal(hashes.length);
      expect(hashes[0]).to.match(/^[0-9a-f]{64}$/);
    });
  });

  describe('warnings', () => {
    it('say that an empty timeline gives no delay', async () => {
      const { warnings } = await files.load(experimentWith('preset: kind-3'));
      expect(warnings).to.deep.equal(['spec.timeline is empty: nothing is updated, so load is measured, but no delay']);
    });

    it('say which entries do nothing', async () => {
      const entries = [
        'rollout: {after: 3m}',
        'rollout: {deployments: 0%}',
        'drain: {nodes: 0%}',
        'drain: {nodes: 10%}',
        'drain: {nodes: 1, maxUnavailable: 0%, cordoned: 0s}',
        'rollout: {after: 1m}',
      ];
      const timeline = entries.map((entry) => `{at: 2m, ${entry}}`).join(', ');
      const { warnings } = await files.load(experimentWith(`preset: kind-3\nduration: 5m\ntimeline: [${timeline}]`));
      expect(warnings).to.deep.equal([
        'spec.timeline.0: the rollout begins 3m after its entry, which is not before the end of the measured period (5m)',
        'spec.timeline.3: 10% of 3 nodes is less than one: none is drained',
        'spec.timeline.4: maxUnavailable 0% is a disruption budget that lets no pod go: the drain never ends',
      ]);
    });

    it('say that a rate is too slow for the measured period', async () => {
      const { warnings } = await files.load(
        experimentWith('preset: kind-3\nduration: 5m\ntimeline: [{at: 4m, update: app-tls, rate: 1/m}]'),
      );
      expect(warnings).to.deep.equal([
        'spec.timeline.0: 10 objects at 1/m take 9m, but the measured period ends after 1m: the rest is left out',
      ]);
      const rewriting = await files.load(
        experimentWith('preset: kind-3\nduration: 5m\ntimeline: [{at: 4m, rotateEncryptionKey: {rate: 2/m}}]'),
      );
      const entries =
        '{at: 4m, rollout: {after: 30s, rate: 1/m}}, {at: 3m, drain: {nodes: 100%, rate: 1/m, cordoned: 1s}}';
      const others = await files.load(experimentWith(`preset: kind-3\nduration: 5m\ntimeline: [${entries}]`));
      expect(others.warnings).to.deep.equal([
        'spec.timeline.0: 10 deployments at 1/m take 9m, but the measured period ends after 30s: later ones count as far as the run goes on for pods that wait',
      ]);
      expect(rewriting.warnings[0]).to.include('spec.timeline.0: 10 objects at 2/m take 4m30s');
    });
  });
});
