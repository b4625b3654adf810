import { expect } from 'chai';
import fc from 'fast-check';
import { STATUS } from '../../../src/cluster/kube-apiserver/requests.js';
import type { MeasuredKill, ModelInput } from '../../../src/cluster/model/model-input.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { type Answered, answersOf, byEntry, metricOf, observed } from '../model/switches/observed.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash, once, roll } from '../timeline-actions.js';

const AT = 60;
const DOWN_S = 30;
const own = [objectClass('own', { scope: 'pod' })];

/** The only server is killed; clients notice 0.2 ms after the end of their connection has reached them. */
function killed(scenario: Scenario, measured?: MeasuredKill, roundTripUs = 500): ModelInput {
  const input = inputOf({
    release: '1.33',
    nodes: 20,
    podsPerNode: 5,
    apiServers: 1,
    duration: 240,
    classes: own,
    timeline: [crash(AT, 'all', DOWN_S)],
    ...scenario,
  });
  return {
    ...input,
    network: {
      roundTrip: { p50Us: roundTripUs, p99Us: roundTripUs },
      connectionLoss: { p50Us: 200, p99Us: 200 },
    },
    apiServer: {
      ...input.apiServer,
      capacity: 64,
      nodeAuthorizer: false,
      ...(measured && { killed: measured }),
    },
  };
}

/** What each reflector is told from the kill on, but for those whose watch had just come to its time. */
const afterwards = (input: ModelInput): Answered[][] =>
  byEntry(answersOf(observed(input)).filter(({ atS }) => atS >= AT)).filter(([first]) => first.verb === VERB.WATCH);

describe('clients that dial an API server while its kernel clears it away', () => {
  it('are all reset as its listening socket is closed, and send their WATCH again after 1 s (≥1.22)', () => {
    const all = afterwards(killed({}, { closesUs: 50e3, goneUs: 90e3 }));
    expect(all).to.have.length(100);
    for (const [reset, next] of all) {
      expect([reset.verb, reset.status]).to.deep.equal([VERB.WATCH, STATUS.LOST]);
      // Half a round trip after the end, one after another.
      expect(reset.atS - AT).to.be.within(0.0902, 0.0912);
      expect([next.verb, next.status]).to.deep.equal([VERB.WATCH, STATUS.REFUSED]);
      expect(next.atS - reset.atS).to.be.within(1.0004, 1.002);
    }
  });

  it('read anew with a LIST where a reset WATCH is not sent again (≤1.21)', () => {
    const next = (goneUs: number): number[] =>
      afterwards(killed({ release: '1.21' }, { closesUs: 50e3, goneUs })).map(([, second]) => second.verb);
    expect(next(90e3)).to.deep.equal(new Array(100).fill(VERB.LIST));
    expect(next(50e3), 'who is refused does not').to.deep.equal(new Array(100).fill(VERB.WATCH));
  });

  it('are refused where the way to it is longer than its end takes, whatever the two are', () => {
    const [nodes, noticesUs] = [5, 200 + 62];
    // Connections are closed one after another, and answers of one client come one after another.
    const blurUs = nodes * 15 + 2;
    const end = fc.record({
      roundTripUs: fc.integer({ min: 1, max: 100e3 }).map((half) => 2 * half),
      closesUs: fc.integer({ min: 0, max: 100e3 }),
      windowUs: fc.integer({ min: 100, max: 200e3 }),
    });
    fc.assert(
      fc.property(end, ({ roundTripUs, closesUs, windowUs }) => {
        const dialsUs = roundTripUs + noticesUs;
        fc.pre(Math.abs(dialsUs - windowUs) > blurUs);
        const input = killed({ nodes, podsPerNode: 1 }, { closesUs, goneUs: closesUs + windowUs }, roundTripUs);
        const wanted = dialsUs < windowUs ? STATUS.LOST : STATUS.REFUSED;
        for (const [first] of afterwards(input)) expect(first.status).to.equal(wanted);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('are 4,097 at most: to the others nobody answers, and their SYN comes again after 1 s', () => {
    const input = killed({ nodes: 45, podsPerNode: 100 }, { closesUs: 50e3, goneUs: 250e3 });
    const firsts = afterwards(input).map(([first]) => first);
    const told = (wanted: number): Answered[] => firsts.filter(({ status }) => status === wanted);
    expect(told(STATUS.LOST)).to.have.length(4097);
    expect(told(STATUS.REFUSED).length).to.be.within(390, 4500 - 4097);
    for (const { atS } of told(STATUS.REFUSED)) expect(atS - AT).to.be.within(1.05, 1.1);
  });

  it('are longer in danger the more memory it has to free, and from 1.23 on, when it watches its certificates', () => {
    const resetsAt = (scenario: Scenario): number =>
      Math.max(...afterwards(killed(scenario)).map(([{ status, atS }]) => (status === STATUS.LOST ? atS - AT : 0)));
    // 600 MiB at 62 µs, 20 connections at 15 µs, six inotify instances at 8 ms; then half a round trip, and 44 µs for each.
    const small = resetsAt({ release: '1.23' });
    expect(small).to.be.closeTo(0.0372 + 0.0003 + 0.048 + 0.0005, 0.001);
    // 3,900 watches of 98 KiB and objects of 5.2 more, 180 connections, and a client that works on twenty instead of five.
    const large = resetsAt({ release: '1.23', nodes: 200, podsPerNode: 20 });
    expect(large - small).to.be.closeTo(0.0244 + 0.0027 + 0.0007, 0.0005);
  });

  it('lose what they write, too, and send it again', () => {
    const timeline = [crash(AT, 'all', 1), change('update', 'own', AT + 0.06)];
    const record = simulate(killed({ timeline }, { closesUs: 50e3, goneUs: 90e3 }), 1);
    expect(record.metrics.pending_at_end).to.equal(0);
    expect(metricOf(record, 'requests_lost'), 'a WATCH and a write each').to.equal(200);
  });
});

describe('clients of an API server', () => {
  it('that ends by itself are refused: it does not listen any more when its watches end', () => {
    const record = simulate(killed({ timeline: [roll(AT, 0, 1)] }), 1);
    expect(metricOf(record, 'requests_lost')).to.equal(0);
    expect(metricOf(record, 'requests_refused')).to.be.greaterThan(0);
  });

  it('that is killed go to another where there is one, and nobody is reset', () => {
    const record = simulate(killed({ apiServers: 2, timeline: [crash(AT, 1, DOWN_S)] }), 1);
    expect(record.traffic).to.include({ lost: 0, refused: 0 });
  });

  it('that is killed twice, the second time while its kernel clears it away, come back all the same', () => {
    const kills = once(AT, { action: 'restartApiServer', servers: 1, staggerUs: 0, downtimeUs: 1e6, mode: 'crash' });
    const timeline = [kills, { ...kills, firstUs: kills.firstUs + 70e3 }];
    const { storms } = simulate(killed({ timeline }, { closesUs: 50e3, goneUs: 90e3 }), 1);
    expect(storms.reduce((sum, { watchesBack }) => sum + watchesBack, 0)).to.equal(100);
  });
});
