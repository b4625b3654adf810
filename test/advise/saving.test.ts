import { expect } from 'chai';
import type { Advice } from '../../src/advise/advice.js';
import { adviceOn } from '../../src/advise/advise.js';
import { readDump, type Dump } from '../../src/advise/read-dump.js';
import { ASSUMED_SIZE_BYTES } from '../../src/import/assumed-size.js';
import type { RunMetrics } from '../../src/cluster/model/run-record.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import type { SpecInput } from '../../src/experiment/language/schema.js';
import { pod, secret } from '../import/kubernetes.js';
import { dumpOf } from './fixtures.js';
import { modelOf } from '../../src/validation/model.js';

const REAL = new URL('../../../experiments/imported-rotation/cluster.json.gz', import.meta.url).pathname;
/** The real cluster was set up in an hour: everything in it is young. */
const ANY_AGE = 0;
const SECONDS = 3600;

type Release = '1.20' | '1.28' | '1.33';

/** The same cluster with the advised objects immutable. */
function marked({ topology }: Dump, advice: Advice): TopologyFile {
  const names = new Set(
    advice.objects.filter(({ exclusion }) => exclusion === null).map(({ object }) => JSON.stringify(object)),
  );
  const objects = topology.objects.map((object) =>
    names.has(JSON.stringify(object)) ? { ...object, immutable: true as const } : object,
  );
  return { ...topology, objects };
}

describe('what marking objects immutable saves', () => {
  let dump: Dump;
  before(async () => {
    dump = await readDump([REAL], ASSUMED_SIZE_BYTES);
  });

  /** What two simulations of the real cluster save, without and with the marks. */
  function simulated(release: Release, advice: Advice, spec: SpecInput = {}): (metric: keyof RunMetrics) => number {
    const run = (topology: TopologyFile): RunMetrics => {
      const cluster = { topology: 'dump', kubernetesVersion: release, apiServers: 3 };
      return simulate(modelOf({ duration: `${SECONDS}s`, cluster, ...spec }, { topology }), 1).metrics;
    };
    const [before, after] = [run(dump.topology), run(marked(dump, advice))];
    return (metric) => (before[metric] ?? NaN) - (after[metric] ?? NaN);
  }

  for (const release of ['1.20', '1.28', '1.33'] as const) {
    it(`is the difference of two simulations of the real cluster, ${release}`, () => {
      const { saved, now } = adviceOn({ ...dump, releases: { kubernetesVersion: release } }, {}, ANY_AGE);
      const difference = simulated(
        release,
        adviceOn({ ...dump, releases: { kubernetesVersion: release } }, {}, ANY_AGE),
      );
      expect(saved.watches).to.be.within(700, now.watches - 1);
      expect(difference('watches_open_mean')).to.equal(saved.watches);
      expect(difference('watches_open_max')).to.equal(saved.watches);
      expect(difference('apiserver_memory_bytes')).to.be.closeTo(saved.memoryBytes, 1e-6 * saved.memoryBytes);
      // Renewals in a time t have a variance of about t σ²/μ³ each; σ/μ of U[1, 2) is 0.19. Four standard deviations.
      const renewals = saved.rewatchesPerS * SECONDS;
      const error = 4 * 0.193 * Math.sqrt(renewals);
      expect(difference('watch_per_s') * SECONDS).to.be.closeTo(renewals, error);
      const share = error / renewals;
      expect(difference('bookmarks_per_s')).to.be.closeTo(saved.bookmarksPerS, share * saved.bookmarksPerS);
      expect(difference('bytes_sent_per_s')).to.be.closeTo(saved.bytesPerS, share * saved.bytesPerS);
      expect(difference('apiserver_cpu_cores')).to.be.closeTo(saved.cpuCores, share * saved.cpuCores);
    });
  }

  for (const release of ['1.20', '1.33'] as const) {
    it(`is taken off the watches that a simulation holds, ${release}`, () => {
      const { now } = adviceOn({ ...dump, releases: { kubernetesVersion: release } }, {}, ANY_AGE);
      const cluster = { topology: 'dump', kubernetesVersion: release };
      const { metrics } = simulate(modelOf({ duration: '60s', cluster }, dump), 1);
      expect(metrics.watches_open_max).to.equal(now.watches);
    });
  }

  it('counts what pods hold open that cannot start: what they read, and from 1.21 on only that', async () => {
    const volume = { name: 'v', secret: { secretName: 'absent' } };
    const env = [{ valueFrom: { secretKeyRef: { name: 'read-for-env' } } }];
    const missing = [{ valueFrom: { secretKeyRef: { name: 'absent-too' } } }];
    const waiting = await dumpOf([
      ...['pull', 'pull-too', 'mounted', 'read-for-env'].map((name) => secret(name)),
      pod('runs', { nodeName: 'node-2' }),
      pod(
        'waits-for-volume',
        { volumes: [volume, { name: 'w', secret: { secretName: 'mounted' } }], imagePullSecrets: [{ name: 'pull' }] },
        {},
        'Pending',
      ),
      pod(
        'waits-for-variable',
        { containers: [{ env: [...env, ...missing] }], imagePullSecrets: [{ name: 'pull-too' }] },
        {},
        'Pending',
      ),
    ]);
    for (const [release, watches] of [
      ['1.20', 6],
      ['1.33', 5],
    ] as const) {
      const { now } = adviceOn({ ...waiting, releases: { kubernetesVersion: release } }, {}, ANY_AGE);
      const cluster = { topology: 'dump', kubernetesVersion: release };
      const spec: SpecInput = { warmup: '5m', duration: '20m', cluster };
      expect(simulate(modelOf(spec, waiting), 1).metrics.watches_open_max, release).to.equal(watches);
      expect(now.watches, release).to.equal(watches);
    }
  });

  it('is the height of the storm when all servers restart: watches lost, LISTs and their bytes', () => {
    const advice = adviceOn(dump, {}, ANY_AGE);
    const restart = { at: '1m', restartApiServer: { servers: 'all', stagger: '0s', downtime: '10s', mode: 'crash' } };
    const difference = simulated('1.20', advice, {
      duration: '5m',
      apiServer: { capacity: 4 },
      timeline: [restart] as SpecInput['timeline'],
    });
    expect(difference('watches_lost')).to.equal(advice.saved.watches);
    // Some may have to LIST twice.
    const sum = (rate: 'list_per_s' | 'bytes_sent_per_s'): number => Math.round(difference(rate) * 300);
    expect(sum('list_per_s')).to.be.within(advice.saved.watches, 1.5 * advice.saved.watches);
    expect(sum('bytes_sent_per_s')).to.be.within(advice.saved.stormBytes, 1.5 * advice.saved.stormBytes);
  });

  it('is nothing under Cache and Get, as in simulations: kubelets read immutable objects like others', () => {
    for (const strategy of ['Cache', 'Get'] as const) {
      const kubelet = { configMapAndSecretChangeDetectionStrategy: strategy };
      const underWatch = adviceOn(dump, {}, ANY_AGE);
      const advice = adviceOn(dump, kubelet, ANY_AGE);
      expect(advice.saved.watches).to.equal(0);
      expect(advice.underWatch.saved).to.equal(underWatch.saved.watches);
      const difference = simulated('1.20', underWatch, { kubelet, duration: '300s' });
      for (const metric of ['watches_open_max', 'get_per_s', 'bytes_sent_per_s', 'apiserver_memory_bytes'] as const) {
        expect(difference(metric), `${strategy} ${metric}`).to.equal(0);
      }
    }
  });
});
