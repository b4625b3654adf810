import { expect } from 'chai';
import type { GracefulShutdown, ModelInput } from '../../../src/cluster/model/model-input.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { longestShutdownUs } from '../../../src/cluster/workload/graceful-shutdown.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { roll } from '../timeline-actions.js';

const S = 1e6;
const AT = 60;
/** Of the one server of three that is told to end, about a third of all. */
const WATCHES = 3000;

const flags = (more: Partial<GracefulShutdown>): Pick<Scenario, 'apiServer'> => ({
  apiServer: {
    capacity: 8,
    cpuScale: 0.1,
    gracefulShutdown: { delayUs: 0, sendRetryAfter: false, watchGraceUs: 0, ...more },
  },
});

const inputWith = (more: Partial<GracefulShutdown>, scenario: Scenario): ModelInput =>
  inputOf({
    release: '1.33',
    nodes: 30,
    podsPerNode: WATCHES / 30,
    apiServers: 3,
    duration: 240,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [roll(AT, 0, 1)],
    ...scenario,
    ...flags(more),
  });
const run = (more: Partial<GracefulShutdown>, scenario: Scenario = {}): RunRecord =>
  simulate(inputWith(more, scenario), 1);

/** Requests for watches in the busiest second, of all servers together, and the watches that one of them has lost. */
function storm(watchGraceUs: number, release: string) {
  const { load, storms } = simulate({ ...inputWith({ watchGraceUs }, { release }), loadBinUs: S }, 1);
  const column = load.columns.indexOf('watch_secrets');
  const perS = new Array<number>(load.bins).fill(0);
  for (let row = 0; row < load.values.length / load.columns.length; row++)
    perS[row % load.bins] += load.values[row * load.columns.length + column];
  return { busiest: Math.max(...perS), lost: storms[0].watchesLost };
}

const sumOf = ({ load }: RunRecord, column: string): number =>
  load.values.reduce((sum, value, i) => sum + (load.columns[i % load.columns.length] === column ? value : 0), 0);

describe('watches of a server that ends them within a grace period', () => {
  for (const [graceS, perS] of [
    [60, (): number => 200],
    [2, (open: number): number => open / 2],
  ] as const) {
    it(`are told one after another, linear in time: ${graceS === 60 ? '200 a second' : 'all within the 2 s'}`, () => {
      const [storm] = run({ watchGraceUs: graceS * S }).storms;
      const { atS, watchesLost, watchesBack, backAfter50S, backAfter90S, backAfter100S } = storm;
      expect(atS).to.equal(AT);
      expect(watchesLost).to.be.greaterThan(WATCHES / 5);
      expect(watchesBack).to.equal(watchesLost);
      const duration = watchesLost / perS(watchesLost);
      // A new watch takes milliseconds, and a node's first a new connection.
      expect(backAfter50S).to.be.closeTo(duration * 0.5, 0.05);
      expect(backAfter90S).to.be.closeTo(duration * 0.9, 0.05);
      expect(backAfter100S).to.be.closeTo(duration, 0.05);
    });
  }

  for (const release of ['1.30', '1.37']) {
    it(`are no storm: 200 in the busiest second, or as many as fit into the grace period; without it all at once (${release})`, () => {
      // Those of other servers whose time is over: 3,000 in 5 to 10 minutes.
      const others = 30;
      expect(storm(60 * S, release).busiest).to.be.within(200, 200 + others);
      const quick = storm(2 * S, release);
      expect(quick.busiest).to.be.within(quick.lost / 2 - 1, quick.lost / 2 + others);
      const broken = storm(0, release);
      expect(broken.busiest).to.be.at.least(broken.lost / 2);
      expect(broken.busiest).to.be.greaterThan(2 * 200);
    });
  }

  it('come back at once, and when its process ends, where there is none', () => {
    const [storm] = run({}).storms;
    expect(storm.atS).to.equal(AT + 62);
    expect(storm.backAfter100S).to.be.below(1.2);
  });

  it('end as if their time were over: no request is lost, and nobody lists', () => {
    const drained = run({ watchGraceUs: 10 * S });
    expect(sumOf(drained, 'list_secrets')).to.equal(0);
    expect(drained.traffic).to.include({ lost: 0, refused: 0 });
    expect(drained.storms, 'and the process ends without any').to.have.length(1);
  });

  it('bring no events until their clients are told: an update in between comes late, but to every pod', () => {
    const timeline = [roll(AT, 0, 1), change('update', 'own', AT + 1)];
    // Pods look for new files as soon as there are any.
    const reads = {
      kubelet: {
        whatIf: { syncOnWatchEvent: true, watchPerNode: false, adaptiveTtl: null, watchOnlyWhatUpdates: false },
      },
    };
    const slowest = (watchGraceUs: number): number => {
      const { metrics } = run({ watchGraceUs }, { timeline, ...reads });
      expect(metrics.pending_at_end).to.equal(0);
      return metrics.delay_max_s ?? NaN;
    };
    const late = slowest(60 * S);
    expect(late, 'about a thousand at 200 a second').to.be.within(WATCHES / 5 / 200 - 1, WATCHES / 2 / 200);
    expect(slowest(0)).to.be.below(1);
  });
});

describe('an API server that is told to end', () => {
  it('goes on for --shutdown-delay-duration', () => {
    expect(run({ delayUs: 20 * S }).storms[0].atS).to.equal(AT + 20 + 62);
    expect(run({ delayUs: 20 * S, watchGraceUs: 10 * S }).storms[0].atS).to.equal(AT + 20);
  });

  it('answers 429 with --shutdown-send-retry-after, and sends the connection away: once a node, which comes again after 5 s', () => {
    const told = run({ sendRetryAfter: true, watchGraceUs: 10 * S });
    const nodes = told.storms[0].watchesLost / (WATCHES / 30);
    expect(told.metrics.rejected_429).to.be.within(nodes, nodes * 1.2);
    expect(told.storms[0].backAfter100S).to.be.greaterThan(5);
    expect(run({ watchGraceUs: 10 * S }).metrics.rejected_429).to.equal(0);
  });

  it('ends two seconds later with --shutdown-send-retry-after and open watches', () => {
    expect(run({ sendRetryAfter: true }).storms[0].atS).to.equal(AT + 2);
  });

  it('takes as long as its flags let it', () => {
    const longest = (more: Partial<GracefulShutdown>): number => longestShutdownUs(inputOf(flags(more)).apiServer) / S;
    expect(longestShutdownUs(inputOf({}).apiServer)).to.equal(62 * S);
    expect(longest({ delayUs: 5 * S })).to.equal(67);
    expect(longest({ delayUs: 5 * S, sendRetryAfter: true })).to.equal(7);
    expect(longest({ delayUs: 5 * S, watchGraceUs: 60 * S })).to.equal(66);
  });
});
