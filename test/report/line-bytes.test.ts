import { expect } from 'chai';
import fc from 'fast-check';
import type { SampleTable } from '../../src/cluster/model/run-record.js';
import { csvLines, type Dialect, seconds } from '../../src/report/csv.js';
import { LineBytes } from '../../src/report/line-bytes.js';
import { RowLines } from '../../src/report/lines.js';
import { SampleLines } from '../../src/report/tables/sample-lines.js';
import { record, run, scenario } from './fixtures.js';
import { sampleCells } from './sample-cells.js';
import { anyText } from '../any-text.js';

const DIALECTS: readonly Dialect[] = [{ excel: false }, { excel: true }];

/** Names as clusters have them, what a CSV has to quote, what a spreadsheet takes for a formula, and any text. */
const text = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9./-]{0,20}[a-z0-9])?$/),
  fc.string({ unit: fc.constantFrom(...Array.from('a1-._/:,;"\'\t\r\n =+@\uFF1Dé😀')), maxLength: 6 }),
  anyText({ maxLength: 6 }),
);
const whole = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer());
/** Microseconds: of a run, around the powers of ten, and what no run has. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 86_400e6 }),
  fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: -1, max: 1 })).map(([power, more]) => 10 ** power + more),
  fc.integer({ min: -1e6, max: 0 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
);

/** A scenario whose name has to be quoted. */
const NAMED = scenario(0, 'objects["a, b"].count=3 cluster.nodes=10', {}, 'Watch');

const stages = { cache: fc.nat(1e9), wait: fc.nat(1e9), refresh: fc.nat(1e9) };
const few = fc.array(text, { minLength: 1, maxLength: 3 }).chain((texts) =>
  fc.array(fc.record({ update: fc.nat(1), text: fc.constantFrom(...texts), at: fc.nat(1), ...stages }), {
    minLength: 20,
  }),
);

/** Samples of some rows, whose stages sum to their delays: of any updates and pods, or many of few. */
const samples = fc
  .oneof(fc.array(fc.record({ update: whole, text, at: fc.nat(), ...stages })), few)
  .map((rows): SampleTable => ({
    update: Int32Array.from(rows, (row) => row.update),
    object: rows.map((row) => row.text),
    version: Int32Array.from(rows, (row) => row.at % 100),
    node: rows.map((row) => `node-${row.at}`),
    pod: rows.map((row) => `shop/${row.text}`),
    owner: rows.map((row) => `Deployment ${row.text}`),
    as: rows.map(() => 'projected'),
    writtenAtUs: Float64Array.from(rows, (row) => row.at),
    projectedAtUs: Float64Array.from(rows, (row) => row.at + row.cache + row.wait + row.refresh),
    cacheDelayUs: Float64Array.from(rows, (row) => row.cache),
    syncWaitUs: Float64Array.from(rows, (row) => row.wait),
    refreshUs: Float64Array.from(rows, (row) => row.refresh),
  }));

describe('lines made of bytes', () => {
  it('are those that csv-stringify makes of the same cells, in both dialects', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, whole, time), { minLength: 1 }), (rows) => {
        for (const dialect of DIALECTS) {
          const lines = new LineBytes(dialect);
          for (const [name, count, us] of rows) {
            lines.text(name);
            lines.whole(count);
            lines.seconds(us);
            lines.endLine();
          }
          const expected = csvLines(rows.map(([name, count, us]) => [name, count, seconds(us)]), dialect); // prettier-ignore
          expect(Buffer.from(lines.take()).equals(Buffer.from(expected, 'utf8')), expected).to.be.true;
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('are those that csv-stringify makes of rows of any cells, however many lines are asked for at a time', () => {
    const number = fc.oneof(whole, time, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(-0));
    const cell = fc.oneof(fc.constant(null), text, number);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (rows, most) => {
          for (const dialect of DIALECTS) {
            const lines = new RowLines(rows, dialect);
            let written = '';
            for (let chunk = lines.next(most); chunk !== null; chunk = lines.next(most)) {
              expect(chunk.rows).to.be.within(1, most);
              written += Buffer.from(chunk.bytes).toString();
            }
            expect(written).to.equal(Buffer.from(csvLines(rows, dialect), 'utf8').toString());
          }
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('refuse numbers that are none', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      expect(() => new RowLines([[value]], { excel: false }).next(1)).to.throw(RangeError);
    }
  });

  it('have room for text of any length', () => {
    const lines = new LineBytes({ excel: false });
    const long = ['n'.repeat(100_000), `"${'é'.repeat(300_000)}`];
    for (const name of long) lines.text(name);
    lines.endLine();
    expect(Buffer.from(lines.take()).toString()).to.equal(csvLines([long], { excel: false }));
  });
});

describe('samples.csv', () => {
  it('has the cells of its columns, run after run, however many lines are asked for at a time', () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 3 }), fc.integer({ min: 1, max: 5 }), (tables, most) => {
        const runs = tables.map((table, i) => ({ scenario: NAMED, run: run(0, i + 1, record(0, { samples: table })) }));
        const lines = new SampleLines(runs, { excel: false });
        let written = '';
        for (let chunk = lines.next(most); chunk !== null; chunk = lines.next(most)) {
          expect(chunk.rows).to.be.within(1, most);
          written += Buffer.from(chunk.bytes).toString();
        }
        const rows = runs.flatMap(({ run: { runId } }, i) =>
          tables[i].object.map((_, row) => sampleCells(runId, NAMED.name, tables[i], row)),
        );
        expect(written).to.equal(rows.length === 0 ? '' : csvLines(rows, { excel: false }));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
