import { expect } from 'chai';
import { range } from 'd3-array';
import { specSchema } from '../../src/experiment/language/schema.js';
import { lastPodTable } from '../../src/report/tables/last-pod.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { experiment, outcome, record, run, update } from './fixtures.js';

const asked = experiment({ spec: specSchema.parse({ output: { lastPodQuantiles: [0.5, 0.99] } }) });

/** Rows of last_pod.csv, of replications with updates that took so long; null: one pod is pending. */
function rows(replications: readonly (readonly (number | null)[])[]) {
  const runs = replications.map((times, index) =>
    run(
      0,
      index + 1,
      record(0, { updates: times.map((time) => update({ timeTo100S: time, pending: time === null ? 1 : 0 })) }),
    ),
  );
  const table = lastPodTable(asked, summarizeScenarios(asked, outcome(runs)));
  if (table === null) throw new Error('no table');
  const names = table.columns.map(({ name }) => name);
  return [...table.rows].map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

describe('last_pod.csv', () => {
  it('has the order statistics around the quantile where each replication has one update', () => {
    const [median, tail] = rows(range(10).map((index) => [10 - index]));
    expect(median).to.include({ quantile: 0.5, replications: 10, updates: 10, last_pod_s: 5.5 });
    expect(median).to.include({ ci95_low_s: 2, ci95_high_s: 9, interval: 'order statistics' });
    expect(tail).to.include({ quantile: 0.99, ci95_high_s: null });
  });

  it('takes an update with a pod that is still waiting for the longest', () => {
    const [median, tail] = rows([...range(9).map((index) => [index + 1]), [null]]);
    expect(median).to.include({ last_pod_s: 5.5, ci95_low_s: 2, ci95_high_s: 9 });
    expect(tail).to.include({ last_pod_s: null, ci95_high_s: null });
  });

  it('counts updates that are alike within a replication as one, and gives no end that they do not support', () => {
    const alike = range(20).map((index) => range(5).map(() => index));
    const [median, tail] = rows(alike);
    const [single] = rows(alike.map(([time]) => [time]));
    expect(median).to.include({ replications: 20, updates: 100, interval: 'order statistics, effective number' });
    expect(median.ci95_low_s).to.be.at.most(Number(single.ci95_low_s));
    expect(median.ci95_high_s).to.be.at.least(Number(single.ci95_high_s));
    expect(tail.ci95_high_s).to.equal(null);
  });

  it('is only written where quantiles are asked for', () => {
    const plain = experiment();
    expect(lastPodTable(plain, summarizeScenarios(plain, outcome([run(0, 1)])))).to.equal(null);
  });
});
