import { expect } from 'chai';
import fc from 'fast-check';
import { specSchema } from '../../../src/experiment/language/schema.js';
import { histogramQuantile, type Histogram } from '../../../src/import/calibrate/histogram.js';
import { fitLatency } from '../../../src/import/calibrate/latencies.js';

/** A histogram of cumulative counts by upper bound. */
function histogram(counts: readonly (readonly [number, number])[], sum = 0): Histogram {
  const buckets = counts.map(([bound, cumulative]) => ({ bound, cumulative }));
  return { buckets, count: buckets[buckets.length - 1].cumulative, sum };
}

const LATENCIES = histogram([
  [0.005, 100],
  [0.025, 600],
  [0.05, 980],
  [0.1, 1000],
  [Infinity, 1000],
]);

describe('a quantile of a histogram', () => {
  it('is linear within its bucket, as in Prometheus', () => {
    // 400 of the 500 requests between 5 and 25 ms are below the median.
    expect(histogramQuantile(LATENCIES, 0.5)).to.deep.equal({ at: 'within', seconds: 0.005 + 0.02 * 0.8 });
    expect(histogramQuantile(LATENCIES, 0.99)).to.deep.equal({ at: 'within', seconds: 0.05 + 0.05 * 0.5 });
    expect(histogramQuantile(LATENCIES, 0.6)).to.deep.equal({ at: 'within', seconds: 0.025 });
  });

  it('is only bounded in the lowest bucket and beyond the last', () => {
    expect(histogramQuantile(LATENCIES, 0.1)).to.deep.equal({ at: 'lowest', bound: 0.005 });
    const slow = histogram([
      [60, 10],
      [Infinity, 1000],
    ]);
    expect(histogramQuantile(slow, 0.5)).to.deep.equal({ at: 'beyond', bound: 60 });
  });
});

describe('a latency from a histogram', () => {
  const standard = { p50: '680us', p99: '1500us' };

  it('has its quantiles', () => {
    expect(fitLatency(LATENCIES, standard).value).to.deep.equal({ p50: '21ms', p99: '75ms' });
  });

  it('has a raised median where the law has no such tail', () => {
    const tailed = histogram([
      [0.005, 0],
      [0.015, 900],
      [0.2, 1000],
      [Infinity, 1000],
    ]);
    const { value, note } = fitLatency(tailed, standard);
    // 182 ms / 6.64, rounded up.
    expect(value).to.deep.equal({ p50: '27.4ms', p99: '182ms' });
    expect(note).to.include('p50 is raised to 27.4ms');
  });

  it('keeps its own median where all that is known is that it is short', () => {
    const short = histogram([
      [0.002, 980],
      [0.004, 1000],
      [Infinity, 1000],
    ]);
    const { value, note } = fitLatency(short, standard);
    expect(value).to.deep.equal({ p50: '680us', p99: '3ms' });
    expect(note).to.include('p50 is in the lowest bucket, up to 2ms: not determined');
  });

  it('is scaled to the mean where nearly all requests are in the lowest bucket', () => {
    const quick = (sum: number): Histogram =>
      histogram(
        [
          [0.005, 998],
          [Infinity, 1000],
        ],
        sum,
      );
    // The default law has a mean of 744.3 µs.
    const scaled = fitLatency(quick(1.4886), standard);
    expect(scaled.value).to.deep.equal({ p50: '1.36ms', p99: '3ms' });
    expect(scaled.note).to.include('quantiles are not determined');
    const spoilt = fitLatency(quick(30), standard);
    expect(spoilt.value).to.be.null;
    expect(spoilt.note).to.include('the mean, 30ms, is that of a few slow requests');
    expect(fitLatency(quick(0), standard).value).to.be.null;
  });

  it('is not determined where the tail is beyond the last bucket', () => {
    const slow = histogram([
      [60, 900],
      [Infinity, 1000],
    ]);
    expect(fitLatency(slow, standard)).to.deep.equal({
      value: null,
      note: 'the 99th percentile is beyond the last bucket, 1m',
    });
  });

  it('is always one that an experiment may have', () => {
    const bounds = [1e-5, 0.0003, 0.005, 0.025, 0.1, 0.8, 5, 60, Infinity];
    const counts = fc.array(fc.nat(1000), { minLength: bounds.length, maxLength: bounds.length });
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 2000, noNaN: true }), (observed, sum) => {
        let cumulative = 0;
        const buckets = bounds.map((bound, index) => [bound, (cumulative += observed[index])] as const);
        fc.pre(cumulative > 0);
        const { value } = fitLatency(histogram(buckets, sum), standard);
        if (value !== null) expect(specSchema.safeParse({ apiServer: { list: value } }).success).to.be.true;
      }),
    );
  });
});
