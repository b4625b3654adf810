import { expect } from 'chai';
import type { Metric } from '../../src/cluster/model/run-record.js';
import type { Slo } from '../../src/experiment/language/values/slo.js';
import { judgeSlos } from '../../src/report/slos.js';
import { experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

const slo = (metric: Metric, operator: Slo['operator'], limit: number): Slo => ({
  text: `${metric} ${operator} ${limit}`,
  metric,
  operator,
  limit,
});

const outcomeOf = (metric: Metric, values: readonly (number | null)[]) =>
  outcome(values.map((value, i) => run(0, i + 1, record(0, { metrics: metrics({ [metric]: value }) }))));

const judge = (objective: Slo, values: readonly (number | null)[]) =>
  judgeSlos(experiment({ slos: [objective] }), outcomeOf(objective.metric, values))[0];

describe('an SLO', () => {
  it('is judged on the mean over the replications', () => {
    expect(judge(slo('delay_p99_s', '<', 90), [80, 99])).to.include({ mean: 89.5, passed: true });
    expect(judge(slo('delay_p99_s', '<', 90), [82, 99])).to.include({ mean: 90.5, passed: false });
  });

  it('takes each operator at its word when the mean is the limit', () => {
    const passes = (operator: Slo['operator']) => judge(slo('get_per_s', operator, 5), [5]).passed;
    expect([passes('<'), passes('<='), passes('>'), passes('>=')]).to.deep.equal([false, true, false, true]);
  });

  it('is uncertain where the 95 % interval straddles the limit', () => {
    expect(judge(slo('delay_p99_s', '<', 90), [80, 99])).to.include({ passed: true, uncertain: true });
    expect(judge(slo('delay_p99_s', '<', 90), [80, 80.1])).to.include({ passed: true, uncertain: false });
    expect(judge(slo('delay_p99_s', '<', 90), [80])).to.include({ passed: true, uncertain: false });
  });

  it('is missed where the metric is empty', () => {
    expect(judge(slo('last_pod_max_s', '<', 90), [null, null])).to.include({ mean: null, passed: false });
  });

  it('is missed where the metric is empty in one replication: the mean would leave the worst out', () => {
    expect(judge(slo('last_pod_max_s', '<', 90), [80, null])).to.include({ mean: null, passed: false });
  });

  it('is missed by a scenario without a completed run', () => {
    expect(judge(slo('get_per_s', '>=', 0), [])).to.include({ mean: null, passed: false });
  });

  it('has a verdict for each scenario', () => {
    const two = experiment({ slos: [slo('delay_p50_s', '<', 38)], scenarios: strategies('Watch', 'Get') });
    const verdicts = judgeSlos(two, outcome([run(1, 1, record(5)), run(0, 1)]));
    expect(verdicts.map(({ scenario, passed }) => [scenario, passed])).to.deep.equal([
      ['strategy=Watch', true],
      ['strategy=Get', false],
    ]);
  });
});
