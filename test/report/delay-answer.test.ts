import { expect } from 'chai';
import type { RunMetrics } from '../../src/cluster/model/run-record.js';
import { delayAnswer } from '../../src/report/answer-sentences.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { experiment, metrics, outcome, record, run, strategies } from './fixtures.js';

const ONE = experiment({ scenarios: strategies('Watch') });

/** The answer about runs with these metrics. */
const told = (...runs: readonly Partial<RunMetrics>[]): string => {
  const of = (more: Partial<RunMetrics>, i: number) =>
    run(
      0,
      i + 1,
      record(0, { metrics: metrics({ updates: 1, projections: 6, replaced: 0, pending_at_end: 0, ...more }) }),
    );
  const { head, rest } = delayAnswer(summarizeScenarios(ONE, outcome(runs.map(of)))[0], ONE);
  return head + rest;
};

describe('when half of the pods have an update', () => {
  it('is the median of those that have it, while these are half of all', () => {
    expect(told({ delay_p50_s: 30 })).to.match(/\bhalf of (?:them|the pods.*) after 30 s/);
    expect(told({ delay_p50_s: 30, pending_at_end: 6 })).to.contain('after 30 s');
  });

  it('is not told where more of them still wait at the end, in how many runs is', () => {
    expect(told({ delay_p50_s: 30, pending_at_end: 7 })).to.match(
      /fewer than half of (?:them|the pods.*) at the end(?! of)/,
    );
    expect(told({ delay_p50_s: 30 }, { delay_p50_s: 30, pending_at_end: 7 })).to.contain('at the end of 1 of 2 runs');
  });

  it('is told of the runs that have an update where another has none', () => {
    expect(told({ delay_p50_s: 30 }, { delay_p50_s: null, projections: 0 })).to.contain('after 30 s');
  });

  it('leaves out pods that never see updates', () => {
    expect(told({ delay_p50_s: 30, never_projected: 4 })).to.match(/that sees? updates/);
  });
});
