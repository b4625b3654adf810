import { expect } from 'chai';
import { Workplace } from './command.js';

/** An experiment with all that an answer is made of: rotations, a threshold, consumers that never see updates. */
function experimentText(more: string): string {
  return `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: small}
spec:
  replications: 2
  warmup: 2m
  duration: 5m
  cluster: {nodes: 5, podsPerNode: 4, namespaces: 2, deploymentReplicas: 4}
  objects:
    - {name: app-tls, kind: Secret, scope: deployment}
    - {name: fixed, kind: ConfigMap, scope: namespace, as: subPath}
  timeline:
    - {at: 30s, update: app-tls}
    - {at: 40s, update: fixed}
  factors:
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Get]
${more}`;
}

const SPEC = `  pipeline: {source: {refreshInterval: 1m}, application: {reloadInterval: 30s}}
  slos: ["last_pod_max_s < 1s", "delay_over_60s_share < 100%", "share(delay_p50_s < 1h) >= 1%"]
  output: {exceedances: [60s]}
`;

describe('run of a finished experiment', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
    await place.write('small.yaml', experimentText(SPEC));
  });
  after(() => place.remove());

  for (const output of ['table', 'json', 'csv'])
    it(`answers again as ${output}, byte for byte, verdict and exit code included`, async () => {
      const args = ['run', 'small.yaml', '--out', output, '-o', output, '--quiet'];
      const first = await place.call(args);
      expect([first.code, first.out.length > 500]).to.deep.equal([3, true]);
      const before = await place.result(output);
      const again = await place.call(args);
      expect(again.out).to.equal(first.out);
      expect(again.code).to.equal(3);
      expect(again.err).to.equal(
        `${output}: the results of this experiment are complete; --force computes them again\n${first.err}`,
      );
      expect(await place.result(output)).to.deep.equal(before);
    });

  it('answers from files for spreadsheets, and in another format', async () => {
    const first = await place.call(['run', 'small.yaml', '--out', 'excel', '-o', 'json', '--quiet']);
    const excel = ['run', 'small.yaml', '--out', 'excel', '--excel', '--quiet'];
    await place.call([...excel, '--force']);
    expect((await place.call([...excel, '-o', 'json'])).out).to.equal(first.out);
  });

  it('tells of a precision how it was reached', async () => {
    await place.write('precise.yaml', experimentText('  precision: {metric: delay_p99_s, relative: 20%, min: 3}\n'));
    const args = ['run', 'precise.yaml', '--out', 'precise', '--quiet'];
    const first = await place.call(args);
    expect(first.out).to.contain('Precision 20 % of delay_p99_s reached');
    expect((await place.call(args)).out).to.equal(first.out);
  });

  it('judges by SLOs that were not asked for at first: they change no run', async () => {
    const args = ['run', 'small.yaml', '--out', 'later', '--quiet', '--set'];
    expect((await place.call([...args, 'slos=[last_pod_max_s < 1h]'])).code).to.equal(0);
    const strict = await place.call([...args, 'slos=[last_pod_max_s < 1s]']);
    expect(strict.code).to.equal(3);
    expect(strict.out).to.match(/SLO last_pod_max_s < 1s .*missed .*worst of 2 replications; missed in 2 of 2/);
  });

  it('refuses to answer from files that were changed', async () => {
    const args = ['run', 'small.yaml', '--out', 'changed', '--quiet'];
    await place.call(args);
    await place.write('changed/runs.csv', (await place.read('changed/runs.csv')).replace(/\n.*\n/, '\n'));
    const { code, out, err } = await place.call(args);
    expect([code, out]).to.deep.equal([2, '']);
    expect(err).to.contain('changed/runs.csv: is not the file that its manifest.json tells of');
  });
});
