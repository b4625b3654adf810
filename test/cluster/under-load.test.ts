import { expect } from 'chai';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';
import { crash, once } from './timeline-actions.js';

const run = (scenario: Scenario) => simulate(inputOf(scenario), 1);
const COSTS = inputOf({}).apiServer.costs;

describe('the node authorizer', () => {
  const start = (nodeAuthorizer: boolean) =>
    run({
      start: 'cold',
      nodes: 100,
      podsPerNode: 4,
      duration: 120,
      classes: [objectClass('own', { scope: 'pod' })],
      // Enough cores that nobody waits for one, and the graph catches up meanwhile.
      apiServer: { capacity: 256, nodeAuthorizer },
    });

  it('answers 403 to the first LISTs of about a quarter of new pods, who then wait for a back-off', () => {
    // In the measured cold start 50 of 242 first LISTs were refused.
    const { metrics, traffic } = start(true);
    const forbidden = (traffic?.answered ?? 0) - 800;
    expect(forbidden / 400).to.be.within(0.15, 0.4);
    expect(metrics.pod_start_max_s).to.be.greaterThan(1.5);
  });

  it('costs nothing where it is not in use', () => {
    const { metrics, traffic } = start(false);
    expect(traffic?.answered).to.equal(800);
    expect(metrics.pod_start_max_s).to.be.below(1);
  });
});

describe('a write of an object', () => {
  it('wakes the watchers of its name in all namespaces, who throw the event away', () => {
    const cpuWith = (filteredEvent: number): number =>
      run({
        nodes: 100,
        podsPerNode: 20,
        namespaces: 20,
        replicas: 20,
        classes: [objectClass('kube-root-ca.crt', { kind: 'ConfigMap', scope: 'namespace' })],
        timeline: [change('update', 'kube-root-ca.crt', 100)],
        apiServers: 1,
        behaviours: { serviceAccountMaterial: 'tokenSecret' },
        apiServer: { capacity: 8, costs: { ...COSTS, filteredEvent } },
      }).metrics.apiserver_cpu_cores ?? NaN;
    // 2,000 watches; each of 20 writes is meant for 100 of them: 20 × 1,900 events are thrown away, at 1 ms each.
    expect((cpuWith(1e6) - cpuWith(0)) * 600).to.be.closeTo(38, 0.4);
  });

  it('closes the watches of clients that cannot keep up with it: 20 events under way are the most', () => {
    const burst = (updates: number, capacity: number) =>
      run({
        nodes: 20,
        apiServers: 1,
        classes: [objectClass('busy')],
        timeline: Array.from({ length: updates }, (_, i) => change('update', 'busy', 100 + i / 1000)),
        apiServer: { capacity, costs: { ...COSTS, event: { at1KiB: 20e6, at64KiB: 20e6 } } },
      }).metrics;
    expect(burst(60, 1).watches_terminated).to.be.greaterThan(0);
    expect(burst(60, 1).pending_at_end, 'they come back and learn the newest').to.equal(0);
    expect(burst(15, 1).watches_terminated).to.equal(0);
    expect(burst(60, 256).watches_terminated).to.equal(0);
  });
});

describe('background traffic', () => {
  it('takes its share of the cores: a storm lasts longer beside it', () => {
    const recovery = (nodeBackground: number): number =>
      run({
        release: '1.20',
        nodes: 100,
        podsPerNode: 20,
        apiServers: 1,
        classes: [objectClass('own', { scope: 'pod' })],
        timeline: [crash(60)],
        apiServer: { capacity: 1, nodeAuthorizer: false, costs: { ...COSTS, nodeBackground } },
      }).metrics.watch_recovery_p50_s ?? NaN;
    // 100 nodes of 7 ms a second take 70 % of one core.
    expect(recovery(7e6)).to.be.greaterThan(recovery(0) + 5);
  });
});

describe('nodes that join and leave', () => {
  it('move the TTL of cached objects when the cluster grows past 100 nodes: from 0 to 15 s', () => {
    const requests = (added: number): number[] => {
      const { load } = run({
        strategy: 'Cache',
        ttl: 'auto',
        nodes: 95,
        podsPerNode: 4,
        // A second reader of each entry finds it fresh for 15 s.
        classes: [objectClass('shared')],
        duration: 1800,
        timeline: [once(300, { action: 'addNodes', nodes: added })],
        apiServers: 1,
        apiServer: { capacity: 8 },
      });
      const get = load.columns.indexOf('get_secrets');
      return Array.from({ length: load.bins }, (_, bin) => load.values[bin * load.columns.length + get]);
    };
    const perNode = (bins: readonly number[], nodes: number): number =>
      bins.slice(-60).reduce((sum, count) => sum + count, 0) / nodes / 600;
    // Four readers a node: every read is a GET at TTL 0, 4 per 75.5 s; with 15 s those that follow within it are not.
    expect(perNode(requests(3), 98)).to.be.closeTo(4 / 75.5, 0.003);
    expect(perNode(requests(20), 115)).to.be.below((4 / 75.5) * 0.75);
  });
});
