import { expect } from 'chai';
import type { Experiment } from '../../src/experiment/language/experiment.js';
import { pairedTable } from '../../src/report/tables/paired.js';
import type { ScenarioSummary } from '../../src/report/scenario-summary.js';
import { metrics } from './fixtures.js';

/** A scenario of factors whose runs have these open watches, one a replication. */
function scenario(factors: Record<string, string | number>, watches: readonly (number | null)[]): ScenarioSummary {
  const name = Object.entries(factors)
    .map(([path, value]) => `${path}=${value}`)
    .join(' ');
  const runs = watches.map((count, index) => ({
    replication: index + 1,
    record: { metrics: { ...metrics({}), watches_open_max: count } },
  }));
  return { scenario: { name, factors }, runs, metrics: {} } as unknown as ScenarioSummary;
}

const rowsOf = (factorPaths: readonly string[], scenarios: readonly ScenarioSummary[]) => {
  const table = pairedTable({ factorPaths, spec: { output: {} } } as unknown as Experiment, scenarios);
  if (table === null) return null;
  const names = table.columns.map(({ name }) => name);
  return [...table.rows]
    .map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
    .filter(({ metric }) => metric === 'watches_open_max');
};

describe('paired differences', () => {
  it('are taken replication by replication against the first value of the factor', () => {
    const rows = rowsOf(
      ['immutable'],
      [scenario({ immutable: 0 }, [100, 200, 300]), scenario({ immutable: 1 }, [90, 180, 285])],
    );
    expect(rows).to.have.lengthOf(1);
    const [row] = rows ?? [];
    // Differences −10, −20, −15: mean −15, standard deviation 5; t(0.975, 2) = 4.302653: ± 12.4207.
    expect(row).to.include({ factor: 'immutable', value: '1', baseline: '0', n: 3, baseline_mean: 200, mean: 185 });
    expect(row.difference).to.equal(-15);
    expect(row.ci95_low).to.be.closeTo(-27.4207, 1e-3);
    expect(row.ci95_high).to.be.closeTo(-2.5793, 1e-3);
    expect(row.change_percent).to.equal(-7.5);
  });

  it('keep all other factors alike, for each factor in turn', () => {
    const rows = rowsOf(
      ['a', 'b'],
      [
        scenario({ a: 1, b: 'x' }, [10]),
        scenario({ a: 1, b: 'y' }, [20]),
        scenario({ a: 2, b: 'x' }, [40]),
        scenario({ a: 2, b: 'y' }, [80]),
      ],
    );
    expect(rows?.map(({ factor, scenario: name, difference }) => [factor, name, difference])).to.deep.equal([
      ['a', 'a=2 b=x', 30],
      ['a', 'a=2 b=y', 60],
      ['b', 'a=1 b=y', 10],
      ['b', 'a=2 b=y', 40],
    ]);
    expect(rows?.[0].ci95_low, 'one replication').to.equal(null);
  });

  it('count paths that vary together as one factor', () => {
    const rows = rowsOf(['a', 'b'], [scenario({ a: 1, b: 5 }, [10]), scenario({ a: 2, b: 6 }, [20])]);
    expect(rows?.map(({ factor, value }) => [factor, value])).to.deep.equal([['a & b', '2 & 6']]);
  });

  it('are left out where a value is missing, and there is no file without factors', () => {
    expect(rowsOf(['a'], [scenario({ a: 1 }, [10, null]), scenario({ a: 2 }, [20, 30])])).to.deep.equal([]);
    expect(rowsOf([], [scenario({}, [10])])).to.equal(null);
    expect(rowsOf(['a'], [scenario({ a: 1 }, [10])])).to.equal(null);
  });
});
