import { expect } from 'chai';
import { simulate } from '../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from './scenario.js';

/** More delays than are kept one by one (`delay-collector.ts` EXACT_MAX): quantiles come from a histogram. */
const KEPT_MAX = 2 ** 21;

describe('a run of millions of delays', () => {
  it('has the same quantiles on every JavaScript engine, to the last digit', () => {
    const input = inputOf({
      nodes: 100,
      podsPerNode: 30,
      duration: 3600,
      classes: [objectClass('shared')],
      timeline: [change('update', 'shared', 1, { everyUs: 4e6 })],
    });
    const { metrics } = simulate(input, 1);
    expect(metrics.projections).to.be.above(KEPT_MAX);
    const quantiles = [metrics.delay_p50_s, metrics.delay_p90_s, metrics.delay_p99_s, metrics.delay_p999_s];
    expect(quantiles).to.deep.equal([37.71467183785688, 69.23053355256069, 83.70111129852961, 88.34046999601507]);
  });
});
