import { expect } from 'chai';
import { range } from 'd3-array';
import { nodesOf, simulate } from '../../src/cluster/run/simulate.js';
import { RandomStream } from '../../src/sim/random.js';
import { quantilesCase, quantilesTable } from '../../src/validation/quantiles.js';
import type { ValidationTable } from '../../src/validation/tables.js';

/** 1,145 experiments of 110 rotations, 140 of 900: `secretsim validate --only quantiles` has 1,000 of 9,000. */
const REPLICATIONS = 140;

/** The only row of a table. */
const rowOf = ({ columns, rows: [row] }: ValidationTable) =>
  Object.fromEntries(columns.map((column, i) => [column, row[i]]));

describe('what an experiment says of a quantile', () => {
  let runs: readonly Float64Array[];

  before(() => {
    const { input } = quantilesCase();
    const nodes = nodesOf(input);
    runs = range(REPLICATIONS).map((i) => simulate(input, i + 1, { nodes }).rotations.kubeletS);
  });

  it('is right of simulated rotations as often as the order statistics promise: p95 of 110, p99 of 900', () => {
    const common = rowOf(quantilesTable(runs, { each: 110, shares: [0.95] }));
    expect(common).to.include({ experiments: 1145, promised_right_share: 0.953881, verdict: 'agrees' });
    const rare = rowOf(quantilesTable(runs, { each: 900, shares: [0.99] }));
    expect(rare).to.include({ experiments: 140, promised_right_share: 0.957768 });
    expect(rare['right_share']).to.be.closeTo(0.957768, Number(rare['tolerance_share']));
    for (const { right_share, too_short_share, too_long_share } of [common, rare])
      expect(Number(right_share) + Number(too_short_share) + Number(too_long_share)).to.be.closeTo(1, 1e-5);
  });

  it('misses where rotations of an experiment are alike, and where too few have a rare quantile', () => {
    const uniform = RandomStream.fromSeed('quantiles');
    const drawn = (alike: number) =>
      range(1000).map((experiment) =>
        Float64Array.from(
          range(110),
          (i) => alike * uniform.uniform(1, experiment, 0) + (1 - alike) * uniform.uniform(0, experiment, i),
        ),
      );
    expect(quantilesTable(drawn(0), { each: 110, shares: [0.95] }).misses).to.equal(0);
    expect(quantilesTable(drawn(0.3), { each: 110, shares: [0.95] }).misses).to.equal(1);
    expect(rowOf(quantilesTable(drawn(0), { each: 110, shares: [0.999] }))).to.include({
      right_share: 0,
      verdict: 'misses',
    });
  });
});
