import { expect } from 'chai';
import type { FactorValue } from '../../src/experiment/language/factor-value.js';
import { factorCells, factorColumns } from '../../src/report/scenario-cells.js';
import { experiment, scenario } from './fixtures.js';

/** Columns and rows of a factor with these values. */
function written(path: string, values: readonly FactorValue[]) {
  const scenarios = values.map((value, index) => scenario(index, `s${index}`, { [path]: value }, 'Watch'));
  const own = experiment({ scenarios });
  return {
    columns: factorColumns(own).map(({ name, type, unit }) => [name, type, unit]),
    rows: scenarios.map((each) => factorCells(own, each)),
  };
}

describe('the column of a factor with units', () => {
  it('has a twin of plain numbers, with the unit in its name', () => {
    expect(written('kubelet.syncFrequency', ['500ms', '1m30s'])).to.deep.equal({
      columns: [['kubelet.syncFrequency', 'text', ''], ['kubelet.syncFrequency_s', 'number', 's']],
      rows: [['500ms', 0.5], ['1m30s', 90]],
    }); // prettier-ignore
    expect(written('objects.a.size', ['4Ki', 100])).to.deep.include({ rows: [['4Ki', 4096], [100, 100]] }); // prettier-ignore
    expect(written('timeline.0.rollout.deployments', ['25%', '100%']).rows).to.deep.equal([['25%', 0.25], ['100%', 1]]); // prettier-ignore
    expect(written('timeline.0.rate', ['20/s', '300/m']).columns[1]).to.deep.equal([
      'timeline.0.rate_per_s',
      'number',
      '1/s',
    ]);
  });

  it('has an empty cell there for a word', () => {
    expect(written('kubelet.nodeTTL', ['auto', '0s', '5m']).rows).to.deep.equal([['auto', null], ['0s', 0], ['5m', 300]]); // prettier-ignore
  });

  it('has none where values are words, releases, plain numbers, or of several fields', () => {
    for (const values of [
      ['Watch', 'Get'],
      ['1.30', '1.36'],
      [1, 2.5],
      [true, false],
      ['1m & 2m', '3m & 4m'],
    ])
      expect(written('a.b', values).columns, String(values)).to.have.length(1);
  });
});
