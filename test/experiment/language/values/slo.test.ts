import { expect } from 'chai';
import { METRICS } from '../../../../src/cluster/model/run-record.js';
import { parseSlo, tooFewReplications } from '../../../../src/experiment/language/values/slo.js';
import { metricColumn } from '../../../../src/report/metric-columns.js';
import { unitKind } from '../../../../src/experiment/language/values/metric-units.js';
import { sloOf } from '../../fakes.js';

function reason(text: string): string {
  const result = parseSlo(text);
  return result.ok ? 'accepted' : result.reason;
}

describe('a service level objective', () => {
  it('compares a metric of runs.csv with a limit: maxima by the worst replication, all others by the mean', () => {
    expect(sloOf(' delay_p99_s < 90 ')).to.deep.equal({
      text: 'delay_p99_s < 90',
      subject: 'delay_p99_s',
      metric: 'delay_p99_s',
      over: { kind: 'mean' },
      operator: '<',
      limit: 90,
    });
    expect(sloOf('watches_open_max<=2e5').over).to.deep.equal({ kind: 'worst' });
    expect(sloOf('watches_open_max_per_server<2').over).to.deep.equal({ kind: 'worst' });
    expect(sloOf('last_pod_mean_s < 2').over).to.deep.equal({ kind: 'mean' });
    for (const metric of METRICS) expect(reason(`${metric} >= 0.5`)).to.equal('accepted');
  });

  it('judges a function of the replications', () => {
    expect(sloOf('max( last_pod_max_s ) < 2m')).to.deep.include({ over: { kind: 'max' }, limit: 120 });
    expect(sloOf('mean(last_pod_max_s) < 2m')).to.deep.include({
      over: { kind: 'mean' },
      subject: 'mean(last_pod_max_s)',
    });
    expect(sloOf('min(projections) > 3').over).to.deep.equal({ kind: 'min' });
    expect(sloOf('p95(delay_p99_s) < 90s').over).to.deep.equal({ kind: 'quantile', p: 0.95 });
    expect(sloOf('p99.9(delay_p99_s) < 90s').over).to.deep.equal({ kind: 'quantile', p: 0.999 });
    expect(sloOf('share(last_pod_max_s < 2m) >= 99%')).to.deep.include({
      metric: 'last_pod_max_s',
      over: { kind: 'share', operator: '<', limit: 120 },
      operator: '>=',
      limit: 0.99,
    });
  });

  it('takes limits in the units of the column', () => {
    const limit = (text: string): number => sloOf(text).limit;
    expect(limit('delay_p99_s < 1m30s')).to.equal(90);
    expect(limit('delay_p99_s < 1.5 m')).to.equal(90);
    expect(limit('apiserver_memory_bytes < 64Gi')).to.equal(64 * 1024 ** 3);
    expect(limit('bytes_sent_per_s < 10Mi/s')).to.equal(10 * 1024 ** 2);
    expect(limit('apiserver_cpu_cores < 500m')).to.equal(0.5);
    expect(limit('apiserver_utilization_max <= 80%')).to.equal(0.8);
    expect(limit('delay_over_60s_share < 1%')).to.equal(0.01);
    expect(limit('get_per_s < 200/s')).to.equal(200);
  });

  it('knows the unit of every column by its name', () => {
    const unitOf = { seconds: 's', bytes: 'bytes', 'bytes/s': 'bytes/s', share: 'share', cores: 'cores' } as const;
    for (const metric of [...METRICS, 'delay_over_60s_share', 'last_pod_over_500ms_share'] as const) {
      const { unit } = metricColumn(metric);
      const kind = unitKind(metric);
      if (kind === 'rate') expect(unit, metric).to.match(/[^e]s\/s$/);
      else if (kind === 'count') expect(Object.values(unitOf), metric).to.not.include(unit);
      else expect(unit, metric).to.equal(unitOf[kind]);
    }
  });

  it('says what a limit of another unit would have to be', () => {
    expect(reason('delay_p99_s < 64Gi')).to.include('delay_p99_s is in seconds: write 90, 90s or 2m');
    expect(reason('apiserver_memory_bytes < 2m')).to.include('is in bytes: write');
    expect(reason('watches_open_max < 5s')).to.include('is a count without a unit');
    expect(reason('delay_p99_s < Infinity')).to.include('is in seconds');
    expect(reason('share(delay_p99_s < 90s) >= 99')).to.include('written as 99% or 0.99');
    expect(reason('share(delay_p99_s < 64Gi) >= 99%')).to.include('is in seconds');
  });

  it('names the nearest metric and function, or all of them', () => {
    expect(reason('delay_p99 < 90')).to.equal('unknown metric; did you mean delay_p99_s?');
    expect(reason('max(delay_p99) < 90')).to.equal('unknown metric; did you mean delay_p99_s?');
    expect(reason('share(last_pod_mx_s < 90) > 1%')).to.equal('unknown metric; did you mean last_pod_max_s?');
    expect(reason('foo < 90')).to.include(METRICS.join(', '));
    expect(reason('avg(delay_p99_s) < 90')).to.include('unknown function; did you mean mean? (known: mean, max');
    expect(reason('mx(delay_p99_s) < 90')).to.include('did you mean max?');
    expect(reason('p999(delay_p99_s) < 90')).to.include('did you mean p99.9?');
    expect(reason('p100(delay_p99_s) < 90')).to.include('take min or max');
  });

  it('knows shares beyond thresholds by the form of their names', () => {
    expect(reason('delay_over_60s < 1%')).to.include('delay_over_60s_share, with 60s in output.exceedances');
    expect(reason('last_pod_over_2m_share < 1%')).to.include('in whole seconds or milliseconds');
  });

  it('has an order', () => {
    expect(reason('delay_p99_s = 90')).to.equal('unknown operator (known: < <= > >=)');
    for (const text of ['delay_p99_s', '', 'max(delay_p99_s)', 'max(delay_p99_s < 90', 'share(delay_p99_s) >= 1%'])
      expect(reason(text), text).to.match(/reads METRIC OPERATOR LIMIT|share compares a metric/);
  });

  it('asks a quantile of no fewer replications than bear it', () => {
    expect(tooFewReplications(sloOf('p95(delay_p99_s) < 90'), 20)).to.equal(null);
    expect(tooFewReplications(sloOf('p95(delay_p99_s) < 90'), 19)).to.equal(
      'p95 of 19 replications leans on one of them alone: it takes 20 or more; add replications, or judge max(delay_p99_s)',
    );
    expect(tooFewReplications(sloOf('p99(delay_p99_s) < 90'), 99)).to.include('takes 100');
    expect(tooFewReplications(sloOf('p10(delay_p99_s) > 9'), 9)).to.include('judge min(delay_p99_s)');
    expect(tooFewReplications(sloOf('delay_p99_s < 90'), 1)).to.equal(null);
  });
});
