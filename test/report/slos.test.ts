import { expect } from 'chai';
import { range } from 'd3-array';
import type { RunMetrics } from '../../src/cluster/model/run-record.js';
import type { Slo } from '../../src/experiment/language/values/slo.js';
import { judgedText } from '../../src/report/slo-lines.js';
import { judgeSlos } from '../../src/report/slos.js';
import { sloOf } from '../experiment/fakes.js';
import { experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

const outcomeOf = ({ metric }: Slo, values: readonly (number | null)[]) =>
  outcome(values.map((value, i) => run(0, i + 1, record(0, { metrics: metrics({ [metric]: value }) }))));

const judge = (text: string, values: readonly (number | null)[]) => {
  const slo = sloOf(text);
  return judgeSlos(experiment({ slos: [slo] }), outcomeOf(slo, values))[0];
};
const told = (text: string, values: readonly (number | null)[]) => judgedText(sloOf(text), judge(text, values));

describe('an SLO', () => {
  it('is judged on the mean over the replications, and says in how many it was missed', () => {
    expect(judge('delay_p99_s < 90', [80, 99])).to.include({ value: 89.5, passed: true, missedIn: 1 });
    expect(judge('delay_p99_s < 90', [82, 99])).to.include({ value: 90.5, passed: false });
    expect(told('delay_p99_s < 90', [80, 80])).to.equal('80 s (mean of 2 replications)');
    expect(told('delay_p99_s < 90', [80])).to.equal('80 s');
  });

  it('is judged on the worst replication where the column is a maximum', () => {
    const last = [334, 350, 351, 352, 353, 354, 371, 372, 374, 375];
    expect(judge('last_pod_max_s < 365', last)).to.include({ value: 375, passed: false, missedIn: 4 });
    expect(told('last_pod_max_s < 365', last)).to.equal('375 s (worst of 10 replications; missed in 4 of 10)');
    expect(judge('mean(last_pod_max_s) < 365', last)).to.include({ value: 358.6, passed: true });
    expect(judge('last_pod_max_s < 376', last)).to.include({ passed: true, missedIn: 0, uncertain: false });
    // The worst for an objective that wants much is the least.
    expect(judge('watches_open_max > 5', [6, 4, 9])).to.include({ value: 4, passed: false });
    expect(judge('max(watches_open_max) > 5', [6, 4, 9])).to.include({ value: 9, passed: true });
    expect(told('min(get_per_s) >= 5', [6, 4, 9])).to.equal('4 (worst of 3 replications; missed in 1 of 3)');
  });

  it('is judged on a quantile (R-7), between order statistics', () => {
    const values = range(1, 101);
    expect(judge('p95(delay_p99_s) < 96', values)).to.include({ passed: true, uncertain: true, missedIn: 5 });
    expect(judge('p95(delay_p99_s) < 96', values).value).to.be.closeTo(95.05, 1e-9);
    expect(judge('p50(delay_p99_s) < 90', values)).to.include({ passed: true, uncertain: false });
    // Of 100 draws, from 90 to 99 lie below the quantile in 95 % of cases: it is between these places.
    expect(told('p95(delay_p99_s) < 96', values)).to.equal(
      '95.1 s, 95 % interval 90 to 100 (p95 of 100 replications; missed in 5 of 100)',
    );
    // No upper end of p95 below 72: no number of good values makes it sure.
    expect(judge('p95(delay_p99_s) < 96', range(20))).to.include({ passed: true, uncertain: true });
  });

  it('is missed where pods that still wait would decide it, and only then', () => {
    const slo = (text: string, waiting: number, values: Partial<RunMetrics> = {}): boolean => {
      const runs = metrics({ projections: 6, replaced: 2, pending_at_end: waiting, delay_p50_s: 80, ...values });
      return judgeSlos(experiment({ slos: [sloOf(text)] }), outcome([run(0, 1, record(0, { metrics: runs }))]))[0]
        .passed;
    };
    // 8 have it: of 16 half do, of 17 fewer.
    expect([0, 1, 8, 9].map((waiting) => slo('delay_p50_s < 90', waiting))).to.deep.equal([true, true, true, false]);
    expect(slo('delay_p90_s < 90', 0, { delay_p90_s: 85 })).to.equal(true);
    expect(slo('delay_p90_s < 90', 1, { delay_p90_s: 85 })).to.equal(false);
    for (const metric of ['delay_mean_s', 'delay_max_s', 'sync_wait_mean_s'])
      expect(slo(`${metric} < 90`, 1, { [metric]: 80 })).to.equal(false);
    expect(slo('watches_open_mean < 90', 100, { watches_open_mean: 80 })).to.equal(true);
  });

  it('shows a number on the side of the limit that it is on', () => {
    expect(told('last_pod_bound_s < 91.31', [91.301875])).to.equal('91.301875 s');
    expect(told('last_pod_bound_s < 91.4', [91.301875])).to.equal('91.301875 s');
    expect(told('last_pod_bound_s < 92', [91.301875])).to.equal('91.4 s');
    expect(told('max(last_pod_max_s) < 1000', [999.96])).to.equal('999.96 s');
    expect(told('max(last_pod_max_s) < 2000', [1999.4])).to.equal('1,999 s');
  });

  it('has no verdict of a quantile where too many runs failed to bear it', () => {
    expect(judge('p95(delay_p99_s) < 96', range(19))).to.include({ value: null, passed: false });
    expect(told('p95(delay_p99_s) < 96', range(19))).to.include('p95 of 19 replications');
  });

  it('is judged on the share of replications, with the exact interval of a proportion', () => {
    const text = 'share(last_pod_max_s < 2m) >= 99%';
    expect(judge(text, [80, 90, 100, 130])).to.include({ value: 0.75, passed: false, missedIn: 1 });
    expect(judge(text, range(10))).to.include({ value: 1, passed: true, uncertain: true });
    expect(
      judge(
        text,
        range(100).map(() => 5),
      ),
    ).to.include({ passed: true, uncertain: true });
    expect(judge('share(last_pod_max_s < 2m) >= 50%', range(10))).to.include({ passed: true, uncertain: false });
    expect(told(text, range(10))).to.equal('100 %, 95 % interval 69.2 % to 100 % (of 10 replications)');
  });

  it('takes each operator at its word when the mean is the limit', () => {
    const passes = (operator: string) => judge(`get_per_s ${operator} 5`, [5]).passed;
    expect([passes('<'), passes('<='), passes('>'), passes('>=')]).to.deep.equal([false, true, false, true]);
  });

  it('is uncertain where the 95 % interval straddles the limit', () => {
    expect(judge('delay_p99_s < 90', [80, 99])).to.include({ passed: true, uncertain: true });
    expect(judge('delay_p99_s < 90', [80, 80.1])).to.include({ passed: true, uncertain: false });
    expect(judge('delay_p99_s < 90', [80])).to.include({ passed: true, uncertain: false });
  });

  it('is missed where the metric is empty', () => {
    for (const text of ['last_pod_max_s < 90', 'mean(last_pod_max_s) < 90', 'max(last_pod_max_s) > 1'])
      expect(judge(text, [null, null]), text).to.include({ value: null, passed: false, missedIn: 2 });
  });

  it('is missed where the metric is empty in one replication: the others would be the good cases', () => {
    expect(judge('last_pod_max_s < 90', [80, null])).to.include({ value: null, passed: false });
    expect(told('last_pod_max_s < 90', [80, null])).to.equal('no value in some replications; missed in 1 of 2');
  });

  it('counts an empty replication against a share, whichever way that is asked for', () => {
    expect(judge('share(last_pod_max_s < 90) >= 70%', [80, 80, null, null]).value).to.equal(0.5);
    expect(judge('share(last_pod_max_s > 90) <= 30%', [80, 80, null, null]).value).to.equal(0.5);
  });

  it('is missed by a scenario without a completed run', () => {
    expect(judge('get_per_s >= 0', [])).to.include({ value: null, passed: false });
    expect(judge('share(get_per_s >= 0) >= 0%', [])).to.include({ value: null, passed: false });
  });

  it('has a verdict for each scenario', () => {
    const two = experiment({ slos: [sloOf('delay_p50_s < 38')], scenarios: strategies('Watch', 'Get') });
    const verdicts = judgeSlos(two, outcome([run(1, 1, record(5)), run(0, 1)]));
    expect(verdicts.map(({ scenario, passed }) => [scenario, passed])).to.deep.equal([
      ['strategy=Watch', true],
      ['strategy=Get', false],
    ]);
  });
});
