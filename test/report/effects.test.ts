import { expect } from 'chai';
import { specSchema } from '../../src/experiment/language/schema.js';
import { effectLines } from '../../src/report/effect-lines.js';
import { effectsTable } from '../../src/report/tables/effects.js';
import { pairedTable } from '../../src/report/tables/paired.js';
import { summarizeScenarios } from '../../src/report/scenario-summary.js';
import { experiment, metrics, outcome, record, run, scenario, STRATEGY } from './fixtures.js';

/** 2 × 2 scenarios of two replications: nodes change the delay by 30 s, the strategy by 10 s. */
const factorial = experiment({
  scenarios: [
    scenario(0, 'a', { [STRATEGY]: 'Watch', 'cluster.nodes': 10 }, 'Watch'),
    scenario(1, 'b', { [STRATEGY]: 'Watch', 'cluster.nodes': 20 }, 'Watch'),
    scenario(2, 'c', { [STRATEGY]: 'Get', 'cluster.nodes': 10 }, 'Get'),
    scenario(3, 'd', { [STRATEGY]: 'Get', 'cluster.nodes': 20 }, 'Get'),
  ],
});
const outcomeOf = (delays: readonly number[], replications = [1, 2]) =>
  outcome(
    delays.flatMap((delay, index) =>
      replications.map((r) => run(index, r, record(0, { metrics: metrics({ delay_p99_s: delay + r, gone: 7 }) }))),
    ),
  );
const rows = (setting = factorial, result = outcomeOf([60, 90, 50, 80])) => {
  const table = effectsTable(setting, summarizeScenarios(setting, result));
  const names = table?.columns.map(({ name }) => name) ?? [];
  return [...(table?.rows ?? [])].map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
};

describe('effects.csv', () => {
  it('has the range and the share of variance of each factor, for metrics that differ', () => {
    const [strategy, nodes, ...others] = rows();
    expect(others).to.deep.equal([]);
    expect(strategy).to.include({ metric: 'delay_p99_s', factor: STRATEGY, lowest_at: 'Get', highest_at: 'Watch' });
    expect(strategy).to.include({ lowest_mean: 66.5, highest_mean: 76.5, range: 10, rank_correlation: null });
    expect(strategy.variance_share).to.be.closeTo(0.1, 1e-12);
    expect(nodes).to.include({ factor: 'cluster.nodes', lowest_at: '10', highest_at: '20', range: 30 });
    expect(nodes.variance_share).to.be.closeTo(0.9, 1e-12);
    expect(nodes.rank_correlation).to.be.closeTo(2 / Math.sqrt(5), 1e-12);
  });

  it('names the factors that matter most on the terminal', () => {
    const summaries = summarizeScenarios(factorial, outcomeOf([60, 90, 50, 80]));
    expect(effectLines(factorial, summaries)).to.deep.equal([
      `Variance of delay_p99_s between the scenarios: cluster.nodes 90 % (90 to 90), ${STRATEGY} 10 % (10 to 10).`,
    ]);
  });

  it('says confounded instead of shares where combinations are left out', () => {
    const filtered = experiment({
      scenarios: factorial.scenarios.slice(0, 3),
      spec: specSchema.parse({ where: ['strategy == Watch or nodes < 20'] }),
    });
    const result = outcomeOf([60, 90, 50]);
    for (const row of rows(filtered, result)) {
      const other = row.factor === STRATEGY ? 'cluster.nodes' : STRATEGY;
      expect(row).to.include({ variance_share: null, ci95_low: null, confounded_with: other });
    }
    expect(effectLines(filtered, summarizeScenarios(filtered, result))).to.deep.equal([
      `Confounded, as not all combinations are there: ${STRATEGY}, cluster.nodes; no share of the variance is one of theirs alone.`,
    ]);
  });

  it('keeps the share of a factor that meets all values of the others', () => {
    const wide = ['Watch', 'Get'].flatMap((strategy) =>
      [[10, 1], [20, 1], [20, 2]].map(([nodes, servers]) => ({ [STRATEGY]: strategy, 'cluster.nodes': nodes, 'cluster.apiServers': servers })),
    ); // prettier-ignore
    const scenarios = wide.map((factors, index) => scenario(index, `s${index}`, factors, 'Watch'));
    const effects = rows(experiment({ scenarios }), outcomeOf([1, 2, 3, 4, 5, 6]));
    expect(effects.map((row) => [row.factor, row.confounded_with])).to.deep.equal([
      [STRATEGY, ''],
      ['cluster.nodes', 'cluster.apiServers'],
      ['cluster.apiServers', 'cluster.nodes'],
    ]);
    expect(effects[0].variance_share).to.be.closeTo(13.5 / 17.5, 1e-12);
  });

  it('takes the factors of a sample for confounded that one condition compares', () => {
    const sample = experiment({
      scenarios: Array.from({ length: 16 }, (_, i) =>
        scenario(
          i,
          `p${i}`,
          { 'cluster.nodes': 100 + i, 'cluster.namespaces': (5 * i) % 16, 'cluster.apiServers': (7 * i) % 16 },
          'Watch',
        ),
      ),
      spec: specSchema.parse({
        design: { kind: 'lhs', points: 16 },
        where: ['nodes < 1000 or cluster.namespaces < 20', 'apiServers < 100'],
      }),
    });
    const effects = rows(sample, outcomeOf(sample.scenarios.map((_, index) => index)));
    expect(effects.map((row) => row.confounded_with)).to.deep.equal(['cluster.namespaces', 'cluster.nodes', '']);
  });

  it('is of the replications that all scenarios have', () => {
    const uneven = outcomeOf([60, 90, 50, 80]);
    const without = { ...uneven, runs: uneven.runs.filter(({ runId }) => runId !== 's001-r002') };
    expect(rows(factorial, without)[0]).to.include({ lowest_mean: 66, ci95_low: null });
  });

  it('is not written of a single factor, or without a run that all scenarios have', () => {
    const single = experiment({ scenarios: factorial.scenarios.slice(0, 2) });
    expect(rows(single, outcomeOf([60, 90]))).to.deep.equal([]);
    expect(rows(factorial, outcomeOf([]))).to.deep.equal([]);
  });

  it('puts the values of a sample into bins of equally many, and leaves pairs to factorials', () => {
    const sample = experiment({
      scenarios: Array.from({ length: 16 }, (_, i) => scenario(i, `p${i}`, { 'cluster.nodes': 100 + i }, 'Watch')),
      spec: specSchema.parse({ design: { kind: 'lhs', points: 16 } }),
    });
    const result = outcomeOf(sample.scenarios.map((_, index) => index));
    const [nodes] = rows(sample, result);
    expect(nodes).to.include({ levels: 4, lowest_at: '100 to 103', highest_at: '112 to 115', range: 12 });
    expect(pairedTable(sample, summarizeScenarios(sample, result))).to.equal(null);
  });
});
