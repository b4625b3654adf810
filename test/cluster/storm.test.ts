import { expect } from 'chai';
import { MEASURED_COSTS } from '../../src/cluster/costs.js';
import type { RunRecord } from '../../src/cluster/run-record.js';
import { simulate } from '../../src/cluster/simulate.js';
import { CLIENTS, KILL_S, measuredStorm, REFLECTORS, START_CPU_S, stormInput, WATCHES } from './measured-storm.js';

/**
 * The Go scheduler serves such a storm in waves of one to two seconds, connection by connection; the model in
 * order of arrival.
 */
const TOLERANCE = 0.2;
const MS = 1e6;

/** Simulated times after the measured kill at which that share of the watches is open again. */
function simulatedReturn(run: RunRecord, noticed: number): Readonly<Record<number, number>> {
  const [{ watchesLost, backAfter50S, backAfter90S, backAfter100S }] = run.storms;
  expect(watchesLost).to.equal(WATCHES);
  return {
    0.5: (backAfter50S ?? NaN) + noticed,
    0.9: (backAfter90S ?? NaN) + noticed,
    1: (backAfter100S ?? NaN) + noticed,
  };
}

/** Requests of a kind that the servers counted, by the 0.1 s in which they came after the kill. */
function arrivals({ load }: RunRecord, column: string): number[] {
  const at = load.columns.indexOf(column);
  const times: number[] = [];
  for (let bin = Math.floor(KILL_S / load.binS); bin < load.bins; bin++) {
    const count = load.values[bin * load.columns.length + at];
    for (let i = 0; i < count; i++) times.push(bin * load.binS - KILL_S);
  }
  return times;
}

describe('the measured restart storm (1.20.2, 5,000 reflectors, one core; experiments/validation)', () => {
  const storm = measuredStorm();
  const runs = [1, 2, 3].map((replication) => simulate(stormInput(storm), replication));

  it('leaves of its total CPU 1.25 ms for each WATCH, answered 410 or staying', () => {
    const { list, connection, watch, watchGone } = MEASURED_COSTS;
    const others = START_CPU_S * 1e3 + (storm.lists * list.at1KiB + storm.connections * connection) / MS;
    // Rounded: the first reading after the last watch lies up to a second behind it.
    expect((storm.cpu * 1e3 - others) / (storm.gone + WATCHES)).to.be.closeTo(watch / MS, 0.02);
    expect(watchGone).to.equal(watch);
  });

  it('sends a reflector from a refused WATCH by a 410 to a LIST and to the WATCH that stays', () => {
    for (let replication = 1; replication <= 30; replication++) {
      const run = simulate(stormInput(storm, {}, { clients: 1, reflectors: 1 }), replication);
      const { requests_refused, gone_410 } = run.metrics;
      const watches = arrivals(run, 'watch_secrets');
      const [list, ...furtherLists] = arrivals(run, 'list_secrets');
      expect([requests_refused, gone_410, watches.length, furtherLists.length]).to.deep.equal([1, 1, 2, 0]);
      // The back-off's first step, U[0.8, 1.6) s, in bins of 0.1 s.
      expect(list - watches[0]).to.be.within(0.7, 1.7);
      expect(watches[1] - list).to.be.within(0, 0.1001);
      expect(run.storms[0].watchesBack).to.equal(1);
    }
  });

  it('has the measured numbers of refused WATCHes, 410s, LISTs and WATCHes', () => {
    for (const run of runs) {
      const { requests_refused, gone_410, rejected_429 } = run.metrics;
      // 4,995 and 4,990 of 5,000: ten WATCHes went out on the dying connection, which the model breaks at once.
      expect(requests_refused).to.be.closeTo(storm.refused, 0.005 * WATCHES);
      expect(gone_410).to.be.closeTo(storm.gone, 0.005 * WATCHES);
      // client-go sends a LIST that was answered 429 again, so the measured clients do not see it.
      expect(arrivals(run, 'list_secrets').length - (rejected_429 ?? 0)).to.be.closeTo(storm.lists, 0.005 * WATCHES);
      expect(run.traffic?.watchesOpen).to.equal(CLIENTS * REFLECTORS);
    }
  });

  for (const share of [0.5, 0.9, 1]) {
    it(`has ${share * 100} % of the watches back within 20 % of the measured ${storm.back(share).toFixed(1)} s`, () => {
      for (const run of runs) {
        const ratio = simulatedReturn(run, storm.noticed)[share] / storm.back(share);
        expect(ratio).to.be.within(1 - TOLERANCE, 1 + TOLERANCE);
      }
    });
  }

  it('would be over in less than half the time if requests did not wait for the core', () => {
    const run = simulate(stormInput(storm, { capacity: 'unlimited' }), 1);
    expect(simulatedReturn(run, storm.noticed)[1]).to.be.below(storm.back(1) / 2);
  });
});
