import { expect } from 'chai';
import { CpuStation, MAX_BACKGROUND_SHARE } from '../../../src/cluster/kube-apiserver/cpu-station.js';
import { RandomStream } from '../../../src/sim/random.js';

/** Mean service time of the stochastic tests, µs: long enough that whole microseconds of arrivals do not matter. */
const SERVICE_US = 1000;
const BATCHES = 40;
const BATCH = 10_000;

/** Mean wait with its standard error from batch means; service times are exponential or constant. */
function meanWait(station: CpuStation, load: number, cores: number, law: 'exponential' | 'constant', seed: string) {
  const stream = RandomStream.fromSeed(seed);
  const gapUs = SERVICE_US / (load * cores);
  const means: number[] = [];
  let now = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) {
      stream.pair(0, batch, i);
      now += Math.round(-gapUs * Math.log(1 - stream.first()));
      sum += station.backlogUs(now);
      station.serve(now, law === 'constant' ? SERVICE_US : -SERVICE_US * Math.log(1 - stream.second()));
    }
    means.push(sum / BATCH);
  }
  const mean = means.reduce((a, b) => a + b) / BATCHES;
  const variance = means.reduce((a, b) => a + (b - mean) ** 2, 0) / (BATCHES - 1);
  return { mean, error: Math.sqrt(variance / BATCHES) };
}

/** Erlang's C: the probability that a job waits at `cores` cores under the offered load `a` (in cores). */
function erlangC(cores: number, a: number): number {
  let blocked = 1;
  for (let c = 1; c <= cores; c++) blocked = (a * blocked) / (c + a * blocked);
  return blocked / (1 - (a / cores) * (1 - blocked));
}

/** Within four standard errors, which are small enough to tell the law from its neighbours. */
function expectMean(measured: { mean: number; error: number }, exact: number): void {
  expect(measured.error / exact).to.be.below(0.06);
  expect(Math.abs(measured.mean - exact)).to.be.below(4 * measured.error);
}

describe('the cores of a server', () => {
  for (const load of [0.5, 0.9]) {
    it(`make jobs wait as an M/M/1 queue does at load ${load}`, () => {
      expectMean(meanWait(new CpuStation(1), load, 1, 'exponential', 'mm1'), (SERVICE_US * load) / (1 - load));
    });

    it(`make jobs wait as an M/D/1 queue does at load ${load}: half of that (Pollaczek and Khinchine)`, () => {
      expectMean(meanWait(new CpuStation(1), load, 1, 'constant', 'md1'), (SERVICE_US * load) / (2 * (1 - load)));
    });

    it(`make jobs wait as an M/M/4 queue does at load ${load} (Erlang C)`, () => {
      const exact = (erlangC(4, 4 * load) * SERVICE_US) / (4 * (1 - load));
      expectMean(meanWait(new CpuStation(4), load, 4, 'exponential', 'mm4'), exact);
    });
  }

  it('are slowed by background traffic as by a smaller server', () => {
    const station = new CpuStation(1);
    station.setBackground(0.5);
    // Half the load on half the capacity: every job takes twice as long.
    expectMean(meanWait(station, 0.45, 1, 'exponential', 'background'), (2 * SERVICE_US * 0.9) / (1 - 0.9));
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
