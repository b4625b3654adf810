import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { Workplace } from './command.js';

const experiment = (syncFrequency: string, seed: string): string => `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: x}
spec:
  seed: ${seed}
  replications: 4
  warmup: 1m
  duration: 2m
  cluster: {nodes: 5, podsPerNode: 4}
  kubelet: {syncFrequency: ${syncFrequency}}
  objects: [{name: ca, kind: Secret, scope: cluster}]
  timeline: [{at: 10s, update: ca}]
`;

describe('compare', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
    for (const [name, sync, seed] of [
      ['slow', '1m', 's'],
      ['fast', '20s', 's'],
      ['other', '20s', 't'],
    ]) {
      await place.write(`${name}.yaml`, experiment(sync, seed));
      expect((await place.call(['run', `${name}.yaml`, '--out', name, '--workers', '1', '--quiet'])).code).to.equal(0);
    }
  });
  after(() => place.remove());

  it('prints the metrics asked for most, with what differs in the settings', async () => {
    const { code, out, err } = await place.run(['compare', 'slow', 'fast']);
    expect(code).to.equal(0);
    expect(err).to.equal('');
    expect(out).to.contain('B less A over 4 replications, paired');
    expect(out).to.match(/^kubelet\.syncFrequency +"1m" +"20s"$/m);
    expect(out).to.match(/^A .*\n {3}every pod has the new keys by 91\.\d s \(bound\); worst seen \d\d\.\d s$/m);
    expect(out).to.match(
      /^METRIC[^\n]*\nlast_pod_bound_s +91\.\d +31\.\d .*\nlast_pod_max_s .* -\d\d\.\d ± [\d.]+ +-\d\d\.\d +yes$/m,
    );
  });

  it('prints all metrics for programs', async () => {
    const { out } = await place.call(['compare', 'slow', 'fast', '-o', 'csv']);
    const rows = parse<Record<string, string>>(out, { columns: true });
    expect(rows.map(({ metric }) => metric)).to.include.members(['updates', 'last_pod_max_s', 'watch_events_per_s']);
    const { out: json } = await place.call(['compare', 'slow', 'fast', '-o', 'json']);
    expect(JSON.parse(json)).to.include({ method: 'paired', common: 4 });
  });

  it('does not pair results of different seeds, and says so on standard error', async () => {
    const { code, out, err } = await place.call(['compare', 'slow', 'other']);
    expect(code).to.equal(0);
    expect(out).to.contain('not paired');
    expect(err).to.contain('the seeds differ: replications');
  });

  it('refuses what is no result with exit code 2', async () => {
    for (const args of [['slow'], ['slow', 'nowhere'], ['.', 'slow'], ['slow.yaml', 'slow']]) {
      const { code, out, err } = await place.call(['compare', ...args]);
      expect(code).to.equal(2);
      expect(out).to.equal('');
      expect(err).not.to.contain('internal error');
    }
  });
});
