import { expect } from 'chai';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { RunOutcome } from '../../src/experiment/execution/runner.js';
import { watchOperations } from '../../src/files/operations.js';
import { OutputError } from '../../src/report/output-error.js';
import { writeResults, type ResultOptions } from '../../src/report/results.js';
import { experiment, metrics, outcome, record, run, samples, scenario, strategies, STRATEGY } from './fixtures.js';

const GOLDEN = new URL('../../../test/fixtures/report/', import.meta.url);
const plain: ResultOptions = { excel: false };

/** Two strategies, two replications, in the order in which workers might have finished them. */
const twoByTwo = experiment({ scenarios: strategies('Watch', 'Cache') });
const finished = outcome([
  run(1, 2),
  run(
    0,
    1,
    record(0, {
      samples: samples(60_004_321, [
        [50_000, 37_900_123, 0],
        [1, 2, 3],
      ]),
    }),
  ),
  run(
    1,
    1,
    record(0, { load: { columns: ['list_secrets'], bins: 1, binS: 10, servers: 1, values: Float64Array.of(7) } }),
  ),
  run(0, 2, record(0.1, { warnings: ['a watch was closed early'] })),
]);

describe('result files', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'secretsim-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8');
  const rows = async (name: string): Promise<string[][]> =>
    (await read(name))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
  const column = async (file: string, name: string): Promise<string[]> => {
    const [header, ...body] = await rows(file);
    return body.map((row) => row[header.indexOf(name)]);
  };

  it('are the committed ones, byte for byte', async () => {
    const files = await writeResults(dir, twoByTwo, finished, plain);
    const names = files.map((file) => basename(file));
    const expected = ['runs', 'summary', 'paired', 'delays', 'bounds', 'updates', 'load', 'samples', 'columns'].map(
      (name) => `${name}.csv`,
    );
    expect(names).to.deep.equal([...expected, 'datapackage.json', 'manifest.json']);
    for (const name of names) {
      // The version changes with every release.
      const text = (await read(name)).replace(/"version": ".*"/, '"version": "0.0.0"');
      if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(new URL(name, GOLDEN), text);
      expect(text, name).to.equal(await readFile(new URL(name, GOLDEN), 'utf8'));
    }
  });

  it('do not depend on the order in which the runs finished', async () => {
    await writeResults(join(dir, 'a'), twoByTwo, finished, plain);
    await writeResults(join(dir, 'b'), twoByTwo, { ...finished, runs: finished.runs.toReversed() }, plain);
    for (const name of await readdir(join(dir, 'a'))) expect(await read(`a/${name}`)).to.equal(await read(`b/${name}`));
  });

  it('describe each of their columns in columns.csv', async () => {
    await writeResults(dir, twoByTwo, finished, plain);
    const described = (await rows('columns.csv')).slice(1).map(([file, name]) => `${file} ${name}`);
    const present: string[] = [];
    for (const file of [...new Set(await column('columns.csv', 'file'))]) {
      const [header] = await rows(file);
      present.push(...header.map((name) => `${file} ${name}`));
    }
    expect(described).to.deep.equal(present);
  });

  it('write a factor in a column named by its path, and never two columns of one name', async () => {
    const factors = { [STRATEGY]: 'Watch', seed: 'tea', 'objects.["kube-root-ca.crt"].immutable': true };
    await writeResults(
      dir,
      experiment({ scenarios: [scenario(0, 'one', factors, 'Watch')] }),
      outcome([run(0, 1)]),
      plain,
    );
    const [header, row] = (await read('runs.csv')).split('\n');
    expect(header).to.match(
      /,seed,kubelet.*Strategy,spec\.seed,"objects\.\[""kube-root-ca\.crt""\]\.immutable",updates,/,
    );
    expect(row).to.contain(',tea,Watch,tea,true,1,');
  });

  it('leave the cells of load columns empty that a scenario does not have', async () => {
    await writeResults(dir, twoByTwo, finished, plain);
    expect(await column('load.csv', 'list_secrets')).to.deep.equal([
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '7',
      '',
      '',
      '',
      '',
    ]);
    expect((await column('load.csv', 'bin_start_s')).slice(0, 4)).to.deep.equal(['0', '0.1', '0', '0.1']);
    expect((await column('load.csv', 'server')).slice(0, 4)).to.deep.equal(['1', '1', '2', '2']);
  });

  it('print stages that sum to the delay to the last digit', async () => {
    await writeResults(dir, twoByTwo, finished, plain);
    expect(await column('samples.csv', 'delay_s')).to.deep.equal(['37.950123', '0.000006']);
    expect(await column('samples.csv', 'sync_wait_s')).to.deep.equal(['37.900123', '0.000002']);
    expect(await column('samples.csv', 'projected_at_s')).to.deep.equal(['97.954444', '60.004327']);
  });

  it('are not written when the stages of a sample do not sum to its delay', async () => {
    const wrong = { ...samples(0, [[1, 2, 3]]), refreshUs: Float64Array.of(4) };
    await rejects(writeResults(dir, experiment(), outcome([run(0, 1, record(0, { samples: wrong }))]), plain), Error);
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('are not written with a number that is none', async () => {
    const wrong = record(0, { metrics: metrics({ get_per_s: Number.NaN }) });
    await rejects(writeResults(dir, experiment(), outcome([run(0, 1, wrong)]), plain), RangeError);
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('are continued in parts at the row limit, each with the header', async () => {
    const files = await writeResults(dir, twoByTwo, finished, { excel: false, maxRows: 5 });
    const parts = files.map((file) => basename(file)).filter((name) => name.startsWith('load'));
    expect(parts).to.deep.equal(['load.csv', 'load-part2.csv', 'load-part3.csv', 'load-part4.csv']);
    const tables = await Promise.all(parts.map(rows));
    expect(tables.map((table) => table.length)).to.deep.equal([5, 5, 5, 2]);
    expect(new Set(tables.map(([header]) => header.join())).size).to.equal(1);
    expect(await read('runs.csv')).to.contain('s002-r002');
    const manifest = JSON.parse(await read('manifest.json')) as { notes: string[] };
    expect(manifest.notes).to.include(
      'load.csv is continued in load-part2.csv, load-part3.csv, load-part4.csv: spreadsheets open no more rows',
    );
  });

  it('fill a file to the row limit exactly before a part is added', async () => {
    const files = await writeResults(dir, twoByTwo, outcome([run(0, 1)]), { excel: false, maxRows: 5 });
    expect(files.map((file) => basename(file)).filter((name) => name.startsWith('load'))).to.deep.equal(['load.csv']);
  });

  it('replace those of an earlier result, also the parts that are not needed any more', async () => {
    await writeFile(join(dir, 'notes.txt'), 'mine');
    await writeFile(join(dir, '.load.csv.tmp'), 'left by a killed process');
    await writeResults(dir, twoByTwo, finished, { excel: false, maxRows: 5 });
    await writeResults(dir, twoByTwo, outcome([run(0, 1)]), plain);
    expect((await readdir(dir)).toSorted()).to.deep.equal([
      'bounds.csv',
      'columns.csv',
      'datapackage.json',
      'delays.csv',
      'load.csv',
      'manifest.json',
      'notes.txt',
      'paired.csv',
      'runs.csv',
      'summary.csv',
      'updates.csv',
    ]);
  });

  it('are written for a spreadsheet with decimal commas', async () => {
    await writeResults(dir, twoByTwo, finished, { excel: true });
    expect(await read('runs.csv'))
      .to.match(/^\uFEFFrun_id;experiment;/)
      .and.to.contain(';38,05;');
  });

  it('have names that a spreadsheet takes for text', async () => {
    await writeResults(dir, experiment({ name: '=HYPERLINK("x")' }), outcome([run(0, 1)]), plain);
    expect((await read('runs.csv')).split('\n')[1]).to.match(/^s001-r001,"'=HYPERLINK\(""x""\)",base,1,tea,/);
  });

  it('say in the manifest what failed and that the result is not complete', async () => {
    const partial: RunOutcome = { ...finished, complete: false, failed: [{ runId: 's002-r001', message: 'boom' }] };
    await writeResults(dir, twoByTwo, partial, plain);
    const manifest = JSON.parse(await read('manifest.json')) as Record<string, unknown>;
    expect(manifest).to.deep.include({ complete: false, failed: [{ run_id: 's002-r001', message: 'boom' }] });
  });

  describe('on a disk that does not take them', () => {
    it('name the path that is a file where a folder is needed', async () => {
      const file = join(dir, 'file');
      await writeFile(file, 'x');
      const error = await rejects(writeResults(join(file, 'out'), twoByTwo, finished, plain), OutputError);
      expect(error.message).to.equal(
        `cannot write ${join(file, 'out')}: a part of the path is a file, not a directory`,
      );
      const same = await rejects(writeResults(file, twoByTwo, finished, plain), OutputError);
      expect(same.message).to.equal(`cannot write ${file}: a file of this name is in the place of the directory`);
      expect(await readFile(file, 'utf8')).to.equal('x');
    });

    it('leave the earlier result whole and nothing half-written when the disk is full', async () => {
      await writeResults(dir, twoByTwo, outcome([run(0, 1)]), plain);
      const before = await read('runs.csv');
      watchOperations((operation, path) => {
        if (operation === 'write' && path.includes('load.csv')) throw systemError('ENOSPC');
      });
      const error = await rejects(writeResults(dir, twoByTwo, finished, plain), OutputError).finally(() =>
        watchOperations(null),
      );
      expect(error.message).to.equal(`cannot write ${join(dir, 'load.csv')}: no space left on the device`);
      expect(await read('runs.csv')).to.equal(before);
      expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
    });

    it('name the file whose place a folder takes', async () => {
      await mkdir(join(dir, 'runs.csv'));
      const error = await rejects(writeResults(dir, twoByTwo, finished, plain), OutputError);
      expect(error.message).to.equal(
        `cannot write ${join(dir, 'runs.csv')}: a directory of this name is in the place of the file`,
      );
      expect(await readdir(dir)).to.deep.equal(['runs.csv']);
    });
  });
});

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'write' });
}

/** The error that a promise is rejected with, which has to be of the given class. */
async function rejects<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error('was expected to fail');
}
