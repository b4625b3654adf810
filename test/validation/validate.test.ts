import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { csvLines } from '../../src/report/csv.js';
import type { ValidationTable } from '../../src/validation/tables.js';
import { validate } from '../../src/validation/validate.js';

/** Rows of a table as objects. */
const rowsOf = ({ columns, rows }: ValidationTable) =>
  rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));

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
      .map((row) => ['restart', 'group', 'statistic', 'name'].flatMap((key) => row[key] ?? []).join(' '));

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

  it('finds delays, requests and watches of three groups of a real cluster in the simulation', () => {
    expect(explained('real-cluster')).to.deep.equal(["d life of an immutable object's watch, max"]);
    expect(table('real-cluster').rows).to.have.lengthOf.above(50);
  });

  it('tells wrong models from the right one: the measurement rejects them, and so do most of their own runs', () => {
    for (const { model, group, measurement_rejects, rejected_share } of rowsOf(table('power'))) {
      const which = `${String(model)}, group ${String(group)}`;
      if (model === 'the right one') {
        // At a level of 1 %, of 200 replications.
        expect(rejected_share, which).to.be.at.most(0.05);
      } else {
        expect(measurement_rejects, which).to.equal('yes');
        expect(rejected_share, which).to.be.at.least(0.9);
      }
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
    expect(agreeing('restarts', /^LISTs answered/)).to.equal(4);
    expect(agreeing('restarts', /^50 % of the reflectors have listed/)).to.be.at.least(3);
    expect(agreeing('storm', /refused|410|LISTs/)).to.equal(3);
  });

  it('is what stands in results/validation', () => {
    for (const { name, columns, rows } of tables.values()) {
      const committed = readFileSync(new URL(`../../../results/validation/${name}.csv`, import.meta.url), 'utf8');
      expect(csvLines([columns, ...rows], { excel: false }), name).to.equal(committed);
    }
  });
});
