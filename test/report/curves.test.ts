import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { simulate } from '../../src/cluster/run/simulate.js';
import { longestDelay, requestRate, shareWithin } from '../../src/report/curves.js';
import { answerTable } from '../../src/report/terminal.js';
import { change, inputOf, objectClass } from '../cluster/scenario.js';
import { experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

describe('the curves of a scenario', () => {
  it('agree with updates.csv on the share that is reached in time', () => {
    const classes = [objectClass('all'), objectClass('own', { scope: 'deployment' })];
    const timeline = [change('update', 'all', 10), change('update', 'own', 20)];
    for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
      const simulated = simulate(inputOf({ nodes: 50, podsPerNode: 10, strategy, classes, timeline }), 1);
      const { updates } = simulated;
      const runs = [run(0, 1, simulated)];
      const due = updates.reduce((sum, { reached }) => sum + reached, 0);
      for (const [seconds, column] of [
        [10, 'reachedAfter10s'],
        [30, 'reachedAfter30s'],
        [60, 'reachedAfter60s'],
        [90, 'reachedAfter90s'],
      ] as const) {
        const share = updates.reduce((sum, update) => sum + update[column], 0) / due;
        // Between the quantiles of delays.csv, the closest are 25 % apart.
        expect(shareWithin(runs, seconds)).to.be.closeTo(share, 0.02);
      }
      const longest = longestDelay(runs) ?? NaN;
      expect(longest).to.equal(simulated.metrics.delay_max_s);
      expect(shareWithin(runs, longest)).to.equal(1);
      expect(shareWithin(runs, longest - 0.01)).to.be.below(1);
    }
  });

  it('never reach all where pods still wait at the end', () => {
    const pending = record(0, { metrics: { ...record().metrics, pending_at_end: 8 } });
    expect(shareWithin([run(0, 1, pending)], 1000)).to.equal(0.5);
  });

  it('have the requests of load.csv', () => {
    const { metrics: measured, requests } = simulate(inputOf({ nodes: 20, strategy: 'Get', duration: 605 }), 1);
    expect(requests.binS).to.equal(11);
    expect(requests.counts).to.have.length(55);
    const all = requests.counts.reduce((sum, count) => sum + count, 0);
    expect(all / 605).to.be.closeTo(Number(measured.get_per_s) + Number(measured.watch_per_s), 1e-9);
  });

  it('have rates, also of a last bin that ends early', () => {
    const runs = [run(0, 1), run(0, 2, record(0, { requests: { binS: 60, counts: [0, 0, 240] } }))];
    expect([30, 90, 130, 150].map((at) => requestRate(runs, at, 150))).to.deep.equal([0.5, 0, 8, 0]);
  });
});

describe('the curves on the terminal', () => {
  const two = experiment({ scenarios: strategies('Watch', 'Cache') });
  const both = outcome([run(0, 1), run(1, 1, record(90))]);
  const wide = { width: 100, colour: false, curves: true };

  it('stand on common axes, a line per scenario', () => {
    const lines = answerTable(two, both, wide).split('\n');
    const delays = lines.findIndex((line) => line.startsWith('share of the pods'));
    // The delays are spread evenly over 90 s, a cell is 3 s, and each of seven blocks a seventh of the pods.
    const rise = `${'▁▂▃'.replaceAll(/./g, '$&$&$&$&')}▄▄▄▄▄${'▅▆▇'.replaceAll(/./g, '$&$&$&$&')}`;
    expect(lines.slice(delays, delays + 4)).to.deep.equal([
      'share of the pods with the new files, by the time since the commit (█ all)',
      `  Watch   ${rise}${'█'.repeat(31)}`,
      `  Cache   ${' '.repeat(30)}${rise}█`,
      `          0 s${'180 s'.padStart(57)}`,
    ]);
    expect(lines[delays + 5]).to.equal('requests/s over the measured time (█ 8/s)');
    expect(lines[delays + 6]).to.match(/^ {2}Watch {3}▁{24} {24}█{12}$/);
    expect(lines[delays + 8]).to.equal(`          0 s${'150 s'.padStart(57)}`);
  });

  it('are left out where they are not asked for, do not fit, or are many', () => {
    const narrow = [
      { width: 160, colour: false },
      { ...wide, width: 99 },
    ];
    for (const options of narrow) expect(answerTable(two, both, options)).not.to.match(/[▁█]/);
    const scenarios = strategies('Watch', 'Cache', 'Get', 'Watch', 'Cache');
    const many = outcome(scenarios.map((_, index) => run(index, 1)));
    expect(answerTable(experiment({ scenarios }), many, wide)).not.to.match(/[▁█]/);
  });

  it('have the requests alone where no update reached anybody', () => {
    const idle = record(0, { updates: [], delays: [], metrics: metrics({ delay_p50_s: null, last_pod_max_s: null }) });
    const text = answerTable(experiment(), outcome([run(0, 1, idle)]), wide);
    expect(text).to.contain('requests/s over').and.not.contain('share of the pods');
    expect(answerTable(experiment(), outcome([]), wide)).not.to.contain('requests/s over');
  });

  it('have no colour but that of their axes', () => {
    const coloured = answerTable(two, both, { ...wide, colour: true });
    expect(stripVTControlCharacters(coloured)).to.equal(answerTable(two, both, wide));
  });
});
