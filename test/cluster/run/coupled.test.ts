import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGY_NAMES } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash, drain, nodes, once, replace, restartKubelets, roll, rollout, scale } from '../timeline-actions.js';

const run = (scenario: Scenario, eager = false): RunRecord => simulate(inputOf(scenario), 1, { eager });

/** Every request and every watch is accounted for, and so is every consumer that was due. */
function expectConservation({ traffic, metrics, updates }: RunRecord): void {
  if (traffic === null) throw new Error('requests do not meet in this run');
  const { sent, answered, refused, lost, inFlight, watchesOpened, watchesClosed, watchesOpen } = traffic;
  expect(answered + refused + lost + inFlight, 'requests').to.equal(sent);
  expect(watchesClosed + watchesOpen, 'watches').to.equal(watchesOpened);
  for (const u of updates) {
    const never = u.neverSubPath + u.neverEnv + u.neverImmutable + u.neverDeleted;
    expect(u.reached + never + u.gone + u.pending, `due of update ${u.update}`).to.equal(u.due);
  }
  const { due, projections, replaced, never_projected, pending_at_end, gone } = metrics;
  expect((projections ?? 0) + (replaced ?? 0) + (never_projected ?? 0) + (pending_at_end ?? 0) + (gone ?? 0)).to.equal(
    due,
  );
}

const withoutExecution = (record: RunRecord) => ({ ...record, execution: null });

const CLASSES = [
  objectClass('shared'),
  objectClass('own', { scope: 'pod' }),
  objectClass('env', { as: 'env', scope: 'namespace' }),
  objectClass('pull', { as: 'imagePullSecret', scope: 'deployment' }),
  objectClass('fixed', { scope: 'deployment', immutableShare: 1 }),
  objectClass('kube-root-ca.crt', { kind: 'ConfigMap', scope: 'namespace', as: 'projected' }),
];

const churn = { action: 'churnPods', pods: 1, firstUs: 0, everyUs: 20e6, untilUs: 200e6, jitterUs: 5e6 } as const;

/** Things that can happen in a run. */
const HAPPENINGS = [
  crash(40),
  crash(40, 1),
  crash(40, 'all', 1000),
  roll(20, 30),
  restartKubelets(60, 0.5),
  rollout(30, 0.5),
  rollout(30, 1, { consumersOf: 'fixed', afterUs: 5e6, ratePerS: 0.1 }),
  scale(20, { count: 0 }),
  scale(60, { share: 1 }),
  drain(25, { count: 2 }, { ratePerS: 0.1, maxUnavailable: 0.25 }),
  once(70, { action: 'removeNodes', nodes: 1, pods: 'comeBack' }),
  once(50, { action: 'replace', target: 'fixed', kind: null, by: 'newName', ratePerS: null, order: 'given' }),
  once(50, { action: 'replace', target: 'own', kind: null, by: 'recreate', ratePerS: 5, order: 'random' }),
  replace(50, 'own', { by: 'recreateAll', ratePerS: 5 }),
  nodes(30, 'addNodes', 2),
  nodes(70, 'removeNodes', 1),
  once(10, { action: 'rotateEncryptionKey', ratePerS: 2, restarts: false }),
  once(5, { action: 'rotateEncryptionKey', ratePerS: 2, restarts: true, reload: true, skipsFirstRound: true }),
  once(5, { action: 'rotateEncryptionKey', ratePerS: 2, restarts: false, rewrite: 'storageVersionMigration' }),
  churn,
];

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  release: fc.constantFrom('1.20', '1.24', '1.30', '1.33', '1.35'),
  seed: fc.string({ minLength: 1, maxLength: 4 }),
  start: fc.constantFrom('steady', 'cold'),
  nodes: fc.integer({ min: 2, max: 6 }),
  podsPerNode: fc.integer({ min: 1, max: 5 }),
  apiServers: fc.integer({ min: 1, max: 3 }),
  duration: fc.constantFrom(120, 300),
  classes: fc.constant(CLASSES),
  timeline: fc
    .subarray(HAPPENINGS, { maxLength: 3 })
    .map((happenings) => [change('update', 'shared', 45), change('update', 'own', 80, { ratePerS: 3 }), ...happenings]),
  apiServer: fc.record({
    capacity: fc.constantFrom(8, 0.5, 0.02),
    maxRequestsInflight: fc.constantFrom(400, 10),
    goawayChance: fc.constantFrom(0, 0.02),
    gracefulShutdown: fc.constantFrom(
      { delayUs: 0, sendRetryAfter: false, watchGraceUs: 0 },
      { delayUs: 0, sendRetryAfter: false, watchGraceUs: 60e6 },
      { delayUs: 10e6, sendRetryAfter: true, watchGraceUs: 1e6 },
      { delayUs: 5e6, sendRetryAfter: true, watchGraceUs: 0 },
    ),
  }),
  clusterWatchers: fc.constantFrom({ secrets: 0, configMaps: 0 }, { secrets: 3, configMaps: 2 }),
  kubelet: fc.record({
    kubeAPIQPS: fc.constantFrom(1, 50),
    kubeAPIBurst: fc.constantFrom(1, 100),
    podTerminationUs: fc.constantFrom(1e6, 0, 60e6),
  }),
});

describe('requests that meet at the API servers', () => {
  it('are conserved, whatever happens: answered, refused, lost or in flight', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => expectConservation(run(scenario))),
      { seed: 3, numRuns: 120 },
    );
  });

  it('happen at whole microseconds, so that stages add up to the last digit', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { samples, updates } = run({ ...scenario, samples: 'all' });
        for (const { committedAtS } of updates) expect(Math.round(committedAtS * 1e6) / 1e6).to.equal(committedAtS);
        samples?.projectedAtUs.forEach((at, i) => {
          const stages = [samples.cacheDelayUs[i], samples.syncWaitUs[i], samples.refreshUs[i]];
          expect([at, ...stages].every((time) => Number.isInteger(time) && time >= 0)).to.equal(true);
          expect(stages[0] + stages[1] + stages[2]).to.equal(at - samples.writtenAtUs[i]);
        });
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('give the same record where syncs are walked and where each is an event', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const watch = { ...scenario, strategy: 'Watch' as const };
        expect(withoutExecution(run(watch, true))).to.deep.equal(withoutExecution(run(watch)));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  for (const strategy of STRATEGY_NAMES) {
    it(`hardly wait under ${strategy} where servers have 64 cores: the delays are those of unlimited capacity`, () => {
      const scenario: Scenario = {
        strategy,
        nodes: 40,
        podsPerNode: 5,
        classes: [objectClass('shared'), objectClass('own', { scope: 'pod' })],
        timeline: [change('update', 'shared', 60), change('update', 'own', 200)],
      };
      const free = run(scenario).metrics;
      const many = run({ ...scenario, apiServer: { capacity: 64 } }).metrics;
      // Under Get the clocks start anew at the warm-up: other draws of the same law, of 400 consumers.
      const tolerance = strategy === 'Get' ? (4 * 22) / Math.sqrt(400) : 0.05;
      expect(many.delay_mean_s).to.be.closeTo(free.delay_mean_s ?? NaN, tolerance);
      expect(many.projections).to.equal(free.projections);
    });
  }

  it('pile up where capacity is below the steady load, and the result says so', () => {
    const saturated = run({
      strategy: 'Get',
      nodes: 20,
      podsPerNode: 10,
      duration: 300,
      classes: [objectClass('own', { scope: 'pod', count: 2 })],
      timeline: [change('update', 'own', 60)],
      // 5.3 GETs/s of 1.13 ms: a load of 0.006 cores.
      apiServer: { capacity: 0.004, costs: { ...inputOf({}).apiServer.costs, nodeBackground: 0 } },
      apiServers: 1,
    });
    expectConservation(saturated);
    expect((saturated.metrics.apiserver_cpu_cores ?? NaN) / 0.004).to.be.closeTo(1, 0.02);
    // Work counts when a part of it is done: a bin of 10 s, with the work of 35 GETs, may have that of three more.
    expect(saturated.metrics.apiserver_utilization_max).to.be.within(0.95, 1.09);
    // Hundreds of writes at once wait for longer than they may.
    expect(saturated.metrics.updates).to.equal(0);
    expect(saturated.warnings.join()).to.match(/core.*writes were not answered/);
  });

  it('end with the run where no server ever comes back, and nothing is invented', () => {
    const dead = run({ timeline: [change('update', 'shared', 60), crash(30, 'all', 100_000)] });
    expectConservation(dead);
    expect(dead.metrics).to.include({ updates: 0, due: 0, watches_open_mean: dead.metrics.watches_open_mean });
    expect(dead.storms.every(({ watchesBack }) => watchesBack === 0)).to.equal(true);
    expect(dead.warnings).to.include('no API server was up at the end of the run');
  });
});

describe('a restart of API servers', () => {
  const cluster: Scenario = {
    nodes: 60,
    podsPerNode: 10,
    classes: [objectClass('shared'), objectClass('own', { scope: 'pod' })],
    apiServer: { capacity: 4 },
  };

  it('loses no update, it only delays it: those before, during and after reach every pod', () => {
    const updates = [30, 59.999, 60.001, 62, 65, 70, 75, 90, 120].map((at) => change('update', 'shared', at));
    for (const servers of [1, 2]) {
      const { metrics } = run({ ...cluster, apiServers: servers, timeline: [...updates, crash(60)] });
      expect(metrics).to.include({ updates: updates.length, pending_at_end: 0, due: updates.length * 600 });
    }
  });

  it('delays a write that finds no server until one is back', () => {
    const { updates } = run({ ...cluster, apiServers: 1, timeline: [change('update', 'shared', 61), crash(60)] });
    expect(updates[0].committedAtS - updates[0].sentAtS).to.be.within(12, 17);
  });

  it('sends the watches of one of three servers to the others, which resume them without 410 or LIST', () => {
    const { storms, metrics } = run({ ...cluster, release: '1.30', apiServers: 3, timeline: [crash(200, 1)] });
    expect(storms[0].watchesLost).to.be.within(150, 300);
    expect(metrics).to.include({ gone_410: 0, list_per_s: 0, requests_refused: 0 });
    expect(storms[0].backAfter100S).to.be.below(3);
  });

  it('leaves the restarted server without watches: connections stay where they went', () => {
    const { load } = run({ ...cluster, apiServers: 3, duration: 600, timeline: [crash(100, 1)] });
    const open = load.columns.indexOf('watches_open');
    const last = (server: number): number => load.values[((server + 1) * load.bins - 1) * load.columns.length + open];
    expect(last(0)).to.equal(0);
    expect(last(1)).to.be.greaterThan(200);
  });

  it('answers 410 to every watch where all servers have restarted, for their history begins anew', () => {
    const { metrics, storms } = run({ ...cluster, release: '1.30', apiServers: 2, timeline: [crash(200)] });
    const lost = storms.reduce((sum, storm) => sum + storm.watchesLost, 0);
    expect(lost).to.equal(660);
    // Those whose WATCH is answered 403 before the node authorizer's graph is filled go on to LIST without it.
    expect(metrics.gone_410).to.be.within(1, lost);
    expect((metrics.list_per_s ?? 0) * 600).to.be.at.least(lost);
  });

  it('refuses nobody who comes between listening and serving: they wait', () => {
    const slow = { listenUs: 0, waitUs: 30e6, serveCpuUs: 0, readyCpuUs: 0 };
    const { storms, metrics } = run({
      ...cluster,
      release: '1.20',
      apiServers: 1,
      timeline: [crash(60, 'all', 0.5)],
      apiServer: { capacity: 4, startup: slow, nodeAuthorizer: false },
    });
    // 0.5 s down and 30 s of waiting. TLS does not succeed within 10 s, so clients come again.
    expect(metrics.requests_refused).to.equal(0);
    expect(metrics.requests_lost).to.be.greaterThan(600);
    expect(storms[0].backAfter50S).to.be.greaterThan(30);
  });

  it('keeps watches open after SIGTERM until the process ends, but takes no new request', () => {
    const { storms, load } = run({ ...cluster, apiServers: 2, duration: 300, timeline: [roll(60, 1000, 1)] });
    expect(storms[0].atS).to.be.closeTo(60 + 62, 0.001);
    const writes = load.columns.indexOf('watch_secrets');
    for (let bin = 7; bin < 12; bin++) expect(load.values[bin * load.columns.length + writes]).to.equal(0);
  });

  it('makes kubelets wait for 403s to end: the authorizer knows no pod before the server is ready', () => {
    const timeline = [crash(60)];
    // Twenty seconds of four cores; nobody is rejected for want of a seat.
    const startup = { ...inputOf({}).apiServer.startup, readyCpuUs: 80e6 };
    const runWith = (nodeAuthorizer: boolean) =>
      run({
        ...cluster,
        apiServers: 1,
        timeline,
        apiServer: { capacity: 4, startup, nodeAuthorizer, maxRequestsInflight: 4000 },
      });
    const on = runWith(true);
    const off = runWith(false);
    expect(on.traffic?.answered ?? 0).to.be.greaterThan(off.traffic?.answered ?? Infinity);
    expect(on.storms[0].backAfter100S).to.be.greaterThan(off.storms[0].backAfter100S ?? Infinity);
  });

  it('has a watch cache to fill: up to 1.30 requests wait for it, later they are told to come again', () => {
    const filling = { costs: { ...inputOf({}).apiServer.costs, cacheFillPerObject: 10e6 }, capacity: 4 };
    const blocks = run({ ...cluster, release: '1.30', apiServers: 1, timeline: [crash(60)], apiServer: filling });
    const rejects = run({ ...cluster, release: '1.33', apiServers: 1, timeline: [crash(60)], apiServer: filling });
    expect(blocks.metrics.rejected_429).to.equal(0);
    expect(rejects.metrics.rejected_429).to.be.greaterThan(100);
    expect(blocks.metrics.pending_at_end).to.equal(0);
  });
});

describe('a restart of kubelets', () => {
  const busy: Scenario = { nodes: 4, podsPerNode: 30, classes: [objectClass('own', { scope: 'pod', count: 2 })] };

  it('makes mounts fail under 5 requests per second, for LISTs wait longer than the 1 s of a read; not under 50', () => {
    const slow = run({ ...busy, release: '1.26', timeline: [restartKubelets(60)] });
    const fast = run({ ...busy, release: '1.27', timeline: [restartKubelets(60)] });
    expect(slow.metrics.mount_failures).to.be.greaterThan(100);
    expect(fast.metrics.mount_failures).to.equal(0);
  });

  it('sees nothing while it is down: what touches pods then is found when it is back, 5 s later', () => {
    const touched = (at: number) =>
      run({
        ...busy,
        timeline: [change('update', 'own', 59), restartKubelets(60), once(at, { action: 'annotatePods', fraction: 1 })],
        samples: 'all',
      });
    const first = (record: RunRecord): number => Math.min(...(record.samples?.projectedAtUs ?? [])) / 1e6;
    const { samples } = touched(62);
    const during = (samples?.projectedAtUs ?? new Float64Array()).filter((at) => at > 60e6 && at < 65e6);
    expect(during).to.have.lengthOf(0);
    expect(Math.max(...(samples?.projectedAtUs ?? [])) / 1e6).to.be.within(65, 70);
    expect(first(touched(59.5))).to.be.below(60);
  });

  it('opens every watch anew, and leaves the pods with the files that they had', () => {
    const { traffic, metrics } = run({ ...busy, timeline: [restartKubelets(60), change('update', 'own', 300)] });
    expect(traffic?.watchesOpen).to.equal(240);
    expect(metrics).to.include({ due: 240, projections: 240 });
    expect((metrics.list_per_s ?? 0) * 600).to.be.closeTo(240, 0.001);
  });
});

describe('clients', () => {
  it('wait for a free stream only where they were built with Go before 1.12: 150 of 400 watches do not open', () => {
    const node: Scenario = {
      release: '1.20',
      nodes: 1,
      podsPerNode: 400,
      apiServers: 1,
      duration: 240,
      classes: [objectClass('own', { kind: 'ConfigMap', scope: 'pod' })],
      timeline: [restartKubelets(10)],
      kubelet: { kubeAPIQPS: 50, kubeAPIBurst: 100 },
    };
    expect(run(node).traffic?.watchesOpen).to.equal(400);
    expect(run({ ...node, behaviours: { streamsBlock: true } }).traffic?.watchesOpen).to.be.within(248, 250);
  });

  it('move to another server where one sends connections away, so that a restart does not skew load for ever', () => {
    const cluster: Scenario = {
      strategy: 'Get',
      nodes: 60,
      podsPerNode: 5,
      apiServers: 2,
      duration: 1800,
      timeline: [crash(60, 1, 120)],
    };
    const requestsOf = (goawayChance: number): number => {
      const { load } = run({ ...cluster, apiServer: { capacity: 4, goawayChance } });
      const get = load.columns.indexOf('get_secrets');
      return load.values[(load.bins - 1) * load.columns.length + get];
    };
    expect(requestsOf(0)).to.equal(0);
    expect(requestsOf(0.02)).to.be.greaterThan(5);
  });
});

describe('a rotation of the encryption key', () => {
  it('rewrites every Secret once, which wakes every watch and changes no file', () => {
    const { metrics } = run({
      nodes: 10,
      podsPerNode: 2,
      classes: [objectClass('own', { scope: 'pod' }), objectClass('config', { kind: 'ConfigMap' })],
      timeline: [once(10, { action: 'rotateEncryptionKey', ratePerS: 5, restarts: false })],
    });
    expect(metrics).to.include({ updates: 0, due: 0, projections: 0 });
    expect((metrics.write_per_s ?? 0) * 600).to.be.closeTo(20, 1e-9);
    expect((metrics.watch_events_per_s ?? 0) * 600).to.be.closeTo(20, 1e-9);
  });

  it('restarts every server three times: twice before the rewriting, once after', () => {
    const { storms } = run({
      nodes: 10,
      duration: 3600,
      apiServers: 3,
      timeline: [once(10, { action: 'rotateEncryptionKey', ratePerS: 5, restarts: true })],
    });
    expect(storms.map(({ server }) => server)).to.deep.equal([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  });
});

describe('an object replaced by one of a new name', () => {
  const cluster: Scenario = {
    nodes: 10,
    podsPerNode: 6,
    replicas: 6,
    classes: [objectClass('fixed', { scope: 'deployment', immutableShare: 1 })],
  };

  it('reaches every pod by a rollout, although no kubelet watches the old one', () => {
    const replace = (by: 'newName' | 'recreate') =>
      once(60, { action: 'replace', target: 'fixed', kind: null, by, ratePerS: null, order: 'given' });
    const { metrics, updates } = run({ ...cluster, timeline: [replace('newName')] });
    expect(metrics).to.include({ updates: 10, due: 60, projections: 0, replaced: 60, pending_at_end: 0 });
    expect(updates[0].action).to.equal('replace');
    expect(run({ ...cluster, timeline: [replace('recreate')] }).metrics).to.include({ due: 60, never_projected: 60 });
  });

  it('is what later updates of its class write', () => {
    const { metrics } = run({
      ...cluster,
      duration: 900,
      classes: [objectClass('credential', { scope: 'deployment' })],
      timeline: [
        once(60, {
          action: 'replace',
          target: 'credential',
          kind: null,
          by: 'newName',
          ratePerS: null,
          order: 'given',
        }),
        change('update', 'credential', 500),
      ],
    });
    expect(metrics).to.include({ updates: 20, due: 120, projections: 60, replaced: 60, gone: 0 });
  });

  it('has stages that sum to the delay: until the new pod is known to its kubelet, and until it runs', () => {
    const { samples } = run({
      ...cluster,
      samples: 'all',
      timeline: [
        once(60, { action: 'replace', target: 'fixed', kind: null, by: 'newName', ratePerS: null, order: 'given' }),
      ],
    });
    if (samples === null) throw new Error('no samples');
    samples.projectedAtUs.forEach((at, i) => {
      const stages = samples.cacheDelayUs[i] + samples.syncWaitUs[i] + samples.refreshUs[i];
      expect(stages).to.equal(at - samples.writtenAtUs[i]);
      expect(samples.syncWaitUs[i]).to.equal(0);
    });
  });
});
