import { expect } from 'chai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { experimentWith, TemporaryFiles } from './temporary-files.js';

describe('a bad experiment file', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());
  const problems = (spec: string): Promise<string[]> => files.problems(experimentWith(spec));

  it('gets every problem reported with file, line, column and path', async () => {
    const found = await problems('seed: ""\ncluster:\n  nodez: 3\n  podsPerNode: 2.5\nslos: [foo]');
    expect(found.map((problem) => problem.split(': ').slice(0, 2).join(' '))).to.deep.equal([
      'experiment.yaml:5:9 spec.seed',
      'experiment.yaml:7:5 spec.cluster',
      'experiment.yaml:8:18 spec.cluster.podsPerNode',
      'experiment.yaml:9:10 spec.slos.0',
    ]);
  });

  describe('fields', () => {
    it('that are misspelt are met with the nearest name and the allowed ones', async () => {
      const [problem] = await problems('kubelet:\n  syncFrequenzy: 5s');
      expect(problem).to.match(
        /^experiment\.yaml:6:5: spec\.kubelet: unknown field; did you mean syncFrequency\? \(known: syncFrequency, configMap/,
      );
    });

    it('in the wrong section are met with the right one', async () => {
      const [problem] = await problems('syncFrequency: 5s');
      expect(problem).to.include('unknown field; did you mean spec.kubelet.syncFrequency?');
    });

    it('at the top, in lists and in unions are checked, too', async () => {
      const found = await files.problems(
        `${experimentWith('objects: [{name: a, kind: Secret, scope: pod, sice: 1Ki}]')}status: {}\n`,
      );
      expect(found[0]).to.include('5:49: spec.objects.0: unknown field; did you mean size?');
      expect(found[1]).to.include('6:1: unknown field');
      expect((await problems('etcd: {watch: {p5: 1ms}}'))[0]).to.include(
        'spec.etcd.watch: unknown field; did you mean p50?',
      );
    });

    it('that are required and missing are named where they should be', async () => {
      const found = await problems('objects:\n- name: a');
      expect(found).to.deep.equal([
        'experiment.yaml:6:5: spec.objects.0.kind: found nothing: the field is required (allowed: Secret, ConfigMap, ClusterTrustBundle, PodCertificateRequest, SecretProviderClass)',
        'experiment.yaml:6:5: spec.objects.0.scope: found nothing: the field is required ' +
          '(allowed: cluster, namespace, deployment, node, pod)',
      ]);
      expect(await files.problems('spec: {}')).to.have.length(3);
    });

    it('called like the innards of an object are unknown fields', async () => {
      expect((await problems('constructor: {}'))[0]).to.include(':5:3: spec: unknown field');
      expect((await problems('__proto__: {seed: x}'))[0]).to.include(':5:3: spec: unknown field');
    });
  });

  describe('values', () => {
    const message = async (spec: string): Promise<string> => {
      const found = await problems(spec);
      expect(found, found.join('\n')).to.have.length(1);
      return found[0].replace(/^experiment\.yaml:\d+:\d+: /, '');
    };

    it('of the wrong type say what was found and what is expected', async () => {
      expect(await message('cluster: {nodes: ten}')).to.equal(
        'spec.cluster.nodes: expected a whole number, found text',
      );
      expect(await message('cluster: [1]')).to.equal('spec.cluster: expected a map of fields, found a list');
      expect(await message('cluster: {nodes: }')).to.equal(
        'spec.cluster.nodes: expected a whole number, found an empty value',
      );
      expect(await message('cluster: {nodes: .inf}')).to.equal(
        'spec.cluster.nodes: expected a whole number, found a number',
      );
      expect(await message('start: yes')).to.equal('spec.start: found text (allowed: steady, cold)');
      expect(await message('etcd: {watch: true}')).to.equal(
        'spec.etcd.watch: expected a duration such as 1ms, or a map of fields, found true',
      );
    });

    it('that are negative or absurd are refused with the reason', async () => {
      expect(await message('cluster: {nodes: 0}')).to.include('found a number: allowed: 1 to 1000000');
      expect(await message('cluster: {nodes: -3}')).to.include('found a number: allowed: 1 to 1000000');
      expect(await message('cluster: {nodes: 1000001}')).to.include('no cluster of more nodes is known');
      expect(await message('cluster: {podsPerNode: 1001}')).to.include('allowed: 1 to 1000');
      expect(await message('kubelet: {syncFrequency: 999ms}')).to.include('must be at least 1s');
      expect(await message('duration: 9601h')).to.include('must be at most 9600h');
      expect(await message('duration: 0s')).to.include('must be at least 1s');
      expect(await message('kubelet: {kubeAPIQPS: 0}')).to.include('allowed: 1 to');
      expect(await message('replications: 0')).to.include('allowed: 1 to 10000');
      expect(
        await message(
          'cluster: {nodes: 1000000, podsPerNode: 600}\nobjects: [{name: a, kind: Secret, scope: cluster}]',
        ),
      ).to.equal(
        'spec.objects: makes 1200000000 consumers (uses of an object by a pod); at most 1000000000 can be simulated',
      );
      expect(await message('cluster: {nodes: 1000000, podsPerNode: 100}\napiServer: {capacity: 4}')).to.equal(
        'spec.cluster: with kubelets that meet at the API servers makes 100000000 pods; at most 67108864 can be simulated',
      );
      expect(await message('duration: 9600h\noutput: {loadBin: 1s}')).to.include('rows per run in load.csv');
      expect(await message('precision: {metric: delay_p99, relative: 2%}')).to.include('did you mean delay_p99_s?');
      expect(await message('precision: {metric: p95(delay_p99), relative: 2%}')).to.include(
        'did you mean delay_p99_s?',
      );
      expect(await message('precision: {metric: max(delay_p99_s), relative: 2%}')).to.include(
        'the max of replications has no interval: take a quantile, such as p95(delay_p99_s)',
      );
      expect(await message('precision: {metric: p99(delay_p99_s), relative: 2%}')).to.include(
        'the interval of p99 takes 368 replications; precision.max is 200',
      );
      expect(await message('slos: ["p95(delay_p99_s) < 90s"]')).to.include('p95 of 10 replications leans on one');
      expect(await message('precision: {metric: delay_p99_s, relative: 0%}')).to.include('replications reaches 0%');
      expect(await message('precision: {metric: delay_p99_s, relative: 2%, max: 9}')).to.include(
        'is less than the 10 replications',
      );
      expect(await message('replications: 2\nprecision: {metric: delay_p99_s, relative: 2%}')).to.include(
        'judged from 3 replications on, found 2',
      );
      expect(await message('output: {exceedances: [60s, 1m]}')).to.include('spec.output.exceedances.1: occurs twice');
      expect(await message('output: {exceedances: [1500us]}')).to.include('finer than a millisecond');
      expect(await message('output: {exceedances: [60s]}\nslos: ["delay_over_61s_share < 0.1"]')).to.include(
        'did you mean delay_over_60s_share?',
      );
      expect(await message('precision: {metric: delay_over_60s_share, relative: 10%}')).to.include(
        'without its threshold in output.exceedances',
      );
    });

    it('that make sense one by one, but not together, are refused with both', async () => {
      expect(await message('kubelet: {syncFrequency: 10s, populatorLoopSleepPeriod: 1m}')).to.equal(
        'spec.kubelet.populatorLoopSleepPeriod: the two volume loops take up to 1m0.1s together, more than ' +
          "syncFrequency 10s: a sync's volumes would be read after the next sync",
      );
      expect(await message('kubelet: {syncFrequency: 1s, reconcilerLoopSleepPeriod: 901ms}')).to.include(
        'spec.kubelet.reconcilerLoopSleepPeriod: ',
      );
      await files.load(experimentWith('kubelet: {syncFrequency: 1s, reconcilerLoopSleepPeriod: 900ms}'));
      expect(await message('apiServer: {costs: {cpuUs: {getQuorum: {at1KiB: 1000, at64KiB: 500}}}}')).to.equal(
        'spec.apiServer.costs.cpuUs.getQuorum.at64KiB: must not be less than at1KiB 1000: a larger object does not ' +
          'cost less (is 500)',
      );
      expect(await message('apiServer: {costs: {cpuUs: {event: {at1KiB: 2000}}}}')).to.include(
        'spec.apiServer.costs.cpuUs.event.at64KiB: must not be less than at1KiB 2000',
      );
      expect(await message('apiServer: {capacity: 8, cores: 4}')).to.equal(
        'spec.apiServer.cores: must be at least capacity 8: requests cannot run on more cores than the machine has (is 4)',
      );
      expect(await message('apiServer: {outOfMemory: crash}')).to.equal(
        'spec.apiServer.outOfMemory: needs apiServer.memory, such as 64Gi: what a server runs out of',
      );
    });

    it('that are no durations say how one is written', async () => {
      expect(await message('warmup: 300')).to.equal('spec.warmup: expected a duration such as 5m, found a number');
      expect(await message('warmup: "300"')).to.include('the unit is missing');
      expect(await message('warmup: 1d')).to.include('Go has no days: write 24h');
      expect(await message('warmup: -5m')).to.include('a duration cannot be negative');
      expect(await message('drain: atuo')).to.include(', or auto');
    });

    it('of a size beyond what Kubernetes stores are refused', async () => {
      const object = (size: string): string => `objects: [{name: a, kind: Secret, scope: cluster, size: ${size}}]`;
      expect(await message(object('1.1Mi'))).to.include('not a whole number of bytes');
      expect(await message(object('2Mi'))).to.include('larger than 1048576 bytes (1Mi)');
      expect(await message(object('1048577'))).to.include('MaxSecretSize');
      expect(await message(object('4KB'))).to.include('did you mean k or Ki?');
      await files.load(experimentWith(object('1Mi')));
    });

    it('of an enumeration are met with the nearest and the allowed ones', async () => {
      expect(await message('kubelet: {configMapAndSecretChangeDetectionStrategy: watch}')).to.equal(
        'spec.kubelet.configMapAndSecretChangeDetectionStrategy: found text; did you mean Watch? ' +
          '(allowed: Watch, Cache, Get)',
      );
      expect(await message('preset: sig-500')).to.include('did you mean sig-5000?');
      expect(await message('cluster: {behaviours: {initialSync: watchlist}}')).to.include('did you mean watchList?');
    });

    it('of the capacity of an API server are cores, or the word unlimited', async () => {
      expect(await message('apiServer: {capacity: 0}')).to.include('found a number');
      expect(await message('apiServer: {capacity: plenty}')).to.include('unlimited');
      const { scenarios } = await files.load(experimentWith('apiServer: {capacity: 0.5}'));
      expect(scenarios[0].input.apiServer.capacity).to.equal(0.5);
    });

    it('of a release keep their digits, and are refused where unknown', async () => {
      const { spec } = await files.load(experimentWith('cluster: {kubernetesVersion: 1.30}'));
      expect(spec.cluster.kubernetesVersion).to.equal('1.30');
      expect(await message('cluster: {kubernetesVersion: 1.3}')).to.include('found a number (allowed: 1.20, ');
    });

    it('of latencies have a law', async () => {
      expect(await message('etcd: {watch: {p50: 1ms, p99: 7ms}}')).to.match(
        /^spec\.etcd\.watch: p99 7ms is more than 6\.64 times p50 1ms: .* shifted exponential law/,
      );
      expect(await message('etcd: {watch: {p50: 10ms}}')).to.equal('spec.etcd.watch: p99 5ms is less than p50 10ms');
      await files.load(experimentWith('etcd: {watch: 0s}'));
    });

    it('of kubelets fit their API servers', async () => {
      expect(await message('cluster: {kubernetesVersion: "1.30", kubeletVersion: "1.31"}')).to.include('is newer than');
      expect(await message('cluster: {kubernetesVersion: "1.30", kubeletVersion: "1.26"}')).to.include(
        '4 minor releases older',
      );
      await files.load(experimentWith('cluster: {kubernetesVersion: "1.30", kubeletVersion: "1.27"}'));
    });

    it('of classes are unique by name and fit their kind', async () => {
      const twice = '{name: a, kind: Secret, scope: pod}';
      expect(await message(`objects: [${twice}, ${twice}]`)).to.equal(
        'spec.objects.1.name: a class of this name is defined above',
      );
      expect(await message('objects: [{name: a, kind: ConfigMap, scope: pod, as: imagePullSecret}]')).to.include(
        'a ConfigMap cannot be an imagePullSecret',
      );
      expect(await message('objects: [{name: a, kind: Secret, scope: pod, as: env, image: private}]')).to.equal(
        'spec.objects.0.image: images are pulled with as: imagePullSecret',
      );
    });

    it('of names stay within one directory', async () => {
      const named = (name: string): Promise<string[]> =>
        files.problems(`apiVersion: secretsim/v1\nkind: Experiment\nmetadata: {name: ${name}}\n`);
      expect((await named('../x'))[0]).to.include('a name has no slashes');
      expect((await named('..'))[0]).to.include('is the name of a directory');
      expect((await named('" "'))[0]).to.include('a name must not be empty');
      expect((await named('"a\\nb"'))[0]).to.include('no control characters');
    });
  });

  describe('the file itself', () => {
    it('may be missing, a directory, empty, binary or not UTF-8', async () => {
      mkdirSync(join(files.directory, 'folder'));
      const at = (name: string): string => join(files.directory, name);
      expect(await files.problemsOf([at('nowhere.yaml')])).to.deep.equal(['nowhere.yaml: no such file']);
      expect(await files.problemsOf([at('folder')])).to.deep.equal(['folder: is a directory, not an experiment file']);
      expect(await files.problems('')).to.deep.equal([
        'experiment.yaml: is empty; secretsim init writes an example experiment',
      ]);
      expect((await files.problems('# nothing\n'))[0]).to.include('is empty');
      expect((await files.problems(Uint8Array.of(1, 0, 2)))[0]).to.include('is a binary file');
      expect((await files.problems(Uint8Array.of(0x61, 0xff)))[0]).to.include('is not UTF-8 text');
      expect((await files.problems('a'.repeat(5_000_000)))[0]).to.include('too large for an experiment file');
      expect(await files.problemsOf([])).to.deep.equal(['no experiment file is given']);
    });

    it('may have wrong syntax', async () => {
      expect((await problems('objects: [1, 2'))[0]).to.match(/^experiment\.yaml:\d+:\d+: not valid YAML or JSON: /);
      expect(await problems('seed: a\nseed: b')).to.deep.equal(['experiment.yaml:6:3: this field is given twice']);
      expect((await files.problems(`${experimentWith('seed: a')}---\n${experimentWith('seed: b')}`))[0]).to.include(
        'a second YAML document begins here',
      );
      expect((await files.problems('{"apiVersion": "secretsim/v1", '))[0]).to.include('not valid YAML or JSON');
      expect((await problems('seed: *nobody'))[0]).to.include('no anchor of this name stands before this alias');
      expect((await problems('cluster: &c {nodes: *c}'))[0]).to.include('contains itself through an alias');
      expect((await problems('seed: !secret a'))[0]).to.include('not valid YAML or JSON');
      expect((await problems('? [a]\n: b'))[0]).to.include('a field name must be plain text');
      expect((await files.problems('['.repeat(100_000)))[0]).to.match(/nested too deeply|not valid YAML/);
    });

    it('refuses half of a character, which no file could hold', async () => {
      for (const text of [String.raw`{"objects": [{"name": "s\ud800x"}]}`, String.raw`{"s\udc00x": 1}`]) {
        const [message] = await files.problems(text);
        expect(message).to.match(/^experiment\.yaml:1:\d+: .*half of a character/);
      }
    });

    it('may be something else', async () => {
      expect((await files.problems('<html><body>Not found</body></html>'))[0]).to.include(
        'expected the fields apiVersion, kind, metadata and spec',
      );
      expect((await files.problems('apiVersion: v1\nkind: List\nitems: []\n'))[0]).to.include(
        'secretsim import --cluster FILE',
      );
      expect((await files.problems('kind: KubeletConfiguration\n'))[0]).to.include('secretsim import --kubelet FILE');
      expect((await files.problems('apiVersion: secretsim/v2\nkind: Experiment\nmetadata: {name: a}\n'))[0]).to.include(
        'apiVersion: found text; did you mean secretsim/v1? (allowed: secretsim/v1)',
      );
    });

    it('cannot be blown up by aliases', async () => {
      const levels = ['a: &l0 [x, x, x, x, x, x, x, x, x]'];
      for (let level = 1; level < 9; level++) {
        levels.push(`b${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}]`);
      }
      expect((await files.problems(levels.join('\n')))[0]).to.include('repeat too many parts');
    });
  });

  describe('the timeline', () => {
    const entry = async (text: string, cluster = ''): Promise<string> => {
      const found = await problems(
        `duration: 10m\nobjects: [{name: ca-bundle, kind: Secret, scope: cluster}]\ntimeline: [{${text}}]\n` +
          `cluster: {${cluster}}`,
      );
      expect(found, found.join('\n')).to.have.length(1);
      return found[0].replace(/^experiment\.yaml:7:\d+: spec\.timeline\.0/, '');
    };

    it('acts on objects that exist', async () => {
      expect(await entry('at: 1m, update: ca-bundel')).to.equal(
        '.update: no class of objects has this name; did you mean ca-bundle?',
      );
      expect(await entry('at: 1m, delete: ca-bundle, kind: ConfigMap')).to.equal(
        '.delete: is the name of a Secret, not of a ConfigMap',
      );
    });

    it('has one action and one kind of time in each entry', async () => {
      expect(await entry('at: 1m')).to.include('exactly one action, this has no action');
      expect(await entry('at: 1m, update: ca-bundle, delete: ca-bundle')).to.include('2 actions (update, delete)');
      expect(await entry('update: ca-bundle')).to.include('either at or every, this has neither');
      expect(await entry('at: 1m, every: 1m, update: ca-bundle')).to.include('either at or every, this has both');
      expect(await entry('at: 1m, until: 2m, update: ca-bundle')).to.include('.until: belongs to every, not to at');
      expect(await entry('at: 1m, rate: 1/s, annotatePods: {}')).to.include('.rate: belongs to actions on objects');
    });

    it('stays within the measured period', async () => {
      expect(await entry('at: 10m, update: ca-bundle')).to.equal(
        '.at: 10m is not before the end of the measured period (spec.duration 10m)',
      );
      expect(await entry('every: 1m, until: 11m, update: ca-bundle')).to.include('.until: 11m is after the end');
      expect(await entry('every: 1m, from: 5m, until: 4m, update: ca-bundle')).to.include('4m is before from 5m');
      expect(await entry('every: 1m, jitter: 61s, update: ca-bundle')).to.include('.jitter: must not be longer');
    });

    it('replaces objects that exist', async () => {
      expect(await entry('at: 1m, replace: ca-bundel, by: newName')).to.include(
        '.replace: no class of objects has this name; did you mean ca-bundle?',
      );
      expect(await entry('at: 1m, replace: ca-bundle, kind: ConfigMap')).to.include(
        'is the name of a Secret, not of a ConfigMap',
      );
      expect(await entry('at: 1m, replace: ca-bundle, by: newname')).to.equal(
        '.by: found text; did you mean newName? (allowed: inPlace, newName, recreate, recreateAll)',
      );
    });

    it('rolls out and scales the consumers of objects that exist', async () => {
      expect(await entry('at: 1m, rollout: {consumersOf: ca-bundel}')).to.include(
        '.rollout.consumersOf: no class of objects has this name; did you mean ca-bundle?',
      );
      expect(await entry('at: 1m, scale: {consumersOf: ca-bundle, replicas: 0}, kind: ConfigMap')).to.include(
        '.scale.consumersOf: is the name of a Secret, not of a ConfigMap',
      );
      expect(await entry('at: 1m, scale: {deployments: 50%}')).to.include('.scale.replicas');
      expect(await entry('at: 1m, scale: {replicas: 1.5}')).to.include('.scale.replicas');
      expect(await entry('at: 1m, scale: {replicas: 31}')).to.equal(
        '.scale.replicas: 31 replicas, but a deployment has 30 at the start, at most (spec.cluster): more is not modelled',
      );
    });

    it('drains no more nodes than leave one that takes the pods', async () => {
      expect(await entry('at: 1m, drain: {nodes: 100%}')).to.include('would be cordoned at once');
      expect(await entry('at: 1m, drain: {nodes: 5000, rate: 100/s}')).to.include('would be cordoned at once');
      expect(await entry('every: 1m, drain: {nodes: 20%}')).to.match(
        /^\.drain: with the drains before it, all \d+ nodes would at 4m be cordoned at once/,
      );
      expect(await entry('at: 1m, drain: {nodes: 1}, rate: 1/m')).to.equal(
        '.rate: belongs to actions on objects, not to drain: write drain: {rate: …}',
      );
    });

    it('has no fields that belong to another action', async () => {
      expect(await entry('at: 1m, by: recreate, update: ca-bundle')).to.equal('.by: belongs to replace, not to update');
      expect(await entry('at: 1m, rate: 5/s, rotateEncryptionKey: {}')).to.equal(
        '.rate: belongs to actions on objects, not to rotateEncryptionKey',
      );
      expect(await entry('at: 1m, order: random, churnPods: 3')).to.include('.order: belongs to actions on objects');
      expect(await entry('at: 1m, rollout: {nodes: 3}')).to.include('.rollout.nodes: unknown field');
    });

    it('rotates the encryption key as its servers can', async () => {
      const rotation = (cluster: string, fields: string): Promise<string> =>
        entry(`at: 1m, rotateEncryptionKey: {${fields}}`, cluster);
      expect(await rotation('kubernetesVersion: "1.25"', 'mode: reload')).to.equal(
        '.rotateEncryptionKey.mode: API servers reload from 1.26 on, these are of 1.25: write mode: restart',
      );
      expect(await rotation('kubernetesVersion: "1.29"', 'rewrite: storageVersionMigration')).to.include(
        '.rewrite: the controller is there from 1.30 on, the API servers are of 1.29: write rewrite: kubectl',
      );
      expect(await rotation('apiServers: 3', 'firstRound: false')).to.include('only one server may leave it out');
      expect(await rotation('apiServers: 1', 'mode: reload, restarts: false')).to.include('leave out either');
    });

    it('writes shares as percentages or numbers up to 1', async () => {
      expect(await entry('at: 1m, rollout: {deployments: 101%}')).to.equal(
        '.rollout.deployments: found text: more than the whole, 100%',
      );
      expect(await entry('at: 1m, rollout: {deployments: 25}')).to.equal(
        '.rollout.deployments: found a number: allowed: 0 to 1 (a share: 0.25 is a quarter)',
      );
      expect(await entry('at: 1m, restartKubelet: {nodes: 10 %}')).to.include('a share is written as 25% or 0.25');
      expect(await entry('at: 1m, restartKubelet: {nodes: -1%}')).to.include('a share is written as 25% or 0.25');
    });

    it('keeps a rollout possible, and takes no share for a number of pods', async () => {
      expect(await entry('at: 1m, rollout: {maxUnavailable: 0%, maxSurge: 0}')).to.equal(
        '.rollout.maxUnavailable: must not be 0 when maxSurge is 0, or no pod could be replaced',
      );
      expect(await entry('at: 1m, rollout: {maxSurge: 1}')).to.equal(
        '.rollout.maxSurge: is a share here, and one pod in a Deployment: write 100% if all are meant',
      );
    });

    it('restarts servers that exist', async () => {
      expect(await entry('at: 1m, restartApiServer: {servers: 4}')).to.equal(
        '.restartApiServer.servers: 4 of 3 API servers (spec.cluster.apiServers)',
      );
      expect(await entry('at: 1m, restartApiServer: {servers: 0}')).to.include('allowed: 1 to 100');
      expect(await entry('at: 1m, restartApiServer: {servers: each}')).to.include(
        '.restartApiServer.servers: expected all, or a whole number',
      );
      expect(await entry('at: 1m, restartApiServer: {mode: Crash}')).to.include('did you mean crash?');
    });

    it('leaves one node, whatever comes and goes, and no more than a cluster may have', async () => {
      const small = async (timeline: string): Promise<string[]> =>
        problems(`duration: 10m\ncluster: {nodes: 10}\ntimeline: [${timeline}]`);
      expect(await small('{at: 2m, removeNodes: 10}')).to.deep.equal([
        'experiment.yaml:7:36: spec.timeline.0.removeNodes: 10 nodes are there at 2m, and one has to stay',
      ]);
      expect((await small('{every: 1m, from: 1m, removeNodes: 3}'))[0]).to.include('1 node is there at 4m');
      expect((await small('{at: 2m, removeNodes: 15}, {at: 3m, addNodes: 10}'))[0]).to.include('10 nodes are there');
      expect((await small('{every: 1m, addNodes: 100000}'))[0]).to.include('1000010 nodes come to be; at most 1000000');
      await files.load(
        experimentWith('cluster: {nodes: 10}\ntimeline: [{at: 3m, removeNodes: 15}, {at: 2m, addNodes: 6}]'),
      );
    });

    it('replaces no more pods than can be simulated', async () => {
      const huge = 'preset: own-5000\nduration: 9600h\ntimeline: [';
      expect((await problems(`${huge}{every: 1m, churnPods: 1000}]`))[0]).to.include(
        'spec.timeline: with all that is replaced makes 576150000 pods; at most 67108864 can be simulated',
      );
      expect((await problems(`${huge}{every: 1h, rollout: {deployments: 50%}}]`))[0]).to.include('720150000 pods');
      expect((await problems(`${huge}{every: 5h, replace: ca-bundle}]`))[0]).to.include('pods; at most');
    });

    it('has ids that are unique and no numbers', async () => {
      const found = await problems(
        'timeline:\n- {id: "1", at: 1m, annotatePods: {}}\n- {id: a, at: 1m, annotatePods: {}}\n- {id: a, at: 2m, annotatePods: {}}',
      );
      expect(found[0]).to.include('an id of digits could be taken for an index');
      expect(found[1]).to.include('this id is given twice');
    });

    it('does not repeat an entry beyond all measure', async () => {
      const found = await problems('duration: 24h\ntimeline: [{every: 1ms, annotatePods: {}}]');
      expect(found[0]).to.include('would happen 86400001 times; at most 1000000 are allowed');
    });
  });
});
