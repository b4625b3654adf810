import { expect } from 'chai';
import { TemporaryFiles, experimentWith } from './temporary-files.js';

const BASE =
  'cluster: {nodes: 2}\nobjects: [{name: app-tls, kind: Secret, scope: deployment}, {name: roots, kind: ConfigMap, scope: namespace}]';
const ROTATE = 'timeline: [{at: 1m, rotateAtSource: app-tls}]';

describe('spec.operators', () => {
  const files = new TemporaryFiles();
  after(() => files.remove());

  const inputs = async (spec: string) =>
    (await files.load(experimentWith(`${BASE}\n${spec}`))).scenarios.map(({ input }) => input);
  /** Problems without their places. */
  const problems = async (spec: string) =>
    (await files.problems(experimentWith(`${BASE}\n${spec}`))).map((each) => each.slice(each.indexOf('spec.')));

  it('has the defaults of External Secrets Operator', async () => {
    const [{ operators }] = await inputs(`operators: {externalSecrets: {objects: app-tls}}\n${ROTATE}`);
    expect(operators?.externalSecrets).to.deep.equal({
      ...{ objects: 'app-tls', refreshIntervalUs: 3.6e9, concurrent: 1, qps: 50, burst: 100, groups: 1 },
    });
    expect(operators?.store.rateLimit).to.equal(null);
  });

  it('gives operators informers of all Secrets and all ConfigMaps, besides those of the cluster', async () => {
    const spec = 'operators: {externalSecrets: {objects: app-tls}, reloader: {}, trustManager: {objects: roots}}';
    const [{ clusterWatchers, operators }] = await inputs(spec);
    expect(operators?.informers).to.deep.equal({ secrets: 2, configMaps: 2 });
    expect(clusterWatchers).to.deep.equal({ secrets: 2, configMaps: 2 });
  });

  it('has Reloader restart what update and rotateAtSource change, where it is there', async () => {
    const timeline = 'timeline: [{at: 1m, update: roots}, {at: 2m, rotateAtSource: app-tls}, {at: 3m, delete: roots}]';
    const reloads = async (operators: string) =>
      (await inputs(`${operators}\n${timeline}`))[0].timeline.map((entry) => ('reloads' in entry ? entry.reloads : 0));
    expect(await reloads('operators: {reloader: {deployments: 50%}}')).to.deep.equal([0.5, 0.5, 0]);
    expect(await reloads('operators: {reloader: {enabled: false}}')).to.deep.equal([0, 0, 0]);
  });

  it('has certificates renewed by their own clock: notAfter − renewBefore, a third of the lifetime', async () => {
    const clock = async (more: string) =>
      (await inputs(`operators: {certManager: {objects: app-tls, firstRenewal: 5m, ${more}}}`))[0].timeline.map(
        (entry) => [entry.firstUs, entry.everyUs],
      );
    expect(await clock('duration: 90h')).to.deep.equal([[3e8, 60 * 3.6e9]]);
    expect(await clock('duration: 90h, renewBefore: 1h')).to.deep.equal([[3e8, 89 * 3.6e9]]);
  });

  it('renew certificates without an entry of the timeline, and nothing else', async () => {
    const warnings = async (operators: string) =>
      (await files.load(experimentWith(`${BASE}\noperators: ${operators}`))).warnings;
    expect(await warnings('{certManager: {objects: app-tls, firstRenewal: 5m}}')).to.deep.equal([]);
    expect((await warnings('{certManager: {objects: app-tls}}')).join()).to.contain('spec.timeline is empty');
  });

  it('have the copies of a bundle follow each change of the Secret that it is made from', async () => {
    const timeline = (more: string) =>
      `operators: {certManager: {objects: root, firstRenewal: 5m}, trustManager: {objects: roots${more}}}\n` +
      'timeline: [{at: 1m, update: root}, {at: 2m, update: app-tls}, {at: 3m, rotateAtSource: "ro*t", kind: Secret}]';
    const objects = `${BASE.slice(0, -1)}, {name: root, kind: Secret, scope: cluster}]`;
    const entries = async (more: string) =>
      (await files.load(experimentWith(`${objects}\n${timeline(more)}`))).scenarios[0].input.timeline.map((entry) => [
        entry.action,
        entry.firstUs / 60e6,
        'follows' in entry ? entry.follows : null,
      ]);
    const given = [
      ['update', 1, null],
      ['update', 2, null],
      ['rotateAtSource', 3, null],
      ['rotateAtSource', 5, null],
    ];
    expect(await entries('')).to.deep.equal(given);
    expect(await entries(', source: root')).to.deep.equal([
      ...given,
      ['rotateAtSource', 1, 0],
      ['rotateAtSource', 3, 2],
      ['rotateAtSource', 5, 3],
    ]);
    expect(await entries(', source: root, enabled: false')).to.deep.equal(given);
  });

  it('make a bundle from one Secret, whose copies nobody else changes', async () => {
    const wrong = (source: string, more = '') =>
      problems(`operators: {trustManager: {objects: roots, source: ${source}}}${more}`);
    const one = 'name one Secret: a class of scope cluster and count 1, or namespace/name';
    const at = 'spec.operators.trustManager.source';
    expect(await wrong('app-tls')).to.deep.equal([`${at}: is more than one Secret: ${one}`]);
    expect(await wrong('"a*"')).to.deep.equal([`${at}: is more than one Secret: ${one}`]);
    expect(await wrong('apptls')).to.deep.equal([`${at}: no class of objects has this name; did you mean app-tls?`]);
    const root = `${BASE.slice(0, -1)}, {name: root, kind: Secret, scope: cluster}]`;
    const copied = `${root}\noperators: {trustManager: {objects: roots, source: root}}\ntimeline: [{at: 1m, rotateAtSource: roots}]`;
    const found = await files.problems(experimentWith(copied));
    expect(found.join()).to.include(
      'spec.timeline.0.rotateAtSource: is a copy of root (operators.trustManager.source): change that',
    );
  });

  it('can be switched on and off by factors', async () => {
    const spec =
      'operators: {externalSecrets: {objects: app-tls}, vaultSecrets: {objects: app-tls}}\n' +
      'factors: {"operators.externalSecrets.enabled & operators.vaultSecrets.enabled": [[true, false], [false, true]]}';
    const made = await inputs(spec);
    expect(made.map(({ operators }) => operators?.vaultSecrets !== undefined)).to.deep.equal([false, true]);
  });

  it('are refused where two write one object, or one that is not there', async () => {
    expect(
      await problems('operators: {externalSecrets: {objects: app-tls}, certManager: {objects: "app-*"}}'),
    ).to.deep.equal([
      'spec.operators.certManager.objects: externalSecrets writes objects of the class app-tls, too: an object has one who writes it',
    ]);
    expect(await problems('operators: {externalSecrets: {objects: app-tsl}}')).to.deep.equal([
      'spec.operators.externalSecrets.objects: no class of objects has this name; did you mean app-tls?',
    ]);
    expect(await problems('operators: {vaultSecrets: {objects: roots}}')).to.deep.equal([
      'spec.operators.vaultSecrets.objects: is the name of a ConfigMap; vaultSecrets writes Secrets',
    ]);
  });

  it('are needed for what concerns them', async () => {
    expect(await problems('timeline: [{at: 1m, sourceOutage: 10m}, {at: 2m, restartOperator: {}}]')).to.deep.equal([
      'spec.timeline.0.sourceOutage: there are none: add spec.operators, such as {externalSecrets: {objects: app-tls}}',
      'spec.timeline.1.restartOperator: there are none: add spec.operators, such as {externalSecrets: {objects: app-tls}}',
    ]);
    expect(await problems('slos: ["source_delay_max_s < 60"]')).to.deep.equal([
      'spec.slos.0: is a metric of operators, and there is no spec.operators',
    ]);
  });

  it('say what the CSI driver mounts, and that nobody but its store changes it', async () => {
    const mounts = (more: string): string =>
      `cluster: {nodes: 2}\nobjects: [{name: vaulted, kind: SecretProviderClass, scope: deployment${more}}]`;
    const wrong = async (spec: string) =>
      (await files.problems(experimentWith(spec))).map((each) => each.slice(each.indexOf('spec.')));
    expect(await wrong(mounts(''))).to.deep.equal([
      'spec.objects.0.kind: is mounted by the Secrets Store CSI driver: add operators: {secretsStore: {}}',
    ]);
    expect(await wrong(`${mounts(', as: env')}\noperators: {secretsStore: {}}`)).to.deep.equal([
      'spec.objects.0.as: a SecretProviderClass is a volume: write as: volume',
    ]);
    const updated = `${mounts('')}\noperators: {secretsStore: {}}\ntimeline: [{at: 1m, update: vaulted}]`;
    expect(await wrong(updated)).to.deep.equal([
      'spec.timeline.0.update: is in no API server: only rotateAtSource changes what pods mount of it',
    ]);
  });

  it('are the long form of the pipeline’s source, and check what the release has', async () => {
    expect(await problems('operators: {}\npipeline: {source: {refreshInterval: 1h}}')).to.deep.equal([
      'spec.pipeline.source: says in short what spec.operators says: leave out either',
    ]);
    const old = 'cluster: {nodes: 2, kubernetesVersion: "1.34"}\noperators: {pulledImages: {}}';
    expect((await files.problems(experimentWith(old))).join()).to.include(
      'spec.operators.pulledImages: kubelets check pulled images from 1.35 on, these are of 1.34',
    );
    expect(await problems('operators: {certManager: {objects: app-tls, duration: 2h, renewBefore: 3h}}')).to.deep.equal(
      [
        'spec.operators.certManager.renewBefore: must be less than duration 2h: else a certificate is due when it is issued',
      ],
    );
  });
});
