import { expect } from 'chai';
import { STATUS } from '../../src/cluster/kube-apiserver/requests.js';
import { VERB } from '../../src/cluster/model/verbs.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';
import { answersOf, byEntry, fromTheStart, metricOf, observed } from './model/switches/observed.js';
import { crash, restartKubelets, rollout } from './timeline-actions.js';

const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;
const kmsV1 = { provider: 'kmsV1', kmsCall: { p50Us: 100e3, p99Us: 100e3 }, cacheSize: 1000 } as const;

const run = (scenario: Scenario) => simulate(inputOf(scenario), 1);
const count = (scenario: Scenario, metric: 'quorum_reads_per_s' | 'list_per_s' | 'watch_per_s'): number =>
  Math.round(metricOf(run(scenario), metric) * (scenario.duration ?? NaN));

describe('WATCHes with the initial state, of kubelets from 1.35 on', () => {
  /** The only server fills its cache of 400 Secrets for 40 s. */
  const filling: Scenario = {
    release: '1.35',
    nodes: 400,
    apiServers: 1,
    duration: 300,
    classes: own,
    apiServer: { ...ample, encryption: kmsV1 },
  };

  it('are answered 429 by a watch cache that is being filled as often as LISTs are', () => {
    for (const timeline of [[crash(60, 'all', 1)], [crash(60, 'all', 1), restartKubelets(62)]]) {
      const [watchList, list] = (['watchList', 'list'] as const).map((initialSync) =>
        run({ ...filling, timeline, behaviours: { initialSync } }),
      );
      const rejected = metricOf(list, 'rejected_429') / 400;
      expect(rejected, 'about one a second at first, then more rarely').to.be.within(10, 30);
      expect(metricOf(watchList, 'rejected_429') / 400).to.be.closeTo(rejected, 0.05 * rejected);
    }
  });

  it('bring nothing before that cache is full', () => {
    const timeline = [crash(60, 'all', 1), restartKubelets(62)];
    const answers = answersOf(observed(inputOf({ ...filling, timeline })));
    const after = answers.filter(({ atS, verb, status }) => atS > 60 && verb === VERB.WATCH && status === STATUS.OK);
    // 4.6 s until the server serves, 400 calls of 0.1 s.
    expect(Math.min(...after.map(({ atS }) => atS))).to.be.within(104.6, 120);
  });

  it('bring what a LIST brings, as an event, and a bookmark; where requests queue and where they do not', () => {
    const [pods, object, listed] = [40, 1024 + 400, 690];
    const start: Scenario = { start: 'cold', nodes: pods, duration: 30, classes: own, release: '1.35' };
    for (const capacity of [64, 'unlimited'] as const) {
      const [watchList, list] = (['watchList', 'list'] as const).map((initialSync) => {
        const input = inputOf({ ...start, apiServer: { ...ample, capacity }, behaviours: { initialSync } });
        // Kubelets start with the measured period; their servers do nothing for them but this.
        const costs = { ...input.apiServer.costs, nodeBackground: 0, connection: 0, tokenRequest: 0 };
        const { metrics } = simulate({ ...input, warmupUs: 0, apiServer: { ...input.apiServer, costs } }, 1);
        return { bytes: (metrics.bytes_sent_per_s ?? NaN) * 30, cpuS: (metrics.apiserver_cpu_cores ?? NaN) * 30 };
      });
      expect(list.bytes / pods, `${capacity}: LIST`).to.be.closeTo(object, 0.01);
      expect(watchList.bytes / pods, `${capacity}: WatchList`).to.be.closeTo(object + 103, 0.01);
      // A WATCH of 1 ms, an event of 0.14 ms and a bookmark of 0.03 ms, for a LIST of 0.54 ms and a WATCH.
      expect(list.cpuS - watchList.cpuS, `${capacity}: CPU`).to.be.closeTo((pods * (0.54 - 0.17)) / 1e3, 1e-4 * listed);
    }
  });

  it('are open once when they succeed after all, and have brought the state: pods read it', () => {
    const timeline = [crash(60, 'all', 1), restartKubelets(62), change('update', 'own', 200)];
    const { traffic, metrics } = run({ ...filling, timeline });
    expect(traffic).to.include({ watchesOpen: 400, watchesOpened: (traffic?.watchesClosed ?? NaN) + 400 });
    expect(metrics).to.include({ due: 400, projections: 400 });
  });

  it('that are answered 403 are followed by a LIST at once, without a back-off, and that by a WATCH', () => {
    const input = fromTheStart({
      release: '1.35',
      start: 'cold',
      nodes: 200,
      podsPerNode: 4,
      duration: 60,
      classes: own,
      apiServer: { capacity: 256, nodeAuthorizer: true },
    });
    const forbidden = byEntry(answersOf(observed(input))).filter(([first]) => first.status === STATUS.FORBIDDEN);
    // About a quarter of new pods, as in the measured cold start.
    expect(forbidden.length / 800).to.be.within(0.1, 0.4);
    const answers = forbidden.flatMap(([first, second, third]) => {
      expect([first.verb, second.verb]).to.deep.equal([VERB.WATCH, VERB.LIST]);
      // A back-off would take 0.8 s and more; seats are free when the watch cache has been told how far etcd is, after 100 ms.
      expect(second.atS - first.atS).to.be.below(0.2);
      return second.status === STATUS.OK ? [third] : [];
    });
    expect(answers.length).to.be.greaterThan(0);
    for (const third of answers)
      expect([third.verb, third.status, third.quorum]).to.deep.equal([VERB.WATCH, STATUS.OK, false]);
  });

  it('whose LIST is answered 403, too, come again after a back-off', () => {
    const late = { waitUs: 0, listenUs: 0, serveCpuUs: 0, readyCpuUs: 3e6 };
    const scenario: Scenario = {
      release: '1.35',
      nodes: 50,
      apiServers: 1,
      duration: 120,
      classes: own,
      // The node authorizer knows no pod for the first 3 s of the server.
      timeline: [crash(60, 'all', 1), restartKubelets(56)],
      apiServer: { capacity: 64, startup: late },
    };
    const refused = byEntry(answersOf(observed(inputOf(scenario)))).map((answers) =>
      answers.filter(({ atS, status }) => atS > 61 && (status === STATUS.FORBIDDEN || status === STATUS.OK)),
    );
    for (const [first, second, third] of refused) {
      expect([first.verb, first.status, second.verb, second.status]).to.deep.equal([
        VERB.WATCH,
        STATUS.FORBIDDEN,
        VERB.LIST,
        STATUS.FORBIDDEN,
      ]);
      expect(third.verb).to.equal(VERB.WATCH);
      expect(third.atS - second.atS).to.be.within(0.8, 60);
    }
  });

  it('ask etcd only where their reflector knows no version: at a cold start, and when kubelets restart', () => {
    const cold: Scenario = { ...filling, duration: 60, apiServer: ample };
    expect(metricOf(simulate(fromTheStart({ ...cold, start: 'cold' }), 1), 'quorum_reads_per_s') * 60).to.be.closeTo(
      400,
      1e-9,
    );
    expect(count({ ...cold, timeline: [restartKubelets(10)] }, 'quorum_reads_per_s')).to.equal(400);
  });

  it('ask nothing of etcd after an error: 410, for the server has begun anew', () => {
    const restarted = { ...filling, apiServer: ample, timeline: [crash(60, 'all', 1)] };
    const { metrics } = run(restarted);
    expect(metrics.gone_410).to.equal(400);
    expect(count(restarted, 'list_per_s')).to.equal(0);
    expect(count(restarted, 'watch_per_s')).to.be.at.least(2 * 400);
    expect(count(restarted, 'quorum_reads_per_s')).to.equal(0);
  });

  it('ask nothing of etcd after a stop for idleness', () => {
    const env: Scenario = {
      release: '1.35',
      nodes: 20,
      podsPerNode: 10,
      duration: 700,
      classes: [objectClass('shared', { as: 'env' })],
      apiServer: ample,
      // Pods that have long been running hold no watch; those of the rollout read their environment.
      timeline: [rollout(600)],
    };
    // At first no reflector of the run has a version: it has been idle for ever.
    const first = count({ ...env, timeline: [rollout(60)] }, 'quorum_reads_per_s');
    expect(first).to.equal(20);
    const twice = { ...env, timeline: [rollout(60), rollout(600)] };
    expect(count(twice, 'watch_per_s'), 'they are opened twice').to.be.at.least(2 * 20);
    expect(count(twice, 'quorum_reads_per_s'), 'but ask once').to.equal(first);
  });

  it('are seen once by an observer, when the state has come', () => {
    const input = fromTheStart({ ...filling, start: 'cold', duration: 60, apiServer: ample });
    const answers = answersOf(observed(input));
    expect(answers.map(({ verb, quorum, status }) => [verb, quorum, status])).to.deep.equal(
      Array.from({ length: 400 }, () => [VERB.WATCH, true, STATUS.OK]),
    );
  });
});

describe('LISTs of kubelets up to 1.34', () => {
  it('that are answered 429 are sent again by the client, ten times, and then by their reflector', () => {
    const scenario: Scenario = {
      release: '1.34',
      nodes: 100,
      apiServers: 1,
      duration: 200,
      classes: own,
      behaviours: { unreadyRetryAfter: 'constant' },
      timeline: [crash(60, 'all', 1), restartKubelets(62)],
      apiServer: { ...ample, encryption: { ...kmsV1, kmsCall: { p50Us: 200e3, p99Us: 200e3 } } },
    };
    for (const answers of byEntry(answersOf(observed(inputOf(scenario))))) {
      const rejected = answers.filter(
        ({ atS, verb, status }) => atS > 66 && verb === VERB.LIST && status === STATUS.TOO_MANY_REQUESTS,
      );
      const pauses = rejected.slice(1).map(({ atS }, i) => atS - rejected[i].atS);
      pauses.slice(0, 10).forEach((pause) => expect(pause).to.be.within(1, 1.1));
      // 0.8 × U[1, 2), with the latency of a LIST.
      expect(pauses[10]).to.be.within(0.8, 1.65);
    }
  });
});
