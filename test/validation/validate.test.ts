import { mean } from 'd3-array';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { csvLines } from '../../src/report/csv.js';
import { openLaboratory, shippedLaboratories } from '../../src/validation/laboratory.js';
import { realClusters } from '../../src/validation/laboratory-parts.js';
import { replicate } from '../../src/validation/replications.js';
import { hasStorm } from '../../src/validation/measured-storm.js';
import type { ValidationTable } from '../../src/validation/tables.js';
import { firstRuns } from '../../src/validation/validate.js';

type Row = Readonly<Record<string, string>>;

/** A file of results/validation. */
const committed = (name: string): string =>
  readFileSync(new URL(`../../../results/validation/${name}.csv`, import.meta.url), 'utf8');
const rowsOf = (name: string): readonly Row[] => parse(committed(name), { columns: true });

/** Those of the laboratories. */
const RELEASES = ['1.20', '1.34', '1.36', '1.37'];

describe('results/validation', () => {
  /** What misses although the reason is known: `statistic` or `name` of each row. */
  const explained = (name: string): string[] =>
    rowsOf(name)
      .filter(({ verdict }) => verdict === 'misses, explained')
      .map((row) =>
        ['release', 'laboratory', 'restart', 'group', 'statistic', 'name'].flatMap((key) => row[key] ?? []).join(' '),
      );
  /** Share of the rows of a table that agree, of those that match. */
  const agreement = (name: string, release: string, pattern = /./): number => {
    const rows = rowsOf(name).filter((row) => row.release === release && pattern.test(row.statistic));
    return rows.filter(({ verdict }) => verdict === 'agrees').length / rows.length;
  };

  it('has no row that misses without a known reason', () => {
    for (const name of ['closed-forms', 'real-cluster', 'restarts', 'storm', 'published']) {
      const verdicts = new Set(rowsOf(name).map(({ verdict }) => verdict));
      expect([...verdicts], name)
        .to.include('agrees')
        .and.not.include('misses');
    }
  });

  it('finds every closed form in the simulation', () => {
    expect(explained('closed-forms')).to.deep.equal([]);
    expect(rowsOf('closed-forms')).to.have.lengthOf.above(35);
  });

  it('finds delays, requests and watches of real clusters of four releases in the simulation', () => {
    expect(new Set(rowsOf('real-cluster').map(({ release }) => release))).to.deep.equal(new Set(RELEASES));
    for (const release of RELEASES) {
      expect(agreement('real-cluster', release, /delay|Kolmogorov/), release).to.equal(1);
      expect(agreement('real-cluster', release, /^GET from/), release).to.equal(1);
      expect(agreement('real-cluster', release), release).to.be.at.least(0.95);
    }
  });

  it('rejects hardly more than a fortieth of all runs of the right model', () => {
    const shares = rowsOf('power').flatMap(({ model, rejected_share }) =>
      model === 'the right one' ? [Number(rejected_share)] : [],
    );
    // Three standard errors of 2.5 % among 100 runs for each group.
    expect(mean(shares)).to.be.at.most(0.025 + 3 * Math.sqrt((0.025 * 0.975) / (100 * shares.length)));
  });

  it('tells wrong models from the right one: the measurement rejects them, and so do most of their own runs', () => {
    for (const { release, model, group, measurement_rejects, rejected_share } of rowsOf('power')) {
      const which = `${release}: ${model}, group ${group}`;
      if (model === 'the right one') {
        // Of 100 runs each; the normal tail makes the level of 1 % one of 2 to 3 %, of which more than 10 come once in 10,000.
        expect(Number(rejected_share), which).to.be.at.most(0.1);
      } else {
        expect(measurement_rejects, which).to.equal('yes');
        expect(Number(rejected_share), which).to.be.at.least(0.9);
      }
    }
  });

  it('tries nine wrong models and the behaviours of other releases on each release', () => {
    for (const release of RELEASES) {
      const models = rowsOf('power').flatMap((row) => (row.release === release ? [row.model] : []));
      // What 1.37 changed after 1.36 is how a server starts, which groups do not see.
      const others = ['1.20', '1.37'].filter((other) => other !== release && `${release} ${other}` !== '1.36 1.37');
      expect([...new Set(models)]).to.include.members(others.map((other) => `behaviours of ${other}`));
      expect(new Set(models.filter((model) => !/^behaviours of|^the right one/.test(model))).size).to.equal(9);
    }
  });

  it('finds every restart of laboratories that wrote down when their kubelets dialled', () => {
    const rows = rowsOf('restarts').filter(({ laboratory }) => laboratory.endsWith('-restarts-b'));
    expect(rows).to.have.lengthOf(48);
    expect(new Set(rows.map(({ verdict }) => verdict))).to.deep.equal(new Set(['agrees']));
  });

  it('finds in print all but the skew of a cluster whose history is unknown', () => {
    expect(explained('published')).to.have.lengthOf(3);
    for (const name of explained('published')) expect(name).to.match(/three servers/);
  });

  it('has every reflector back after both restarts, and all requests of the storm', () => {
    const agreeing = (name: string, pattern: RegExp): number =>
      rowsOf(name).filter(({ statistic, verdict }) => pattern.test(statistic) && verdict === 'agrees').length;
    for (const release of RELEASES)
      expect(agreement('restarts', release, /^reflectors have their state/), release).to.equal(1);
    expect(agreeing('restarts', /^50 % of the reflectors have their state/)).to.be.at.least(3);
    expect(agreement('storm', '1.20', /refused|410|LISTs/)).to.equal(1);
  });
});

/** The largest storms take most of the time of all: a change of these alone is seen by `npm run validate` only. */
const LARGE_STORM = /-[12]0000$/;

describe('the validation, computed again', function () {
  // Half a minute of two cores; how many it gets is not what is tested.
  this.timeout(900_000);
  const written = (table: ValidationTable): readonly Row[] =>
    parse(csvLines([table.columns, ...table.rows], { excel: false }), { columns: true });

  const beginnings = (name: string): readonly Row[] => rowsOf('first-runs').filter(({ part }) => part === name);

  it('gives a group of the oldest laboratory, and what tells wrong models from the right one', async () => {
    const laboratory = openLaboratory(shippedLaboratories()[0]);
    const { cases, tables } = realClusters([laboratory], ({ group }) => group === 'd');
    // Holm's correction alone is for all groups of a laboratory.
    const alone = (rows: readonly Row[]): readonly Row[] =>
      rows.filter(({ release, group }) => release === '1.20' && group === 'd').map((row) => ({ ...row, p_holm: '' }));
    for (const table of tables(await replicate(cases))) {
      expect(alone(written(table)), table.name)
        .to.have.lengthOf(table.rows.length)
        .and.deep.equal(alone(rowsOf(table.name)));
    }
  });

  for (const part of ['real-cluster', 'restarts', 'published'] as const) {
    it(`begins each case of ${part} as the one did that stands there`, async () => {
      expect(written(await firstRuns([part]))).to.deep.equal(beginnings(part));
    });
  }

  it('begins the storms of up to 5,000 watches as those that stand there', async () => {
    const storms = shippedLaboratories().filter((folder) => hasStorm(openLaboratory(folder)));
    const small = storms.filter((folder) => !LARGE_STORM.test(folder));
    const stand = beginnings('storm').filter((_, i) => !LARGE_STORM.test(storms[i]));
    expect(small).to.have.lengthOf(15);
    const seen = (rows: readonly Row[]): readonly string[] => rows.map((row) => row.seen);
    expect(seen(written(await firstRuns(['storm'], { laboratories: small })))).to.deep.equal(seen(stand));
  });
});
