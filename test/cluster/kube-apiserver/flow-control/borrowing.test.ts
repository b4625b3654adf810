import { arrives } from './arrives.js';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  EXECUTE,
  NODE_HIGH,
  SYSTEM,
  WORKLOAD_LOW,
  type FlowControl,
} from '../../../../src/cluster/kube-apiserver/flow-control.js';
import { fairProportion } from '../../../../src/cluster/kube-apiserver/flow-control/borrowing.js';
import {
  GLOBAL_DEFAULT,
  LEADER_ELECTION,
  WORKLOAD_HIGH,
} from '../../../../src/cluster/kube-apiserver/flow-control/priority-levels.js';
import { SeatDemand } from '../../../../src/cluster/kube-apiserver/flow-control/seat-demand.js';
import { drain, flowAt, flowControl, send } from './server.js';

const NODE = flowAt(0);

describe('the fair proportion of levels that borrow', () => {
  const solve = (sum: number, targets: number[], lowers: number[], uppers: number[]): number =>
    fairProportion(sum, Float64Array.from(targets), Float64Array.from(lowers), Float64Array.from(uppers));

  it('is the same multiple of each target where no bound matters', () => {
    expect(solve(60, [10, 20], [0, 0], [100, 100])).to.equal(2);
  });

  it('leaves who is at a bound there, and the rest to the others', () => {
    // The first has 5 at most, the second then takes 25 = 1.25 × 20.
    expect(solve(30, [10, 20], [0, 0], [5, 100])).to.equal(1.25);
    // The second keeps 20; 4 are left for the first.
    expect(solve(24, [10, 20], [0, 20], [100, 100])).to.be.closeTo(0.4, 1e-12);
  });

  it('always hands out exactly what there is, within bounds', () => {
    const item = fc.record({ lower: fc.nat(50), above: fc.nat(50), room: fc.nat(600) });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), fc.nat(1000), (items, share) => {
        const lowers = items.map(({ lower }) => lower);
        const targets = items.map(({ lower, above }) => Math.max(0.001, lower + above));
        const uppers = items.map(({ lower, above, room }) => lower + above + room);
        const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);
        const sum = total(lowers) + ((total(uppers) - total(lowers)) * share) / 1000;
        const proportion = solve(sum, targets, lowers, uppers);
        const got = total(targets.map((t, i) => Math.max(lowers[i], Math.min(uppers[i], proportion * t))));
        expect(got).to.be.closeTo(sum, 1e-6 * (1 + sum));
      }),
      { seed: 7 },
    );
  });
});

describe('the demand for seats', () => {
  it('is the mean and one standard deviation of a period, with its highest value', () => {
    const demand = new SeatDemand();
    demand.set(0, 100);
    demand.set(5e6, 0);
    demand.endPeriod(10e6);
    expect([demand.highWatermark, demand.smoothed]).to.deep.equal([100, 100]);
  });

  it('falls by half in five minutes and rises at once', () => {
    const demand = new SeatDemand();
    demand.set(0, 100);
    demand.endPeriod(10e6);
    demand.set(10e6, 0);
    for (let period = 1; period <= 30; period++) demand.endPeriod(10e6 + period * 10e6);
    expect(demand.highWatermark).to.equal(0);
    expect(demand.smoothed).to.be.closeTo(50, 1);
    demand.set(310e6, 80);
    demand.endPeriod(320e6);
    expect(demand.smoothed).to.equal(80);
  });

  it('contains that of requests which are not simulated', () => {
    const demand = new SeatDemand();
    demand.setBackground(0, 7);
    demand.set(0, 3);
    demand.set(0, 1);
    demand.endPeriod(10e6);
    expect([demand.highWatermark, demand.smoothed]).to.deep.equal([10, 8]);
  });
});

describe('levels that borrow from each other', () => {
  /** Six nodes send 600 requests at once. */
  function storm(control: FlowControl): void {
    for (let i = 0; i < 6; i++) send(control, SYSTEM, flowAt(10 * i), 1000 * i, 100, 0);
  }

  it('share an idle server by what they cannot lend', () => {
    const control = flowControl('1.26');
    const limits = [SYSTEM, NODE_HIGH, LEADER_ELECTION, WORKLOAD_HIGH, WORKLOAD_LOW, GLOBAL_DEFAULT] as const;
    // Minimal limits 50, 73, 25, 49, 24, 24 and 13 for catch-all: 258. Times 602 / 258.
    expect(limits.map((level) => control.currentLimit(level))).to.deep.equal([117, 170, 58, 114, 56, 56]);
    expect(limits.map((level) => control.nominalLimit(level))).to.deep.equal([74, 98, 25, 98, 245, 49]);
    control.borrow(10e6);
    expect(control.currentLimit(SYSTEM)).to.equal(117);
  });

  it('have their nominal seats up to 1.25, whatever their demand', () => {
    const control = flowControl('1.25');
    storm(control);
    control.borrow(10e6);
    expect(control.currentLimit(SYSTEM)).to.equal(74);
  });

  it('let a busy level have what the idle ones lend, and queued requests execute then', () => {
    const control = flowControl('1.26');
    storm(control);
    expect(control.seatsInUse(SYSTEM)).to.equal(117);
    expect(control.queued).to.equal(483);
    control.borrow(10e6);
    // The others keep what they cannot lend: 602 − 73 − 25 − 49 − 24 − 24 − 13.
    expect(control.currentLimit(SYSTEM)).to.equal(394);
    expect(drain(control, 10e6)).to.have.length(394 - 117);
    expect(control.seatsInUse(SYSTEM)).to.equal(394);
  });

  it('give back what others need, and finish what executes first', () => {
    const control = flowControl('1.26');
    storm(control);
    control.borrow(10e6);
    drain(control, 10e6);
    for (let id = 0; id < 245; id++) arrives(control, 10_000 + id, WORKLOAD_LOW, [id, 0], 1, false, 10e6);
    control.borrow(20e6);
    expect(control.currentLimit(WORKLOAD_LOW)).to.be.at.least(245);
    expect(control.currentLimit(SYSTEM)).to.be.below(200);
    expect(control.seatsInUse(SYSTEM)).to.equal(394);
    control.finish(0, 20e6);
    expect(drain(control, 20e6).filter((id) => id < 10_000)).to.deep.equal([]);
  });

  it('count requests that are not simulated', () => {
    const control = flowControl('1.26');
    control.setBackgroundDemand(NODE_HIGH, 98, 0);
    control.borrow(10e6);
    expect(control.currentLimit(NODE_HIGH)).to.be.at.least(98);
    expect(control.currentLimit(SYSTEM)).to.be.below(117);
    // After a restart the demand is still to come.
    control.reset(20e6);
    control.configure(20e6);
    expect(control.currentLimit(SYSTEM)).to.equal(117);
    control.borrow(30e6);
    expect(control.currentLimit(SYSTEM)).to.be.below(117);
  });

  it('leave a level its minimum where all requests were in catch-all as the levels were read (findings/first-level.sh)', () => {
    const control = flowControl('1.37');
    control.reset(0);
    for (let id = 0; id < 600; id++) expect(arrives(control, id, SYSTEM, NODE, 1, false, 0)).to.equal(EXECUTE);
    control.configure(2e6);
    expect(control.currentLimit(SYSTEM)).to.equal(50);
  });

  it('have no effect where there are no levels', () => {
    const control = flowControl('1.26', { flowControl: 'maxInflight' });
    control.borrow(10e6);
    expect(arrives(control, 0, SYSTEM, NODE, 1, false, 10e6)).to.equal(EXECUTE);
  });
});
