import { expect } from 'chai';
import { watchListNs } from '../../../src/cluster/model/costs.js';
import { MEASURED_RELEASES, measuredFor } from '../../../src/cluster/model/measured-costs.js';
import { type Release, RELEASES } from '../../../src/cluster/model/releases.js';
import { modelOf } from '../../../src/validation/model.js';

describe('what an API server costs', () => {
  it('is what was measured of the nearest release', () => {
    expect(RELEASES.map((release) => measuredFor(release).release)).to.deep.equal(
      RELEASES.map((release) => {
        const minor = Number(release.slice(2));
        if (minor <= 27) return '1.20';
        return minor <= 35 ? '1.34' : '1.37';
      }),
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
      for (const line of [costs.getFromCache, costs.getQuorum, costs.list, costs.write, costs.watchList, costs.event])
        expect(line.at64KiB).to.be.above(line.at1KiB);
    }
  });

  it('is less for a WatchList that does not ask etcd, by what a GET from etcd costs more than one from the cache', () => {
    for (const { costs } of MEASURED_RELEASES) {
      const { getQuorum, getFromCache, watchList } = costs;
      const asking = getQuorum.at1KiB - getFromCache.at1KiB;
      expect(watchListNs(costs, 1024, true)).to.equal(watchList.at1KiB);
      expect(watchListNs(costs, 1024, false)).to.equal(watchList.at1KiB - asking);
    }
  });

  it('is a share of that for a request that finds no core idle, where that was measured', () => {
    for (const { costs } of MEASURED_RELEASES) {
      for (const share of Object.values<number>({ ...costs.busyShare })) expect(share).to.be.within(0.5, 1);
    }
    expect(measuredFor('1.20').costs.busyShare.fromEtcd).to.equal(1);
    expect(measuredFor('1.37').costs.busyShare.fromEtcd).to.be.below(measuredFor('1.37').costs.busyShare.fromMemory);
  });
});
