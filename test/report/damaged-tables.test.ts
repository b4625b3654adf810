import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readRows } from '../../src/report/read/csv-files.js';
import { inputError, TestFolder } from '../import/kubernetes.js';

describe('a table that is read back', () => {
  const WHOLE = 'run_id,delay_s\ns001-r001,1.5\ns001-r002,\n';
  const sha256 = createHash('sha256').update(WHOLE).digest('hex');
  let folder: TestFolder;
  before(async () => {
    folder = await TestFolder.create();
  });
  after(() => folder.remove());

  const read = async (text: string): Promise<string> => {
    await folder.write('t.csv', text);
    return inputError(() => readRows(folder.path, [{ name: 't.csv', sha256 }]));
  };

  it('is the one of the manifest', async () => {
    await folder.write('t.csv', WHOLE);
    expect(await readRows(folder.path, [{ name: 't.csv', sha256 }])).to.deep.equal([
      { run_id: 's001-r001', delay_s: '1.5' },
      { run_id: 's001-r002', delay_s: '' },
    ]);
  });

  it('is refused where it was changed or damaged, with its line where that can be told', async () => {
    expect(await read(WHOLE.replace('1.5', '2.5'))).to.match(
      /t\.csv: is not the file that its manifest\.json tells of/,
    );
    expect(await read(WHOLE.replace('1.5', 'x1.5'))).to.match(/t\.csv:2: has a cell that is no number/);
    expect(await read(WHOLE.replace(',1.5', ''))).to.match(/t\.csv:2: is no row of this table/);
    expect(await read(WHOLE.slice(0, -2))).to.match(/t\.csv(:\d)?: /);
    expect(await read('')).to.match(/t\.csv: is not the file/);
    expect(await inputError(() => readRows(folder.path, [{ name: 'none.csv', sha256 }]))).to.match(
      /none\.csv: no such file/,
    );
  });
});
