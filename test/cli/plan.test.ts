import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { mean, range } from 'd3-array';
import { join } from 'node:path';
import { nodesOf, simulate } from '../../src/cluster/run/simulate.js';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { Workplace } from './command.js';

const EXPERIMENT = `
apiVersion: secretsim/v1
kind: Experiment
metadata: {name: x}
spec:
  replications: 40
  warmup: 2m
  duration: 5m
  cluster: {nodes: 4, podsPerNode: 5, apiServers: 1}
  objects: [{name: own, kind: Secret, scope: pod}, {name: ca, kind: Secret, scope: cluster}]
  timeline: [{at: 10s, update: ca}]
  factors:
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Cache, Get]
    kubelet.syncFrequency: [10s, 20s, 30s, 40s, 50s, 60s, 70s, 80s, 90s, 100s]
`;
// Watch is ruled out, as it is where API servers hold too many watches already.
const SLO = ['--slo', 'delay_p99_s < 45', '--slo', 'watches_open_max < 10'];

/** Workers cost more than these runs. */
const QUIET = ['--quiet', '--workers', '1'];
const MEASURED = ['delay_p99_s', 'watches_open_max', 'apiserver_cpu_cores'] as const;

/** What a run of all settings tells of each: its metrics on average, without the files of so many runs. */
async function everySetting(path: string) {
  const { scenarios, replications } = await loadExperiment([path]);
  return scenarios.map(({ name, input }) => {
    const nodes = nodesOf(input);
    const runs = range(replications).map((r) => simulate(input, r + 1, { nodes }).metrics);
    const means = Object.fromEntries(MEASURED.map((metric) => [metric, mean(runs, (run) => run[metric] ?? NaN)]));
    return { name, means: means as Readonly<Record<(typeof MEASURED)[number], number>> };
  });
}

describe('plan', () => {
  let place: Workplace;
  before(async () => {
    place = await Workplace.make();
    await place.write('x.yaml', EXPERIMENT);
  });
  after(() => place.remove());

  it('finds the same setting as a run of all settings, in a tenth of the runs, and writes the experiment that proves it', async () => {
    const { code, out } = await place.call(['plan', 'x.yaml', ...SLO, '-f', 'best.yaml', '-o', 'json', ...QUIET]);
    expect(code).to.equal(0);
    const plan = JSON.parse(out) as { best: string; runs: number; all_runs: number };
    expect(plan.all_runs).to.equal(1200);
    expect(plan.runs).to.be.at.most(120);

    const all = await everySetting(join(place.path, 'x.yaml'));
    const feasible = all
      .filter(({ means }) => means.delay_p99_s < 45 && means.watches_open_max < 10)
      .toSorted((a, b) => a.means.apiserver_cpu_cores - b.means.apiserver_cpu_cores);
    expect(plan.best).to.equal(feasible[0].name);

    const proof = await place.call(['run', 'best.yaml', '--out', 'proof', ...QUIET]);
    expect(proof.code).to.equal(0);
    expect(proof.out).to.match(/SLO delay_p99_s < 45 .* passed/);
    const proven = parse<Record<string, string>>(await place.read('proof/summary.csv'), { columns: true });
    expect(Number(proven.find(({ metric }) => metric === 'delay_p99_s')?.['mean'])).to.be.closeTo(
      feasible[0].means.delay_p99_s,
      1e-6,
    );
  });

  it('recommends in words with its numbers, and shows the trade-off', async () => {
    const { code, out } = await place.run(['plan', 'x.yaml', ...SLO, '--replications', '4', ...QUIET]);
    expect(code).to.equal(0);
    expect(out).to.match(
      /^Take strategy=\w+ syncFrequency=\d+s: delay_p99_s [\d.]+ ± [\d.]+ \(< 45\), watches_open_max 0 at worst \(< 10\)\.$/m,
    );
    expect(out).to.match(/^\d+ runs; all settings in 4 replications take 120\./m);
    expect(out).to.match(/^strategy=.* ← take this$/m);
  });

  it('turns strategy and syncFrequency where nothing is named, and says what is closest where none is good enough', async () => {
    const plain = EXPERIMENT.slice(0, EXPERIMENT.indexOf('  factors:'));
    await place.write('plain.yaml', plain);
    const { code, out } = await place.call([
      'plan', 'plain.yaml', '--slo', 'last_pod_max_s < 5', '--replications', '3', ...QUIET,
    ]); // prettier-ignore
    expect(code).to.equal(3);
    expect(out).to.match(/^None of the 18 settings meets the SLOs\. Closest is strategy=\w+ syncFrequency=10s/);
  });

  it('finds how far a setting can grow', async () => {
    await place.write('plain.yaml', EXPERIMENT.slice(0, EXPERIMENT.indexOf('  factors:')));
    const { code, out } = await place.call([
      'plan', 'plain.yaml', '--slo', 'watches_open_max < 200', '--grow', 'cluster.nodes', '--replications', '2', '-o', 'csv', ...QUIET,
    ]); // prettier-ignore
    expect(code).to.equal(0);
    const rows = parse<Record<string, string>>(out, { columns: true });
    // Each node watches its pods' own Secrets, the one that all share and the CA's ConfigMaps of their namespaces: 7 to 10.
    const met = rows.filter((row) => row['meets_slos'] === 'yes').map((row) => Number(row['cluster.nodes']));
    const missed = rows.filter((row) => row['meets_slos'] === 'no').map((row) => Number(row['cluster.nodes']));
    expect(Math.max(...met)).to.equal(Math.min(...missed) - 1);
    expect(Math.max(...met)).to.be.within(20, 28);
  });

  it('finds a limit below the first value, with exit code 3, and how far a setting can shrink', async () => {
    await place.write('plain.yaml', EXPERIMENT.slice(0, EXPERIMENT.indexOf('  factors:')));
    const plan = (...more: readonly string[]) =>
      place.call(['plan', 'plain.yaml', '--replications', '2', ...QUIET, ...more]);
    const less = await plan('--slo', 'watches_open_max < 20', '--grow', 'cluster.nodes');
    expect(less.code).to.equal(3);
    expect(less.out).to.match(
      /^already cluster\.nodes = 4 misses an SLO: it can only be [23]; [34] misses watches_open_max < 20: \d+ \(worst of 2 replications; missed in \d of 2\)\.$/m,
    );
    const wanted = ['--slo', 'get_per_s < 2', '--set', 'kubelet.configMapAndSecretChangeDetectionStrategy=Get'];
    const down = await plan(...wanted, '--grow', 'kubelet.syncFrequency', '--from', '64s', '--down-to', '16s');
    expect([down.code, down.err]).to.deep.equal([0, '']);
    expect(down.out).to.match(/^kubelet\.syncFrequency can be as small as [\d.]+s; [\d.]+s misses get_per_s < 2: /m);
  });

  it('refuses an SLO that the timeline gives no value', async () => {
    await place.write('plain.yaml', EXPERIMENT.slice(0, EXPERIMENT.indexOf('  factors:')));
    for (const more of [['--grow', 'cluster.nodes'], []]) {
      const slo = ['--slo', 'watch_recovery_max_s < 60', '--replications', '2', '--quiet'];
      const { code, out, err } = await place.call(['plan', 'plain.yaml', ...slo, ...more]);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.contain('watch_recovery_max_s < 60: nothing here gives watch_recovery_max_s a value');
      expect(err).to.contain('restartApiServer');
    }
  });

  it('refuses what it cannot use with exit code 2, before anything is run', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['plan', 'x.yaml'], 'plan needs an SLO'],
      [['plan'], 'plan needs the FILE of an experiment'],
      [['plan', 'x.yaml', '--slo', 'delay_p99 < 60'], 'unknown metric; did you mean delay_p99_s?'],
      [['plan', 'x.yaml', ...SLO, '--knob', 'kubelet.syncFrequency'], 'expected PATH=[VALUE, …]'],
      [['plan', 'x.yaml', ...SLO, '--knob', 'kubelet.sync=[1s]'], 'kubelet has no such field'],
      [['plan', 'x.yaml', ...SLO, '--cost', 'money'], 'unknown metric (known'],
      [['plan', 'x.yaml', ...SLO, '--from', '3'], '--from, --up-to and --down-to belong to --grow'],
      [['plan', 'x.yaml', ...SLO, '--grow', 'cluster.nodes', '--from', '0'], '--from: expected a number above 0'],
      [['plan', 'x.yaml', ...SLO, '--grow', 'cluster.nodes', '--up-to', '2'], '--up-to: expected'],
      [['plan', 'x.yaml', ...SLO, '--grow', 'cluster.nodes', '--down-to', '9'], '--down-to: expected'],
      [['plan', 'x.yaml', '--slo', 'p99(delay_p99_s) < 60'], '--slo number 1: p99 of 40 replications'],
      [['plan', 'x.yaml', '--slo', 'delay_over_60s_share < 1%'], 'no such threshold in output.exceedances'],
      [['plan', 'x.yaml', ...SLO, '-f', 'x.yaml'], 'x.yaml: exists already'],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = await place.call(args);
      expect(err).to.contain(message).and.not.to.contain('    at ');
      expect([code, out]).to.deep.equal([2, '']);
    }
  });
});
