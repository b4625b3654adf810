import { expect } from 'chai';
import { exceedanceMetrics, exceedances } from '../../../src/cluster/meters/exceedances.js';
import { update } from '../../report/fixtures.js';

const S = 1_000_000;

describe('exceedances', () => {
  const THRESHOLDS = [60 * S, 1.5 * S];
  const at = (late: readonly number[], reached: number, pending = 0) =>
    update({ committedAtS: 100, late, reached, pending });

  it('are columns named after their thresholds', () => {
    expect(exceedanceMetrics(THRESHOLDS)).to.deep.equal([
      'delay_over_60s_share',
      'last_pod_over_60s_share',
      'delay_over_1500ms_share',
      'last_pod_over_1500ms_share',
    ]);
  });

  it('are shares of the projections, and of the updates with any', () => {
    expect(exceedances([at([2, 8], 10), at([0, 5], 10)], THRESHOLDS, 1000 * S)).to.deep.equal({
      delay_over_60s_share: 0.1,
      last_pod_over_60s_share: 0.5,
      delay_over_1500ms_share: 0.65,
      last_pod_over_1500ms_share: 1,
    });
  });

  it('count consumers that have been waiting for longer than the threshold when the run ends', () => {
    const ended = (endS: number) => exceedances([at([0, 0], 6, 4), at([0, 0], 10)], THRESHOLDS, endS * S);
    expect(ended(170)).to.include({ delay_over_60s_share: 0.2, last_pod_over_60s_share: 0.5 });
    // After 30 s of waiting nobody knows whether it will be 60: neither these consumers nor their update are told of.
    expect(ended(130)).to.include({ delay_over_60s_share: 0, last_pod_over_60s_share: 0 });
    expect(ended(130)).to.include({ delay_over_1500ms_share: 0.2, last_pod_over_1500ms_share: 0.5 });
  });

  it('have no value without updates that a pod can see', () => {
    expect(exceedances([], [S], 0)).to.deep.equal({ delay_over_1s_share: null, last_pod_over_1s_share: null });
    expect(exceedances([at([0, 0], 0)], THRESHOLDS, 1000 * S).delay_over_60s_share).to.equal(null);
  });
});
