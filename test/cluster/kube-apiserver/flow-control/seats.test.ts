import { expect } from 'chai';
import {
  listSeats,
  maxSeatsOfLevel,
  writeExtraLatencyUs,
  writeFinalSeats,
} from '../../../../src/cluster/kube-apiserver/flow-control/seats.js';
import {
  NODE_HIGH,
  nominalConcurrencyLimits,
  PRIORITY_LEVELS,
  SYSTEM,
  WORKLOAD_LOW,
} from '../../../../src/cluster/kube-apiserver/flow-control/priority-levels.js';

describe('seats', () => {
  it('are shared among eight levels from 1.22 on', () => {
    expect(PRIORITY_LEVELS.map((level) => level.name)).to.deep.equal([
      'system',
      'node-high',
      'leader-election',
      'workload-high',
      'workload-low',
      'global-default',
      'catch-all',
      'exempt',
    ]);
    // ceil(600 × shares / 245).
    expect(Array.from(nominalConcurrencyLimits(600, true))).to.deep.equal([74, 98, 25, 98, 245, 49, 13, 0]);
  });

  it('are shared without node-high up to 1.21', () => {
    // ceil(600 × shares / 205).
    expect(Array.from(nominalConcurrencyLimits(600, false))).to.deep.equal([88, 0, 30, 118, 293, 59, 15, 0]);
  });

  it('follow the server’s limits of requests in flight', () => {
    const limits = nominalConcurrencyLimits(1600, true);
    expect([limits[SYSTEM], limits[NODE_HIGH], limits[WORKLOAD_LOW]]).to.deep.equal([196, 262, 654]);
  });

  it('of one request are at most 15 % of the level and a sixth of it', () => {
    expect(maxSeatsOfLevel(74, 6)).to.equal(12);
    expect(maxSeatsOfLevel(25, 4)).to.equal(4);
    expect(maxSeatsOfLevel(245, 6)).to.equal(37);
    expect(maxSeatsOfLevel(5, 6)).to.equal(1);
  });

  it('of a write follow its watchers: one per ten, at most ten, their work kept by a longer time', () => {
    expect([writeFinalSeats(9, 12), writeExtraLatencyUs(9, 12)]).to.deep.equal([0, 0]);
    expect([writeFinalSeats(10, 12), writeExtraLatencyUs(10, 12)]).to.deep.equal([1, 5000]);
    expect([writeFinalSeats(91, 12), writeExtraLatencyUs(91, 12)]).to.deep.equal([10, 5000]);
    // 500 seats for 5 ms become 10 seats for 250 ms.
    expect([writeFinalSeats(5000, 12), writeExtraLatencyUs(5000, 12)]).to.deep.equal([10, 250_000]);
    expect([writeFinalSeats(5000, 4), writeExtraLatencyUs(5000, 4)]).to.deep.equal([4, 625_000]);
  });

  it('of a LIST by name are one; of a whole resource one per 100 objects or, from 1.34 on, per 100 kB', () => {
    expect(listSeats(1, 1500, false, 12)).to.equal(1);
    expect(listSeats(1, 1500, true, 12)).to.equal(1);
    expect(listSeats(250, 1e6, false, 12)).to.equal(3);
    expect(listSeats(250, 250_001, true, 12)).to.equal(3);
    expect(listSeats(5000, 5e6, false, 12)).to.equal(10);
    // Streamed from the cache: at most 1 MB at once.
    expect(listSeats(5000, 5e6, true, 12)).to.equal(10);
    expect(listSeats(5000, 5e6, true, 4)).to.equal(4);
  });
});
