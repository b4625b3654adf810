import { expect } from 'chai';
import {
  BORROWING_ADJUSTMENT_PERIOD_US,
  CATCH_ALL,
  EXECUTE,
  SYSTEM,
} from '../../../src/cluster/kube-apiserver/flow-control.js';
import { SeatBorrowing } from '../../../src/cluster/kube-apiserver/seat-borrowing.js';
import { ServerProcess } from '../../../src/cluster/kube-apiserver/server-process.js';
import { EVENT } from '../../../src/cluster/model/events.js';
import { Simulator } from '../../../src/sim/simulator.js';
import { inputOf } from '../scenario.js';

const ALL_SEATS = 600;
/** Of an idle server whose levels borrow. */
const SYSTEM_SEATS = 117;

describe('the priority levels of a server', () => {
  const input = inputOf({ apiServer: { capacity: 1 } });
  const sim = new Simulator();
  const process = new ServerProcess(input, sim, 0, 1);
  const told: number[] = [];
  const borrowing = new SeatBorrowing(sim, [process], { dispatchQueued: () => told.push(sim.now) });
  const until = (at: number): void => {
    sim.run(at, {
      handle: (kind, server, incarnation) => {
        if (kind === EVENT.BORROW) borrowing.adjust(server, incarnation);
      },
    });
  };

  it('are one with all seats until they have been read, however long that takes a server that starts anew', () => {
    process.flow?.reset(0);
    borrowing.levelsRead(0);
    expect(process.flow?.currentLimit(SYSTEM)).to.equal(SYSTEM_SEATS);
    process.ends(sim.now, true, [true, true]);
    until(3.5 * BORROWING_ADJUSTMENT_PERIOD_US);
    expect(told).to.deep.equal([]);
    for (let request = 0; request < ALL_SEATS; request++) {
      process.flow?.announce(request, SYSTEM, 1, 0);
      expect(process.flow?.arrive(request, 0, 0, sim.now)).to.equal(EXECUTE);
    }
    expect(process.flow?.currentLimit(CATCH_ALL)).to.equal(ALL_SEATS);
  });

  it('borrow seats of each other from then on, each ten seconds', () => {
    const read = sim.now;
    borrowing.levelsRead(0);
    expect(process.flow?.currentLimit(CATCH_ALL)).to.be.below(ALL_SEATS);
    until(read + 2.5 * BORROWING_ADJUSTMENT_PERIOD_US);
    expect(told).to.deep.equal([read + BORROWING_ADJUSTMENT_PERIOD_US, read + 2 * BORROWING_ADJUSTMENT_PERIOD_US]);
  });
});
