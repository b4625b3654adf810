import { expect } from 'chai';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import type { RunMetrics } from '../../src/cluster/model/run-record.js';
import { RandomStream } from '../../src/sim/random.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';
import { drain } from './timeline-actions.js';

const run = (scenario: Scenario) => simulate(inputOf(scenario), 1);
const metricsOf = (scenario: Scenario): RunMetrics => run(scenario).metrics;

/** Mean time from a fetch to the first sync at least `ttl` s later, ticker on: brute force over many fetches. */
function cycleOf(ttl: number): number {
  const stream = RandomStream.fromSeed('cycle');
  let total = 0;
  for (let fetch = 0; fetch < 20000; fetch++) {
    let time = 0;
    for (let sync = 0; time < ttl; sync++) time += Math.ceil(60 + 30 * stream.uniform(fetch, 0, sync));
    total += time / 20000;
  }
  return total;
}

/** Number of requests in the measured period. */
const count = (scenario: Scenario, metric: 'get_per_s' | 'list_per_s' | 'watch_per_s' | 'quorum_reads_per_s'): number =>
  Math.round((metricsOf(scenario)[metric] ?? NaN) * (scenario.duration ?? 600));

describe('modes of consumption', () => {
  for (const as of ['env', 'subPath'] as const) {
    it(`${as} consumers are due and never see the update`, () => {
      const m = metricsOf({ classes: [objectClass('x', { as })], timeline: [change('update', 'x', 10)] });
      expect(m).to.include({ due: 10, never_projected: 10, projections: 0, delay_mean_s: null });
    });
  }

  it('imagePullSecrets are not due, but are read at every sync', () => {
    const scenario: Scenario = {
      strategy: 'Get',
      nodes: 100,
      duration: 1510,
      classes: [objectClass('x', { as: 'imagePullSecret' })],
      timeline: [change('update', 'x', 10)],
    };
    expect(metricsOf(scenario)).to.include({ updates: 1, due: 0, projections: 0 });
    expect(count(scenario, 'quorum_reads_per_s')).to.be.closeTo((100 * 1510) / 75.5, 30);
  });

  it('a subPath mount is never updated, but its volume is still read', () => {
    const scenario = { strategy: 'Get', nodes: 100, classes: [objectClass('x', { as: 'subPath' })] } as const;
    expect(count(scenario, 'get_per_s')).to.be.closeTo((100 * 600) / 75.5, 30);
  });

  it('env is read when a container starts and not again', () => {
    expect(count({ strategy: 'Get', classes: [objectClass('x', { as: 'env' })] }, 'get_per_s')).to.equal(0);
  });
});

describe('the Cache strategy by release', () => {
  const scenario: Scenario = {
    strategy: 'Cache',
    ttl: 300,
    nodes: 400,
    duration: 3000,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [change('update', 'own', 100, { everyUs: 500e6, jitterUs: 300e6 })],
  };

  it('honours the TTL at 1.21 and at 1.30', () => {
    for (const release of ['1.21', '1.30']) {
      const m = metricsOf({ ...scenario, release });
      expect(m.delay_p99_s).to.be.within(340, 391.3);
      expect(400 / (m.get_per_s ?? 0)).to.be.closeTo(335.6, 1);
      expect(m.quorum_reads_per_s).to.equal(0);
    }
  });

  it('makes a quorum read at every sync from 1.22 to 1.28, so that the TTL is moot', () => {
    for (const release of ['1.22', '1.28']) {
      const m = metricsOf({ ...scenario, release });
      expect(m.delay_max_s).to.be.below(91.3);
      expect(m.cache_delay_mean_s).to.equal(0);
      expect(400 / (m.get_per_s ?? 0)).to.be.closeTo(75.5, 0.5);
      expect(m.quorum_reads_per_s).to.equal(m.get_per_s);
    }
  });

  it('drops the cache when a pod is annotated up to 1.21, and keeps it at 1.30', () => {
    const touched: Scenario = {
      ...scenario,
      duration: 1000,
      timeline: [
        change('update', 'own', 100),
        { action: 'annotatePods', fraction: 1, firstUs: 110e6, everyUs: null, untilUs: Infinity, jitterUs: 0 },
      ],
    };
    expect(metricsOf({ ...touched, release: '1.21' }).delay_max_s).to.be.within(9.9, 10.5);
    expect(metricsOf({ ...touched, release: '1.30' }).delay_max_s).to.be.above(300);
  });

  it('takes the TTL from the node annotation, the TTL controller, or the default of 60 s', () => {
    const interval = (ttl: Scenario['ttl'], nodes: number): number =>
      nodes / (metricsOf({ ...scenario, release: '1.30', timeline: [], ttl: ttl ?? 'auto', nodes }).get_per_s ?? 0);
    expect(interval(600, 1000)).to.be.closeTo(cycleOf(600), 2);
    expect(interval('auto', 2001)).to.be.closeTo(335.6, 1);
    expect(interval('unset', 2001)).to.be.closeTo(75.5, 0.5);
    expect(interval('auto', 100)).to.be.closeTo(75.5, 0.5);
  });

  it('shares an entry between the pods of a node', () => {
    const shared: Scenario = { ...scenario, release: '1.30', timeline: [], nodes: 100, podsPerNode: 20 };
    const m = metricsOf({ ...shared, classes: [objectClass('node', { scope: 'node' })] });
    // Twenty readers: the next one comes 3.4 s after expiry on average.
    expect(100 / (m.get_per_s ?? 0)).to.be.within(301, 306);
  });
});

describe('annotating pods', () => {
  it('delivers an update at once and restarts the timer', () => {
    const { delay_max_s, due, projections } = metricsOf({
      nodes: 50,
      timeline: [
        { action: 'annotatePods', fraction: 1, firstUs: 100e6, everyUs: null, untilUs: Infinity, jitterUs: 0 },
        change('update', 'shared', 99),
        change('update', 'shared', 101),
      ],
    });
    expect(due).to.equal(100);
    expect(projections).to.equal(100);
    // The second update waits for the whole interval: at least 59 s.
    expect(delay_max_s).to.be.within(59, 91);
  });
});

describe('immutable objects', () => {
  const classes = [objectClass('own', { scope: 'pod', immutableShare: 1 })];

  it('are not watched, and answer updates with an error', () => {
    const m = metricsOf({ classes, timeline: [change('update', 'own', 10)] });
    expect(m).to.include({ watches_open_max: 0, updates: 0, updates_rejected: 10, due: 0 });
  });

  it('are polled all the same under Cache and Get', () => {
    for (const strategy of ['Cache', 'Get'] as const) {
      const common = { strategy, release: '1.30', nodes: 50 } as const;
      const mutable = metricsOf({ ...common, classes: [objectClass('own', { scope: 'pod' })] });
      expect(metricsOf({ ...common, classes }).get_per_s).to.equal(mutable.get_per_s);
    }
  });

  it('stay old under Watch after delete and recreate, and are renewed under Cache and Get', () => {
    const timeline = [change('delete', 'own', 10), change('recreate', 'own', 11)];
    expect(metricsOf({ classes, timeline })).to.include({ due: 10, never_projected: 10, projections: 0 });
    for (const strategy of ['Cache', 'Get'] as const) {
      expect(metricsOf({ classes, timeline, strategy })).to.include({ due: 10, never_projected: 0, projections: 10 });
    }
  });

  it('cost a LIST and a short WATCH per node at a cold start, and then nothing', () => {
    const scenario: Scenario = { start: 'cold', classes, nodes: 20, podsPerNode: 3, kubelet: {} };
    const input = { ...inputOf(scenario), warmupUs: 0 };
    const { metrics } = simulate(input, 1);
    expect((metrics.list_per_s ?? 0) * 600).to.be.closeTo(60, 1e-9);
    expect((metrics.watch_per_s ?? 0) * 600).to.be.closeTo(60, 1e-9);
    expect(metrics.watches_open_max).to.be.within(1, 60);
    expect(metrics.watches_open_mean).to.be.below(0.1);
  });

  it('lose their watch at the first read after they were marked, at most 91.2 s later', () => {
    const { load, metrics } = run({ nodes: 40, duration: 200, timeline: [change('markImmutable', 'shared', 50)] });
    const column = load.columns.indexOf('watches_open');
    const openAt = (bin: number): number =>
      [0, 1].reduce((sum, server) => sum + load.values[(server * load.bins + bin) * load.columns.length + column], 0);
    expect(openAt(4)).to.be.closeTo(40, 1e-9);
    expect(openAt(9)).to.be.within(1, 39);
    expect(openAt(15)).to.be.closeTo(0, 1e-9);
    expect(metrics.updates).to.equal(0);
  });

  it('are chosen by name, so that a larger share contains a smaller one', () => {
    const rejected = (share: number): number =>
      metricsOf({
        nodes: 100,
        classes: [objectClass('own', { scope: 'pod', immutableShare: share })],
        timeline: [change('update', 'own', 10)],
      }).updates_rejected ?? 0;
    expect([0, 0.25, 0.9, 1].map(rejected)).to.deep.equal([0, 25, 90, 100]);
  });
});

describe('deleted objects', () => {
  const timeline = [change('delete', 'shared', 100), change('recreate', 'shared', 400)];

  for (const strategy of STRATEGY_NAMES) {
    it(`leave the old files in a required volume under ${strategy}, which fails until the object is back`, () => {
      const m = metricsOf({ strategy, nodes: 30, timeline, ttl: 0 });
      expect(m).to.include({ updates: 1, due: 30, projections: 30, pending_at_end: 0 });
      expect(m.mount_failures).to.be.above(30 * 6);
      // Not the next sync, but the next retry of the volume: its back-off has grown to up to 122 s.
      expect(m.delay_max_s).to.be.within(20, 123);
    });
  }

  it('make no failures in an optional volume', () => {
    const classes = [objectClass('shared', { optional: true })];
    expect(metricsOf({ nodes: 30, classes, timeline })).to.include({ mount_failures: 0, due: 30, projections: 30 });
  });

  it('are never seen where an update was overtaken by the deletion', () => {
    const m = metricsOf({ nodes: 200, timeline: [change('update', 'shared', 100), change('delete', 'shared', 110)] });
    expect(m.due).to.equal(200);
    expect(m.projections).to.be.within(15, 45);
    expect(m.never_projected).to.equal(200 - (m.projections ?? 0));
  });
});

describe('overlapping updates', () => {
  it('complete together when the later one is projected, and count stale time once', () => {
    const timeline = [change('update', 'shared', 100), change('update', 'shared', 101)];
    const { metrics, samples } = run({ nodes: 500, timeline, pure: true, samples: 'all' });
    expect(metrics).to.include({ updates: 2, due: 1000, projections: 1000 });
    const reached = new Map<string, number[]>();
    samples?.pod.forEach((pod, i) => reached.set(pod, [...(reached.get(pod) ?? []), samples.projectedAtUs[i] / 1e6]));
    let stale = 0;
    for (const [first, second] of reached.values()) {
      if (first < 101) stale += first - 100 + (second - 101);
      else {
        expect(second).to.equal(first);
        stale += first - 100;
      }
    }
    expect(metrics.stale_pod_seconds).to.be.closeTo(stale, 1e-6);
  });
});

describe('stale time', () => {
  it('is the union of the times from commit to projection, under every strategy', () => {
    for (const strategy of STRATEGY_NAMES) {
      const timeline = [change('update', 'shared', 10, { everyUs: 40e6, untilUs: 400e6 })];
      const { metrics, samples } = run({ strategy, release: '1.30', ttl: 60, nodes: 30, timeline, samples: 'all' });
      const spans = new Map<string, [number, number][]>();
      samples?.pod.forEach((pod, i) => {
        spans.set(pod, [...(spans.get(pod) ?? []), [samples.writtenAtUs[i], samples.projectedAtUs[i]]]);
      });
      let stale = 0;
      for (const list of spans.values()) {
        let end = -Infinity;
        for (const [from, to] of list.sort((a, b) => a[0] - b[0])) {
          stale += Math.max(0, to - Math.max(from, end));
          end = Math.max(end, to);
        }
      }
      expect(metrics.stale_pod_seconds, strategy).to.be.closeTo(stale / 1e6, 1e-6);
    }
  });

  it('of pods that never change ends with the measured period, for however long the run goes on for others', () => {
    const classes = [objectClass('shared', { as: 'env' })];
    const timeline = [change('update', 'shared', 60)];
    const never = { nodes: 3, podsPerNode: 5, replicas: 5, classes, duration: 300 };
    // A budget of no pod: the drain asks again and again, and the run goes on to see whether it gets one.
    const stuck = [...timeline, drain(60, { count: 1 }, { maxUnavailable: 0 })];
    for (const entries of [timeline, stuck]) {
      const { metrics, updates } = run({ ...never, timeline: entries });
      expect(metrics.never_projected).to.equal(15);
      expect(metrics.stale_pod_seconds).to.be.closeTo(15 * (300 - updates[0].committedAtS), 1e-6);
    }
  });
});

describe('writes', () => {
  it('of one object at one instant commit in the order of the timeline', () => {
    for (const replication of [1, 2, 3, 4, 5]) {
      const timeline = [change('delete', 'shared', 60), change('recreate', 'shared', 60)];
      const { metrics } = simulate(inputOf({ timeline }), replication);
      expect(metrics).to.include({ due: 10, never_projected: 0, projections: 10 });
    }
  });

  it('that change nothing are not stored and send no event', () => {
    const timeline = [change('markImmutable', 'shared', 10), change('markImmutable', 'shared', 20)];
    const m = metricsOf({ duration: 100, timeline, behaviours: { immutableStop: false } });
    expect(Math.round((m.watch_events_per_s ?? 0) * 100)).to.equal(10);
  });

  it('that commit after the measured period leave their consumers pending where nothing is drained', () => {
    const m = metricsOf({ duration: 100, drain: 0, timeline: [change('update', 'shared', 99.999)] });
    expect(m).to.include({ updates: 1, due: 10, pending_at_end: 10 });
  });
});

describe('cold starts', () => {
  const many = Array.from({ length: 20 }, (_, i) => objectClass(`c${i}`, { scope: 'pod' }));
  const cold: Scenario = { start: 'cold', nodes: 3, podsPerNode: 2, classes: many };
  const startOf = (scenario: Scenario) => simulate({ ...inputOf({ ...cold, ...scenario }), warmupUs: 0 }, 1).metrics;

  it('make one LIST and one WATCH per object under Watch up to 1.34, and one WATCH from 1.35', () => {
    const lists = startOf({ release: '1.34' });
    expect([lists.list_per_s ?? 0, lists.watch_per_s ?? 0].map((rate) => Math.round(rate * 600))).to.deep.equal([
      120, 120,
    ]);
    const streams = startOf({ release: '1.35' });
    expect([streams.list_per_s ?? 0, streams.watch_per_s ?? 0].map((rate) => Math.round(rate * 600))).to.deep.equal([
      0, 120,
    ]);
    expect(streams.quorum_reads_per_s).to.be.closeTo(120 / 600, 1e-9);
  });

  it('fail mounts where LISTs wait longer than 1 s for the kubelet’s own limit of 5/s, burst 10', () => {
    const old = startOf({ release: '1.26' });
    expect(old.mount_failures).to.be.above(20);
    expect(startOf({ release: '1.27' }).mount_failures).to.equal(0);
  });

  it('open the watches of env-only objects, which idle out after 5 to 6 min from 1.21', () => {
    const classes = [objectClass('x', { as: 'env' })];
    const bins = (release: string): number[] => {
      const input = { ...inputOf({ ...cold, release, classes, duration: 500 }), warmupUs: 0, apiServers: 1 };
      const { load } = simulate(input, 1);
      return Array.from(
        { length: 50 },
        (_, bin) => load.values[bin * load.columns.length + load.columns.indexOf('watches_open')],
      );
    };
    const open = bins('1.21');
    expect(open[29]).to.be.closeTo(3, 1e-9);
    expect(open[37]).to.equal(0);
    expect(bins('1.20')[49]).to.be.closeTo(3, 1e-9);
  });
});

describe('the API servers', () => {
  it('share the watches, each kubelet staying with one server', () => {
    const { load, metrics } = run({ nodes: 300, apiServers: 3 });
    const column = load.columns.indexOf('watches_open');
    const servers = [0, 1, 2].map((server) => load.values[server * load.bins * load.columns.length + column]);
    expect(servers.reduce((sum, open) => sum + open)).to.be.closeTo(300, 1e-6);
    for (const open of servers) expect(open).to.be.within(70, 130);
    expect(metrics.watches_open_max_per_server).to.equal(Math.round(Math.max(...servers)));
  });

  it('send no bookmark on a watch that ends sooner than one is due before its end', () => {
    for (const capacity of ['unlimited', 16] as const) {
      const timeline = [change('update', 'shared', 30)];
      for (const release of ['1.20', '1.30']) {
        const behaviours = { minWatchTimeout: 1 };
        const scenario = { release, behaviours, duration: 60, timeline, apiServer: { capacity } };
        expect(metricsOf(scenario).bookmarks_per_s, `${release}, ${capacity}`).to.equal(0);
      }
    }
  });

  it('send a bookmark per watch and minute, and at 1.20 only after a write of the resource', () => {
    const bookmarks = (release: string, timeline: Scenario['timeline']): number =>
      metricsOf({ release, nodes: 600, duration: 1200, timeline: timeline ?? [] }).bookmarks_per_s ?? 0;
    expect(bookmarks('1.30', [])).to.be.within(9.5, 11.5);
    expect(bookmarks('1.20', [])).to.equal(0);
    expect(bookmarks('1.20', [change('update', 'shared', 600)])).to.be.within(2, 6);
  });

  it('count an event per watcher and write', () => {
    const m = metricsOf({
      nodes: 40,
      duration: 100,
      timeline: [change('update', 'shared', 10), change('update', 'shared', 20)],
    });
    expect((m.watch_events_per_s ?? 0) * 100).to.be.closeTo(80, 1e-9);
    expect((m.write_per_s ?? 0) * 100).to.be.closeTo(2, 1e-9);
  });
});

describe('HTTP/2 connections', () => {
  it('are one per 250 open watches of a kubelet, and per 100 from 1.25', () => {
    const classes = [objectClass('own', { scope: 'pod', count: 8 })];
    const connections = (release: string): number | null =>
      metricsOf({ release, nodes: 3, podsPerNode: 100, duration: 60, classes }).kubelet_connections;
    expect([connections('1.24'), connections('1.25')]).to.deep.equal([12, 24]);
    expect(metricsOf({ nodes: 3, strategy: 'Get' }).kubelet_connections).to.equal(3);
  });
});

describe('a kubelet whose own limit is too low for its reads', () => {
  it('delays them, and says so', () => {
    const scenario: Scenario = {
      release: '1.26',
      strategy: 'Get',
      nodes: 2,
      podsPerNode: 100,
      classes: [objectClass('own', { scope: 'pod', count: 8 })],
    };
    const { metrics, warnings } = run(scenario);
    // 800 volumes per node want 10.6 reads a second of a limit of 5.
    expect(metrics.get_per_s).to.be.closeTo(10, 0.2);
    expect(warnings.join()).to.match(/kubeAPIQPS 5/);
  });
});
