import { expect } from 'chai';
import { measuredFor } from '../../src/cluster/model/measured-costs.js';
import { VERB } from '../../src/cluster/model/verbs.js';
import { buildPopulation } from '../../src/cluster/run/simulate.js';
import { observe } from '../../src/validation/observation.js';
import { type Laboratory, openLaboratory, shippedLaboratories } from '../../src/validation/laboratory.js';
import { besideSlowness, clientsCpuS, serverCpuS, slownessOf } from '../../src/validation/storm-cpu.js';
import { hasStorm, type MeasuredStorm, measuredStorm, type StormFigures } from '../../src/validation/measured-storm.js';
import { KILL_S, START_CPU_S, stormFigures, stormInput } from '../../src/validation/storm.js';

describe('the measured restart storm (1.20.2, 5,000 reflectors, one core; experiments/validation)', () => {
  const [first] = shippedLaboratories();
  const storm = measuredStorm(openLaboratory(first));
  const watches = storm.clients * storm.reflectors;

  it('takes the CPU that the costs give its requests, those of WATCHes having been derived from it', () => {
    const { list, connection, watch, watchGone } = measuredFor('1.20').costs;
    const costs = storm.gone * watchGone + watches * watch + storm.lists * list.at1KiB + storm.connections * connection;
    // The first reading after the last watch lies up to a second behind it.
    expect(START_CPU_S + costs / 1e9).to.be.closeTo(storm.cpu, 0.01 * storm.cpu);
  });

  it('sends a reflector from a refused WATCH by a 410 to a LIST and to the WATCH that stays', () => {
    // Nothing else wants the core, the rest of the start included.
    const startup = { listen: '100ms', wait: '900ms', serveCpu: '2600ms', readyCpu: '0s' };
    const input = stormInput('1.20', { ...storm, clients: 1, reflectors: 1 }, { startup });
    for (let replication = 1; replication <= 30; replication++) {
      const { metrics, requests, storms } = observe(input, replication, buildPopulation(input));
      const answered = Array.from(requests.atS)
        .map((at, i) => ({ at: at - KILL_S, verb: requests.verb[i] }))
        .filter(({ at }) => at >= 0);
      expect([metrics.requests_refused, metrics.gone_410]).to.deep.equal([1, 1]);
      // The refused WATCH, the one that is answered 410, the LIST, the WATCH that stays.
      expect(answered.map(({ verb }) => verb)).to.deep.equal([VERB.WATCH, VERB.WATCH, VERB.LIST, VERB.WATCH]);
      // The back-off's first step.
      expect(answered[2].at - answered[1].at).to.be.within(0.8, 1.61);
      expect(answered[3].at - answered[2].at).to.be.within(0, 0.1);
      expect(storms[0].watchesBack).to.equal(1);
    }
  });

  it('is back within a fifth of the measured times, without a fit', () => {
    const input = stormInput('1.20', storm);
    const simulated = stormFigures(observe(input, 1, buildPopulation(input)), storm);
    for (const figure of ['back50', 'back90', 'back100'] as const) {
      expect(simulated[figure] / storm[figure], figure).to.be.within(0.8, 1.2);
    }
  });

  it('would be over in less than half the time if requests did not wait for the core', () => {
    const input = stormInput('1.20', storm, { capacity: 'unlimited' });
    expect(stormFigures(observe(input, 1, buildPopulation(input)), storm).back100).to.be.below(storm.back100 / 2);
  });
});

describe('the measured storm of 2,500 reflectors (1.37; experiments/laboratory/data)', () => {
  const storm = measuredStorm(
    openLaboratory(shippedLaboratories().find((folder) => folder.endsWith('storm-2500')) ?? ''),
  );

  it('tells when the killed process had ended, and when each reflector noticed', () => {
    // Started 1.2446 s after the kill, of which it had planned one without a process.
    expect(storm.exited).to.be.closeTo(0.2446, 1e-6);
    expect(storm.noticed).to.have.length(2500);
    expect([storm.noticed[0], storm.noticed[2499]]).to.deep.equal([0.065, 0.305]);
  });

  it('resets, refuses and takes back as many as were measured, and as soon, within 15 %', () => {
    const input = stormInput('1.37', storm);
    const replications = [1, 2, 3, 4, 5];
    const runs = replications.map((replication) => {
      const observation = observe(input, replication, buildPopulation(input));
      return { ...stormFigures(observation, storm), reset: observation.metrics.requests_lost ?? NaN };
    });
    const mean = (figure: keyof (typeof runs)[number]): number =>
      runs.reduce((sum, run) => sum + run[figure], 0) / runs.length;
    // storm-attempts.csv.gz: 2,055 of class `reset`.
    expect(mean('reset') / 2055).to.be.within(0.85, 1.15);
    for (const figure of ['refused', 'gone', 'back50', 'back90', 'back100'] as const)
      expect(mean(figure) / storm[figure], figure).to.be.within(0.85, 1.15);
  });
});

describe('the same storm of clients that begin with LIST and WATCH (experiments/laboratory/data/1.37-lists-2500)', () => {
  const laboratory = openLaboratory(shippedLaboratories().find((folder) => folder.endsWith('lists-2500')) ?? '');
  const storm = measuredStorm(laboratory);
  const run = (listsFirst: boolean): StormFigures => {
    const input = stormInput(laboratory.release, { ...storm, listsFirst });
    return stormFigures(observe(input, 1, buildPopulation(input)), storm);
  };

  it('has each reflector list once, after a 410, whether it is measured or simulated', () => {
    for (const { lists, gone } of [storm, run(storm.listsFirst)]) {
      expect(lists).to.be.closeTo(2500, 2);
      expect(gone).to.be.closeTo(2500, 2);
    }
    expect(run(false).lists, 'as 1.37 does by itself').to.equal(0);
  });

  it('is back as soon as measured or up to a quarter later', () => {
    const simulated = run(storm.listsFirst);
    for (const figure of ['back50', 'back90', 'back100'] as const)
      expect(simulated[figure] / storm[figure], figure).to.be.within(0.95, 1.25);
  });
});

describe('the CPU of a server in a measured storm', () => {
  const SLOW = /-5000-[cd]$|-turns-|-two-cores-/;
  let all: readonly { readonly laboratory: Laboratory; readonly storm: MeasuredStorm }[] = [];
  const older = (): typeof all => all.filter(({ laboratory }) => !SLOW.test(laboratory.name));

  before('reads the tables of all of them, once', () => {
    all = shippedLaboratories()
      .map(openLaboratory)
      .filter((laboratory) => hasStorm(laboratory) && laboratory.release !== '1.20')
      .map((laboratory) => ({ laboratory, storm: measuredStorm(laboratory) }));
  });

  it('is that of the table of costs, which was measured without a storm, within 15 %', () => {
    expect(older()).to.have.length(12);
    for (const { laboratory, storm } of older())
      expect(serverCpuS(laboratory.release, storm) / storm.cpu, laboratory.name).to.be.within(0.85, 1.15);
  });

  it('and that of its clients what they do on the core that they share, within 15 %', () => {
    for (const { laboratory, storm } of older())
      expect(clientsCpuS(storm) / storm.clientsCpu, laboratory.name).to.be.within(0.85, 1.15);
  });

  it('tells how slow a machine is that takes more of it: seven storms were measured on such ones', () => {
    const slow = all.filter((each) => !older().includes(each));
    expect(slow).to.have.length(7);
    for (const { laboratory, storm } of slow) {
      const { start, server } = slownessOf(laboratory.release, storm);
      expect(Math.min(start, server), laboratory.name).to.be.above(1.15);
    }
    for (const { laboratory, storm } of older())
      expect(slownessOf(laboratory.release, storm), laboratory.name).to.include({ start: 1, server: 1 });
  });

  it('of its start and of all else each by its own meter, where its log says when it served', () => {
    const [{ laboratory, storm }] = older();
    const { release } = laboratory;
    expect(slownessOf(release, storm)).to.deep.equal({ start: 1, server: 1, clients: 1 });
    const slow = { ...storm, cpu: 2 * serverCpuS(release, storm), clientsCpu: 4 * clientsCpuS(storm) };
    expect(slownessOf(release, slow)).to.deep.equal({ start: 2, server: 2, clients: 4 });
    const { startup } = measuredFor(release);
    const startS = (startup.serveCpuUs + startup.readyCpuUs) / 1e6;
    const startCpu = (3 * startup.serveCpuUs) / 1e6;
    const dearer = { ...slow, startCpu, cpu: 3 * startS + 2 * (serverCpuS(release, storm) - startS) };
    const told = slownessOf(release, dearer);
    expect(told.start).to.be.closeTo(3, 1e-9);
    expect(told.server).to.be.closeTo(2, 1e-9);
    const turns = { ...slow, shareOfTime: { server: 0.25, others: 0.75 } };
    expect(slownessOf(release, turns)).to.deep.equal({ start: 8, server: 8, clients: 4 / 0.75 });
    expect(slownessOf(release, { ...slow, cpu: NaN, clientsCpu: NaN })).to.deep.equal({
      start: 1,
      server: 1,
      clients: 1,
    });
  });

  it('is told beside the reason of a row that misses, and is none itself', () => {
    const slow = { start: 1.8, server: 1.78, clients: 1.32 };
    expect(besideSlowness('too early', slow)).to.match(/^too early; .* 1\.78 times .* server, 1\.32 for its clients$/);
    expect(besideSlowness('', slow)).to.equal('');
    expect(besideSlowness('too early', { start: 1, server: 1, clients: 1 })).to.equal('too early');
  });

  it('makes a storm on such a machine as much longer', () => {
    const [{ laboratory, storm }] = older();
    const back50 = (slowness: number): number => {
      const input = stormInput(laboratory.release, storm, {}, { start: slowness, server: slowness, clients: slowness });
      return stormFigures(observe(input, 1, buildPopulation(input)), storm).back50;
    };
    expect((back50(2) - storm.started) / (back50(1) - storm.started)).to.be.within(1.6, 2.2);
  });
});
