import { expect } from 'chai';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash } from '../timeline-actions.js';
import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../../../src/cluster/model/costs.js';

const PODS = 100;

const run = (secrets: number, scenario: Scenario = {}): RunRecord =>
  simulate(
    inputOf({
      release: '1.33',
      strategy: 'Cache',
      nodes: 10,
      podsPerNode: PODS / 10,
      apiServers: 3,
      duration: 300,
      classes: [objectClass('own', { scope: 'pod' }), objectClass('config', { kind: 'ConfigMap' })],
      apiServer: { capacity: 8 },
      clusterWatchers: { secrets, configMaps: 0 },
      ...scenario,
    }),
    1,
  );

const of = ({ load }: RunRecord, column: string): number[] =>
  Array.from(load.values).filter((_, i) => load.columns[i % load.columns.length] === column);
const sumOf = (record: RunRecord, column: string): number => of(record, column).reduce((sum, value) => sum + value, 0);

describe('controllers that watch all Secrets', () => {
  it('are each sent every event of a Secret, and none of a ConfigMap', () => {
    const timeline = [change('update', 'own', 60, { ratePerS: 10 }), change('update', 'config', 60)];
    for (const watchers of [0, 1, 7]) {
      const { metrics } = run(watchers, { timeline });
      expect((metrics.watch_events_per_s ?? NaN) * 300, `${watchers} of them`).to.be.closeTo(watchers * PODS, 1e-6);
      expect(metrics.watches_open_max).to.equal(watchers);
    }
  });

  it('count in the seats of a write: with a hundred at its server it keeps ten, with none one', () => {
    const timeline = [change('update', 'own', 60)];
    // One pod, which watches: its kubelet asks for a seat at a time.
    const one: Scenario = { strategy: 'Watch', nodes: 1, podsPerNode: 1, apiServers: 1, timeline };
    const seats = (watchers: number): number => Math.max(...of(run(watchers, one), 'seats'));
    expect(seats(0)).to.equal(1);
    expect(seats(100)).to.equal(10);
  });

  it('read all of them where the only server restarts, and watch on where another reaches back to what they know', () => {
    const restart = (apiServers: number, release: string): RunRecord =>
      run(6, { apiServers, release, timeline: [crash(60, 1, 5), change('update', 'own', 200)] });
    const alone = restart(1, '1.33');
    expect(sumOf(alone, 'list_secrets')).to.equal(6);
    expect(sumOf(restart(1, '1.36'), 'watch_secrets'), 'WatchList').to.equal(6);
    const others = restart(3, '1.33');
    expect(sumOf(others, 'list_secrets')).to.equal(0);
    expect(sumOf(others, 'watch_secrets')).to.be.within(1, 5);
    for (const { metrics } of [alone, others]) {
      expect(metrics.watches_open_max).to.equal(6);
      expect((metrics.watch_events_per_s ?? NaN) * 300, 'all are back for the update').to.be.closeTo(6 * PODS, 1e-6);
    }
  });

  for (const release of ['1.33', '1.36']) {
    it(`are sent every Secret, and its encoding is a server's work, where they read anew (${release})`, () => {
      const restarted = (watchers: number): RunRecord =>
        run(watchers, { apiServers: 1, release, timeline: [crash(60, 1, 5)] });
      const [without, few, many] = [0, 2, 7].map(restarted);
      const whole = PODS * (1024 + OBJECT_OVERHEAD_BYTES);
      const { costs } = inputOf({}).apiServer;
      const cpuS = (costs.watch + PODS * cpuNs(costs.event, 1024 + OBJECT_OVERHEAD_BYTES)) / 1e9;
      for (const [record, watchers] of [
        [few, 2],
        [many, 7],
      ] as const) {
        expect(sumOf(record, 'bytes_sent') - sumOf(without, 'bytes_sent')).to.be.closeTo(watchers * whole, 1e-6);
        expect(sumOf(record, 'cpu_s') - sumOf(without, 'cpu_s')).to.be.closeTo(watchers * cpuS, 1e-6);
      }
    });
  }
});
