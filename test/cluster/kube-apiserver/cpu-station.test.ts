import { deviation, mean } from 'd3-array';
import { expect } from 'chai';
import { CpuStation, MAX_BACKGROUND_SHARE } from '../../../src/cluster/kube-apiserver/cpu-station.js';
import { meanWaits, SERVICE_US } from '../../../src/validation/direct-forms.js';

/** What M/M/1, M/D/1 and M/M/4 give is held by `validate`. */
describe('the cores of a server', () => {
  it('are slowed by background traffic as by a smaller server', () => {
    const station = new CpuStation(1);
    station.setBackground(0.5);
    // Half the load on half the capacity: every job takes twice as long.
    const waits = meanWaits(station, 0.45, 1, 'exponential', 'background');
    const error = (deviation(waits) ?? NaN) / Math.sqrt(waits.length);
    const exact = (2 * SERVICE_US * 0.9) / (1 - 0.9);
    expect(error / exact).to.be.below(0.06);
    expect(Math.abs((mean(waits) ?? NaN) - exact)).to.be.below(4 * error);
  });

  it('serve first come first served, each job by the first free core', () => {
    const station = new CpuStation(2);
    expect([station.serve(0, 100), station.serve(0, 30), station.serve(10, 50)]).to.deep.equal([100, 30, 80]);
    expect(station.backlogUs(10)).to.equal(70);
    expect(station.serve(200, 1)).to.equal(201);
    expect(station.backlogUs(200)).to.equal(0);
    expect(station.busyUs).to.equal(181);
  });

  it('are slower cores where their number is a fraction: half a core takes twice the time', () => {
    expect(new CpuStation(0.5).serve(0, 100)).to.equal(200);
    const station = new CpuStation(2.5);
    const ends = [0, 0, 0, 0].map((now) => station.serve(now, 100));
    expect(ends).to.deep.equal([120, 120, 120, 240]);
  });

  it('add up work of a fraction of a microsecond', () => {
    const station = new CpuStation(1);
    let end = 0;
    for (let i = 0; i < 1000; i++) end = station.serve(0, 0.1);
    expect(end).to.equal(100);
  });

  it('forget what was waiting when the process starts anew', () => {
    const station = new CpuStation(1);
    station.serve(0, 1e6);
    station.reset(500);
    expect(station.backlogUs(500)).to.equal(0);
    expect(station.serve(500, 10)).to.equal(510);
  });

  it('refuse to be no cores, or all taken by background traffic', () => {
    for (const cores of [0, -1, NaN, Infinity]) expect(() => new CpuStation(cores)).to.throw(RangeError);
    for (const share of [-0.1, 1, MAX_BACKGROUND_SHARE + 0.001, NaN])
      expect(() => new CpuStation(1).setBackground(share)).to.throw(RangeError);
  });
});
