import { expect } from 'chai';
import { StaticPods } from '../../../src/cluster/kube-apiserver/static-pod.js';
import type { ServerMachine } from '../../../src/cluster/model/model-input.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { everything, textOf } from '../everything.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';

const S = 1e6;
/** As `costs.ts` has them. */
const WATCH_BYTES = 98 * 1024;
const CACHED = 5.2;

const NODES = 30;
const PODS = 4;
const OBJECT_BYTES = 2048;
const WATCHES = NODES * PODS;
const CACHE_BYTES = WATCHES * OBJECT_BYTES * CACHED;

/** Each pod has a Secret of its own: a watch each. */
const cluster: Scenario = {
  nodes: NODES,
  podsPerNode: PODS,
  duration: 120,
  classes: [objectClass('own', { scope: 'pod', sizeBytes: OBJECT_BYTES })],
};

/** The first server of some is killed after 30 s and is back long after the measured time. */
const kill: TimelineAction = {
  action: 'restartApiServer',
  servers: 1,
  staggerUs: 0,
  downtimeUs: 600 * S,
  mode: 'crash',
  firstUs: 30 * S,
  everyUs: null,
  untilUs: Infinity,
  jitterUs: 0,
};

function withMachine(scenario: Scenario, machine: Partial<ServerMachine>): RunRecord {
  const { apiServer, ...input } = inputOf(scenario);
  const whole = { cores: Infinity, memoryBytes: Infinity, crashes: false, ...machine };
  return simulate({ ...input, apiServer: { ...apiServer, machine: whole } }, 1);
}

/** A column of the load table by server and bin. */
function column({ load }: RunRecord, name: string): number[][] {
  const index = load.columns.indexOf(name);
  return Array.from({ length: load.servers }, (_, server) =>
    Array.from(
      { length: load.bins },
      (_, bin) => load.values[(server * load.bins + bin) * load.columns.length + index],
    ),
  );
}

describe('the memory of an API server', () => {
  it('is its watch caches and its open watches, to the byte', () => {
    const { metrics } = simulate(inputOf({ ...cluster, apiServers: 1 }), 1);
    expect(metrics.watches_open_max).to.equal(WATCHES);
    expect(metrics.apiserver_memory_max_per_server_bytes).to.be.closeTo(CACHE_BYTES + WATCHES * WATCH_BYTES, 1);
  });

  it('kills no server that has no limit, whatever kinds of objects it has to read at its start', () => {
    const classes = [
      objectClass('roots', { kind: 'ClusterTrustBundle', as: 'projected' }),
      objectClass('certificate', { kind: 'PodCertificateRequest', scope: 'pod', as: 'projected' }),
    ];
    const restart = { ...kill, downtimeUs: S };
    const { metrics } = simulate(inputOf({ ...cluster, release: '1.37', classes, timeline: [restart] }), 1);
    expect(metrics.apiserver_oom_kills).to.equal(0);
    expect(metrics.watch_recovery_max_s).to.be.below(60);
  });

  it('is that of the objects alone where nobody watches', () => {
    const { metrics } = simulate(inputOf({ ...cluster, apiServers: 1, strategy: 'Cache' }), 1);
    expect(metrics.apiserver_memory_max_per_server_bytes).to.be.closeTo(CACHE_BYTES, 1);
  });

  it('counts the events in the history of its watch caches', () => {
    const updates = 50;
    const timeline = [kill, change('update', 'own', 5, { ratePerS: 5 })];
    const { metrics } = simulate(inputOf({ ...cluster, apiServers: 2, duration: 5 + updates / 5, timeline }), 1);
    const own = metrics.watches_open_max_per_server ?? 0;
    const events = metrics.updates ?? 0;
    expect(events).to.be.closeTo(updates, 1);
    expect(metrics.apiserver_memory_max_per_server_bytes).to.be.closeTo(
      CACHE_BYTES + events * OBJECT_BYTES * CACHED + own * WATCH_BYTES,
      2 * OBJECT_BYTES * CACHED,
    );
  });

  it('is all that there is once the other server is killed, which is told with server and time', () => {
    const record = simulate(inputOf({ ...cluster, apiServers: 2, timeline: [kill] }), 1);
    const { metrics } = record;
    expect(metrics.apiserver_memory_max_per_server_bytes).to.be.closeTo(CACHE_BYTES + WATCHES * WATCH_BYTES, 1);
    expect(metrics.apiserver_memory_peak_server).to.equal(2);
    // The clients see within seconds that their connections are gone.
    expect(metrics.apiserver_memory_peak_at_s).to.be.within(30, 35);
    expect(metrics.apiservers_serving_min).to.equal(1);
    const [first, second] = column(record, 'memory_max_bytes');
    expect(Math.max(...second)).to.equal(metrics.apiserver_memory_max_per_server_bytes);
    expect(first.slice(3, 4).every((bytes) => bytes > 0)).to.equal(false);
    expect(first.slice(4)).to.deep.equal(first.slice(4).map(() => 0));
  });

  it('is followed second by second around the stop', () => {
    const record = simulate(inputOf({ ...cluster, apiServers: 2, timeline: [kill] }), 1);
    const { restarts, metrics } = record;
    const seconds = [...(restarts?.seconds ?? [])];
    expect(seconds.slice(0, 12)).to.deep.equal(Array.from({ length: 12 }, (_, i) => 20 + i));
    const memoryAt = (server: number, second: number): number =>
      restarts?.values[(server * seconds.length + seconds.indexOf(second)) * 4 + 2] ?? NaN;
    expect(memoryAt(0, 29)).to.be.above(CACHE_BYTES);
    expect(memoryAt(0, 31)).to.equal(0);
    expect(memoryAt(1, 40)).to.equal(metrics.apiserver_memory_max_per_server_bytes);
  });
});

describe('the CPU of an API server', () => {
  it('in its busiest second is at least its mean over any bin, at the server that all watches go to', () => {
    const timeline = [kill, change('update', 'own', 60, { ratePerS: 20 })];
    const record = simulate(inputOf({ ...cluster, apiServers: 2, timeline }), 1);
    const { metrics, load } = record;
    const bins = column(record, 'cpu_s').map((own) => Math.max(...own) / load.binS);
    expect(metrics.apiserver_cpu_max_per_server_cores).to.be.at.least(Math.max(...bins));
    expect(metrics.apiserver_cpu_peak_server).to.equal(2);
  });
});

describe('an API server that needs more memory than its machine has', () => {
  const failover: Scenario = { ...cluster, apiServers: 2, duration: 300, timeline: [{ ...kill, downtimeUs: 20 * S }] };
  const needed = CACHE_BYTES + WATCHES * WATCH_BYTES;

  it('goes on unless it is to crash: a verdict changes nothing of the run', () => {
    const judged = withMachine(failover, { memoryBytes: needed / 2, cores: 0.01 });
    expect(judged.fingerprint).to.equal(simulate(inputOf(failover), 1).fingerprint);
    expect(judged.metrics.apiserver_oom_kills).to.equal(0);
  });

  it('is killed at its limit: one byte less than the survivor needs starts a cascade, what it needs none', () => {
    const short = withMachine(failover, { memoryBytes: needed - 1, crashes: true }).metrics;
    expect(short.apiserver_oom_kills).to.be.at.least(1);
    expect(short.apiserver_oom_first_server).to.equal(2);
    expect(short.apiserver_oom_first_at_s).to.be.within(30, 35);
    expect(short.apiservers_serving_min).to.equal(0);
    expect(short.apiserver_memory_max_per_server_bytes).to.be.at.most(needed - 1);
    const enough = withMachine(failover, { memoryBytes: needed + 1, crashes: true }).metrics;
    expect(enough.apiserver_oom_kills).to.equal(0);
    expect(enough.apiserver_oom_first_at_s).to.equal(null);
    expect(enough.apiservers_serving_min).to.equal(1);
  });

  it('is killed again and again, later and later, where its objects alone are too many', () => {
    // It is killed when the warm-up of a minute begins, and fills its caches within 3.6 s of its start.
    const alone: Scenario = { ...cluster, start: 'cold', apiServers: 1, duration: 1000 };
    const { metrics, storms } = withMachine(alone, { memoryBytes: CACHE_BYTES / 2, crashes: true });
    const times = storms.map(({ atS }) => atS);
    const waits = times.slice(1).map((at, index) => Math.round(at - times[index] - 3.6));
    expect(waits).to.deep.equal([80, 160, 300, 300]);
    expect(metrics.apiserver_oom_kills).to.equal(times.length);
    expect(metrics.apiserver_oom_first_at_s).to.be.closeTo(-60 + 4 * 3.6 + (1 + 10 + 20 + 40), 1);
  });

  it('gives the same lazy and eager', () => {
    const { apiServer, ...input } = inputOf({ ...everything, duration: 200 });
    const machine = { cores: Infinity, memoryBytes: 3e6, crashes: true };
    const whole = { ...input, apiServer: { ...apiServer, machine } };
    const lazy = simulate(whole, 1);
    expect(lazy.storms).to.not.deep.equal([]);
    expect(textOf(lazy)).to.equal(textOf(simulate(whole, 1, { eager: true })));
  });
});

describe('the kubelet of an API server', () => {
  const seconds = (us: number): number => us / S;

  it('starts it at once, then after 10 s, and twice as long each time up to 5 min', () => {
    const pods = new StaticPods(1);
    let now = 0;
    const waits = Array.from({ length: 9 }, () => {
      const wait = pods.restartsAfter(0, now);
      now += wait + S;
      return seconds(wait);
    });
    expect(waits).to.deep.equal([1, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('begins anew after 10 min without a crash, for each server by itself', () => {
    const pods = new StaticPods(2);
    let now = pods.restartsAfter(0, 0);
    now += pods.restartsAfter(0, now);
    expect(seconds(pods.restartsAfter(1, now))).to.equal(1);
    expect(seconds(pods.restartsAfter(0, now + 600 * S))).to.equal(20);
    expect(seconds(pods.restartsAfter(0, now + 620 * S + 601 * S))).to.equal(1);
  });
});
