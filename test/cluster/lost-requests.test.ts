import { expect } from 'chai';
import { STATUS } from '../../src/cluster/kube-apiserver/requests.js';
import { VERB } from '../../src/cluster/model/verbs.js';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { RELEASES } from '../../src/cluster/model/versions.js';
import { change, inputOf, objectClass, type Scenario } from './scenario.js';
import { type Answered, answersOf, byEntry, fromTheStart, metricOf, observed } from './model/switches/observed.js';
import { crash, once, restartKubelets } from './timeline-actions.js';

const HALF_S = { p50Us: 0.5e6, p99Us: 0.5e6 };
const own = [objectClass('own', { scope: 'pod' })];
/** Servers that nobody waits for, and that know every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;

/** The answer to each request that was lost, and what came next about its object. */
function afterLosses(answers: readonly Answered[]): [lost: Answered, next: Answered][] {
  return byEntry(answers).flatMap((each) =>
    each
      .slice(1)
      .flatMap((next, i): [Answered, Answered][] => (each[i].status === STATUS.LOST ? [[each[i], next]] : [])),
  );
}

/** Kubelets are back 5 s after they stop, and their LISTs take half a second: the crash of a server comes into that. */
const listing: Scenario = {
  nodes: 60,
  apiServers: 2,
  duration: 120,
  classes: own,
  behaviours: { initialSync: 'list' },
  timeline: [restartKubelets(60), crash(65.3, 1, 10)],
  apiServer: { ...ample, list: HALF_S },
};

describe('requests under way at a crash', () => {
  it('are sent again 1 s later by the client, in all releases: LISTs', () => {
    for (const release of RELEASES) {
      const losses = afterLosses(answersOf(observed(inputOf({ ...listing, release }))));
      expect(losses.length, release).to.be.greaterThan(10);
      for (const [lost, next] of losses) {
        expect([lost.verb, next.verb, next.status], release).to.deep.equal([VERB.LIST, VERB.LIST, STATUS.OK]);
        expect(next.atS - lost.atS, release).to.be.within(1.5, 1.6);
      }
    }
  });

  it('are sent again 1 s later by the client, in all releases: GETs, so that no mount fails', () => {
    for (const release of RELEASES) {
      const input = fromTheStart({
        release,
        start: 'cold',
        strategy: 'Get',
        nodes: 60,
        apiServers: 2,
        duration: 60,
        classes: own,
        timeline: [crash(0.4, 1, 10)],
        apiServer: { ...ample, getQuorum: HALF_S },
      });
      const { metrics, requests } = observed(input);
      const losses = afterLosses(answersOf({ requests }));
      expect(losses.length, release).to.be.greaterThan(10);
      for (const [lost, next] of losses) {
        expect([lost.verb, next.verb, next.status], release).to.deep.equal([VERB.GET, VERB.GET, STATUS.OK]);
        expect(next.atS - lost.atS, release).to.be.within(1.5, 1.6);
      }
      expect(metrics.mount_failures, release).to.equal(0);
    }
  });

  it('come back through the kubelet’s limiter: five a second', () => {
    const input = fromTheStart({
      release: '1.26',
      start: 'cold',
      strategy: 'Get',
      nodes: 1,
      podsPerNode: 40,
      apiServers: 1,
      duration: 100,
      classes: own,
      // Ten at once and five a second have left when the server crashes; it is back before they come again.
      timeline: [crash(4, 'all', 0.1)],
      apiServer: {
        ...ample,
        getQuorum: { p50Us: 5e6, p99Us: 5e6 },
        startup: { listenUs: 0, waitUs: 0, serveCpuUs: 0, readyCpuUs: 0 },
      },
    });
    const answers = answersOf(observed(input));
    const lost = answers.filter(({ status }) => status === STATUS.LOST).length;
    expect(lost).to.be.within(15, 30);
    const back = answers.filter(({ status, atS }) => status === STATUS.OK && atS > 4).map(({ atS }) => atS);
    for (let i = 5; i < Math.min(40, back.length); i++) expect(back[i] - back[i - 5]).to.be.at.least(0.99);
  });

  it('take a token each when they are WATCHes that come again, although first WATCHes take none', () => {
    const fillS = 40;
    const node = (qps: number): number =>
      metricOf(
        simulate(
          inputOf({
            release: '1.33',
            nodes: 1,
            podsPerNode: 60,
            apiServers: 1,
            duration: 200,
            classes: own,
            behaviours: { unreadyRetryAfter: 'constant' },
            kubelet: { kubeAPIQPS: qps, kubeAPIBurst: 2 * qps },
            timeline: [crash(60, 'all', 1)],
            apiServer: {
              ...ample,
              encryption: { provider: 'kmsV1', kmsCall: { p50Us: 667e3, p99Us: 667e3 }, cacheSize: 1000 },
            },
          }),
          1,
        ),
        'rejected_429',
      );
    // 60 at once, a burst of ten, five a second; where nothing is limited, each comes about once a second.
    expect(node(5)).to.be.within(60 + 5 * fillS * 0.8, 60 + 10 + 5 * (fillS + 1));
    expect(node(1000)).to.be.within(60 * fillS * 0.6, 60 * fillS);
  });

  it('fail where they ask for a token: the mount is tried again by the kubelet, with a request of its own', () => {
    const input = fromTheStart({
      release: '1.33',
      start: 'cold',
      nodes: 60,
      apiServers: 2,
      duration: 60,
      classes: [objectClass('kube-root-ca.crt', { kind: 'ConfigMap', scope: 'namespace', as: 'projected' })],
      timeline: [crash(0.4, 1, 10)],
      apiServer: { ...ample, getQuorum: HALF_S },
    });
    const record = simulate(input, 1);
    const again = metricOf(record, 'token_requests') - metricOf(record, 'pods_started');
    expect(again).to.be.greaterThan(10);
    expect(record.metrics).to.include({ requests_lost: again, mount_failures: again });
  });
});

/** The LISTs of an observed run from a time on, by kubelet and object. */
function listsFrom(input: ModelInput, from: number): number[] {
  return byEntry(answersOf(observed(input))).map(
    (answers) =>
      answers.filter(({ verb, status, atS }) => verb === VERB.LIST && status === STATUS.OK && atS > from).length,
  );
}

describe('a watch that ends within a second of its request, without an event', () => {
  /** Clients notice after 50 ms that a server has crashed. */
  const noticed = (scenario: Scenario): ModelInput => ({
    ...inputOf(scenario),
    network: { roundTrip: { p50Us: 500, p99Us: 1500 }, connectionLoss: { p50Us: 50e3, p99Us: 50e3 } },
  });
  /** Two of three servers crash one after the other. */
  const crashes = (apartS: number, more: Scenario['timeline'] = []): ModelInput =>
    noticed({
      nodes: 300,
      apiServers: 3,
      duration: 200,
      release: '1.33',
      classes: [objectClass('shared')],
      timeline: [
        once(60, { action: 'restartApiServer', servers: 2, staggerUs: apartS * 1e6, downtimeUs: 30e6, mode: 'crash' }),
        ...more,
      ],
      apiServer: ample,
    });
  const total = (lists: readonly number[]): number => lists.reduce((sum, count) => sum + count, 0);

  it('leads to a LIST, although the object has long been known: two crashes within a second', () => {
    const lists = listsFrom(crashes(0.6), 60);
    // A third of the nodes have lost their server, and half of these have gone to the next one that crashes.
    expect(total(lists)).to.be.within(25, 80);
    expect(Math.max(...lists)).to.equal(1);
  });

  it('is none where the second crash comes later, or an event has come meanwhile', () => {
    expect(total(listsFrom(crashes(1.2), 60))).to.equal(0);
    expect(total(listsFrom(crashes(0.6, [change('update', 'shared', 60.3)]), 60))).to.equal(0);
  });

  it('counts events of its own only: one before the first crash does not help', () => {
    expect(total(listsFrom(crashes(0.6, [change('update', 'shared', 50)]), 60))).to.be.within(25, 80);
  });

  it('is none where the client has sent its WATCH again, for that takes a second', () => {
    const input = noticed({
      release: '1.33',
      nodes: 200,
      apiServers: 3,
      duration: 200,
      classes: own,
      // WATCHes are lost at 65.3 and opened elsewhere at 66.8; the next server crashes half a second later.
      timeline: [
        restartKubelets(60),
        once(65.3, { action: 'restartApiServer', servers: 2, staggerUs: 2e6, downtimeUs: 30e6, mode: 'crash' }),
      ],
      apiServer: { ...ample, watch: HALF_S },
    });
    const answers = answersOf(observed(input));
    const lost = answers.filter(({ verb, status }) => verb === VERB.WATCH && status === STATUS.LOST);
    expect(lost.length).to.be.greaterThan(40);
    expect(total(listsFrom(input, 65.3))).to.equal(0);
  });
});

describe('a write whose answer is lost at a crash', () => {
  it('is sent again, and is one update: its object has that content already', () => {
    // Four hundred writes at once on one core: some are committed when it crashes, and their answers wait for it.
    const input = inputOf({
      nodes: 100,
      podsPerNode: 4,
      apiServers: 1,
      duration: 200,
      classes: own,
      timeline: [change('update', 'own', 60), crash(60.3, 'all', 10)],
      apiServer: { ...ample, capacity: 1 },
    });
    const { updates } = simulate(input, 1);
    const beforeCrash = updates.filter(({ committedAtS }) => committedAtS < 60.3).length;
    expect(beforeCrash).to.be.within(10, 390);
    expect(updates).to.have.lengthOf(400);
    expect(updates.every(({ version }) => version === 2)).to.equal(true);
  });
});
