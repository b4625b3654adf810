import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeasuredFolder } from '../../src/validation/measured-folder.js';
import { type Dials, dialsOf } from '../../src/validation/restart-dials.js';

/** Killed at 0, started again at 10, told to end at 160, started again at 225. */
const KILL = { stop: 0, start: 10 };
const SIGTERM = { stop: 160, start: 225 };
const DIALS = `at_s,group,node,class
0.11,a,a-01,
0.13,a,a-02,
0.15,b,b-01,reset
0.18,a,a-01,refused
0.2,a,a-03,refused
1.2,a,a-02,refused
10.2,b,b-01,refused
10.24,a,a-03,
12.5,a,a-02,
160.4,a,a-01,refused
225.1,a,a-01,refused
225.3,b,b-01,
`;

describe('what kubelets dial while a server restarts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dials-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const read = (text: string, restart: typeof KILL): Dials | null => {
    writeFileSync(join(folder, 'restart-dials.csv'), text);
    return dialsOf({ tables: new MeasuredFolder(folder) }, restart, 'a');
  };

  it('says when the reflectors of a group have noticed', () => {
    expect(read(DIALS, KILL)?.noticed).to.deep.equal([0.11, 0.13, 0.18, 0.2]);
  });

  it('says when a killed process listened no more, and when the next one did', () => {
    const dials = read(DIALS, KILL);
    expect(dials?.goneAt).to.equal(0.18);
    expect(dials?.listensAt).to.be.closeTo(10.22, 1e-9);
  });

  it('says nothing of the end of a process that had stopped listening before anybody dialled', () => {
    const dials = read(DIALS, SIGTERM);
    expect(dials?.goneAt).to.equal(null);
    expect(dials?.listensAt).to.be.closeTo(225.2, 1e-9);
  });

  it('is not known of a laboratory that did not write it down, or ended before somebody listened', () => {
    expect(dialsOf({ tables: new MeasuredFolder(join(folder, 'none')) }, KILL, 'a')).to.equal(null);
    expect(read('at_s,group,node,class\n0.1,a,a-01,refused\n', KILL)).to.equal(null);
  });
});
