import { mean } from 'd3-array';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { csvLines } from '../../src/report/csv.js';
import type { ValidationTable } from '../../src/validation/tables.js';
import { validate } from '../../src/validation/validate.js';

/** Rows of a table as objects. */
const rowsOf = ({ columns, rows }: ValidationTable) =>
  rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));

/** Those of the laboratories. */
const RELEASES = ['1.20', '1.34', '1.36', '1.37'];

describe('the validation', function () {
  // A minute of two cores; how many it gets is not what is tested.
  this.timeout(900_000);
  let tables: ReadonlyMap<string, ValidationTable>;
  const table = (name: string): ValidationTable => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`no table ${name}`);
    return found;
  };
  /** What misses although the reason is known: `statistic` or `name` of each row. */
  const explained = (name: string): string[] =>
    rowsOf(table(name))
      .filter(({ verdict }) => verdict === 'misses, explained')
      .map((row) =>
        ['release', 'laboratory', 'restart', 'group', 'statistic', 'name'].flatMap((key) => row[key] ?? []).join(' '),
      );
  /** Share of the rows of a table that agree, of those that match. */
  const agreement = (name: string, release: string, pattern = /./): number => {
    const rows = rowsOf(table(name)).filter((row) => row.release === release && pattern.test(String(row.statistic)));
    return rows.filter(({ verdict }) => verdict === 'agrees').length / rows.length;
  };

  before(async () => {
    tables = new Map((await validate()).map((each) => [each.name, each]));
  });

  it('has no row that misses without a known reason', () => {
    for (const { name, misses } of tables.values()) expect(misses, name).to.equal(0);
  });

  it('finds every closed form in the simulation', () => {
    expect(explained('closed-forms')).to.deep.equal([]);
    expect(table('closed-forms').rows).to.have.lengthOf.above(35);
  });

  it('finds delays, requests and watches of real clusters of four releases in the simulation', () => {
    expect(new Set(rowsOf(table('real-cluster')).map(({ release }) => release))).to.deep.equal(new Set(RELEASES));
    for (const release of RELEASES) {
      expect(agreement('real-cluster', release, /delay|Kolmogorov/), release).to.equal(1);
      expect(agreement('real-cluster', release, /^GET from/), release).to.equal(1);
      expect(agreement('real-cluster', release), release).to.be.at.least(0.95);
    }
  });

  it('rejects hardly more than a fortieth of all runs of the right model', () => {
    const shares = rowsOf(table('power')).flatMap(({ model, rejected_share }) =>
      model === 'the right one' ? [Number(rejected_share)] : [],
    );
    // Three standard errors of 2.5 % among 100 runs for each group.
    expect(mean(shares)).to.be.at.most(0.025 + 3 * Math.sqrt((0.025 * 0.975) / (100 * shares.length)));
  });

  it('tells wrong models from the right one: the measurement rejects them, and so do most of their own runs', () => {
    for (const { release, model, group, measurement_rejects, rejected_share } of rowsOf(table('power'))) {
      const which = `${String(release)}: ${String(model)}, group ${String(group)}`;
      if (model === 'the right one') {
        // Of 100 runs each; the normal tail makes the level of 1 % one of 2 to 3 %, of which more than 10 come once in 10,000.
        expect(rejected_share, which).to.be.at.most(0.1);
      } else {
        expect(measurement_rejects, which).to.equal('yes');
        expect(rejected_share, which).to.be.at.least(0.9);
      }
    }
  });

  it('tries nine wrong models and the behaviours of other releases on each release', () => {
    for (const release of RELEASES) {
      const models = rowsOf(table('power')).flatMap((row) => (row.release === release ? [String(row.model)] : []));
      // What 1.37 changed after 1.36 is how a server starts, which groups do not see.
      const others = ['1.20', '1.37'].filter((other) => other !== release && `${release} ${other}` !== '1.36 1.37');
      expect([...new Set(models)]).to.include.members(others.map((other) => `behaviours of ${other}`));
      expect(new Set(models.filter((model) => !/^behaviours of|^the right one/.test(model))).size).to.equal(9);
    }
  });

  it('finds in print all but the skew of a cluster whose history is unknown', () => {
    expect(explained('published')).to.have.lengthOf(3);
    for (const name of explained('published')) expect(name).to.match(/three servers/);
  });

  it('has every reflector back after both restarts, and all requests of the storm', () => {
    const agreeing = (name: string, pattern: RegExp): number =>
      rowsOf(table(name)).filter(({ statistic, verdict }) => pattern.test(String(statistic)) && verdict === 'agrees')
        .length;
    for (const release of RELEASES)
      expect(agreement('restarts', release, /^reflectors have their state/), release).to.equal(1);
    expect(agreeing('restarts', /^50 % of the reflectors have their state/)).to.be.at.least(3);
    expect(agreement('storm', '1.20', /refused|410|LISTs/)).to.equal(1);
  });

  it('is what stands in results/validation', () => {
    for (const { name, columns, rows } of tables.values()) {
      const committed = readFileSync(new URL(`../../../results/validation/${name}.csv`, import.meta.url), 'utf8');
      expect(csvLines([columns, ...rows], { excel: false }), name).to.equal(committed);
    }
  });
});
