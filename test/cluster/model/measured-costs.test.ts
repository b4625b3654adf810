import { expect } from 'chai';
import { watchListNs } from '../../../src/cluster/model/costs.js';
import { MEASURED_RELEASES, measuredFor } from '../../../src/cluster/model/measured-costs.js';
import { type Release, RELEASES } from '../../../src/cluster/model/releases.js';
import { modelOf } from '../../../src/validation/model.js';

describe('what an API server costs', () => {
  it('is what was measured of the nearest release', () => {
    expect(RELEASES.map((release) => measuredFor(release).release)).to.deep.equal(
      RELEASES.map((release) => (RELEASES.indexOf(release) <= RELEASES.indexOf('1.28') ? '1.20' : '1.37')),
    );
  });

  it('follows the release of the servers in an experiment, but for what that says itself', () => {
    const costs = (kubernetesVersion: Release, cpuUs = {}) =>
      modelOf({ cluster: { kubernetesVersion }, apiServer: { costs: { cpuUs } } }).apiServer.costs;
    expect(costs('1.20')).to.deep.equal(measuredFor('1.20').costs);
    expect(costs('1.37')).to.deep.equal(measuredFor('1.37').costs);
    const { getQuorum } = measuredFor('1.37').costs;
    expect(costs('1.37', { watch: 123, getQuorum: { at64KiB: 2000 } })).to.deep.equal({
      ...measuredFor('1.37').costs,
      watch: 123e3,
      getQuorum: { at1KiB: getQuorum.at1KiB, at64KiB: 2e6 },
    });
  });

  it('grows with the size of an object, at every release that was measured', () => {
    for (const { costs } of MEASURED_RELEASES) {
      for (const line of [costs.getFromCache, costs.getQuorum, costs.list, costs.write, costs.event])
        expect(line.at64KiB).to.be.above(line.at1KiB);
    }
  });

  it('is within a fifth of the measured one for a WatchList of 1 KiB at 1.37, which is put together', () => {
    // The mean over 500, 2,000 and 8,000 Secrets of experiments/laboratory/costs/1.37.
    const measuredNs = 1.03e6;
    expect(watchListNs(measuredFor('1.37').costs, 1424, true)).to.be.closeTo(measuredNs, 0.2 * measuredNs);
  });
});
