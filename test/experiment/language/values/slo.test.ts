import { expect } from 'chai';
import { METRICS } from '../../../../src/cluster/model/run-record.js';
import { parseSlo } from '../../../../src/experiment/language/values/slo.js';

function reason(text: string): string {
  const result = parseSlo(text);
  return result.ok ? 'accepted' : result.reason;
}

describe('a service level objective', () => {
  it('compares a metric of runs.csv with a limit', () => {
    expect(parseSlo(' delay_p99_s < 90 ')).to.deep.equal({
      ok: true,
      value: { text: 'delay_p99_s < 90', metric: 'delay_p99_s', operator: '<', limit: 90 },
    });
    expect(parseSlo('watches_open_max<=2e5')).to.deep.include({ ok: true });
    for (const metric of METRICS) expect(reason(`${metric} >= 0.5`)).to.equal('accepted');
  });

  it('names the nearest metric, or all of them', () => {
    expect(reason('delay_p99 < 90')).to.equal('unknown metric; did you mean delay_p99_s?');
    expect(reason('foo < 90')).to.include(METRICS.join(', '));
  });

  it('has an order and a plain number', () => {
    expect(reason('delay_p99_s = 90')).to.equal('unknown operator (known: < <= > >=)');
    expect(reason('delay_p99_s < 90s')).to.match(/^the limit is not a plain number/);
    expect(reason('delay_p99_s < Infinity')).to.match(/is not a plain number/);
    expect(reason('delay_p99_s')).to.match(/^an SLO reads METRIC OPERATOR NUMBER/);
    expect(reason('')).to.match(/^an SLO reads METRIC OPERATOR NUMBER/);
  });
});
