import { expect } from 'chai';
import { METRICS } from '../../src/cluster/model/run-record.js';
import { answerCsv, answerJson } from '../../src/report/answer-data.js';
import { sloOf } from '../experiment/fakes.js';
import { experiment, outcome, run, strategies, STRATEGY } from './fixtures.js';

const two = experiment({
  scenarios: strategies('Watch', 'Get'),
  slos: [sloOf('delay_p50_s < 38')],
});
const finished = outcome([run(1, 1), run(0, 2), run(0, 1)]);

describe('-o json', () => {
  it('has every metric of each scenario with its interval, and the verdicts', () => {
    const answer = JSON.parse(answerJson(two, finished)) as {
      scenarios: { scenario: string; factors: object; replications: number; metrics: Record<string, object> }[];
      slos: object[];
    };
    expect(answer).to.include({ experiment: 'rotation', complete: true });
    const [watch, get] = answer.scenarios;
    expect(watch).to.deep.include({ scenario: 'strategy=Watch', factors: { [STRATEGY]: 'Watch' }, replications: 2 });
    expect(Object.keys(watch.metrics)).to.deep.equal([...METRICS]);
    expect(watch.metrics['delay_p50_s']).to.include({ unit: 's', n: 2, mean: 38, min: 37.5, max: 38.5 });
    expect(get.metrics['delay_p50_s']).to.include({ n: 1, mean: 37.5, stddev: null, ci95_low: null });
    expect(answer.slos).to.have.length(2);
    expect(answer.slos[0]).to.include({
      slo: 'delay_p50_s < 38',
      scenario: 'strategy=Watch',
      passed: false,
      value: 38,
      missed_in: 1,
    });
    expect(answer.slos[0]).to.include({ judged_by: 'mean', mean: 38, replications: 2 });
  });
});

describe('-o csv', () => {
  it('has a row per scenario with the means of the metrics', () => {
    const [header, watch, get, end] = answerCsv(two, finished)
      .split('\n')
      .map((line) => line.split(','));
    expect(header).to.deep.equal(['experiment', 'scenario', STRATEGY, 'replications', ...METRICS]);
    expect(watch.slice(0, 4)).to.deep.equal(['rotation', 'strategy=Watch', 'Watch', '2']);
    expect(watch[header.indexOf('delay_p50_s')]).to.equal('38');
    expect(get[header.indexOf('delay_p50_s')]).to.equal('37.5');
    expect(get[header.indexOf('apiserver_cpu_cores')]).to.equal('');
    expect(end).to.deep.equal(['']);
  });
});
