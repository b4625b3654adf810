import { expect } from 'chai';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { besideName, isAbandoned, ownToken, parseBesideName } from '../../src/files/beside-names.js';
import { watchOperations } from '../../src/files/operations.js';
import { findInterrupted, finishInterrupted } from '../../src/files/write-together.js';
import { importCluster } from '../../src/import/import-cluster.js';
import { refuseExisting, writeTogether } from '../../src/report/output-files.js';
import { inputError, list, node, pod, secret, TestFolder } from '../import/kubernetes.js';
import { DEAD_PROCESS, restore, statesOf } from './kill-states.js';

describe('files of a command that was ended', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(async () => {
    watchOperations(null);
    await folder.remove();
  });

  const importTo = async (place: string, name: string): Promise<void> => {
    const volume = { name: 'v', secret: { secretName: name } };
    const dump = list(node('node-1'), pod('web', { volumes: [volume] }), secret(name, { k: 'eA==' }));
    await writeFile(join(place, 'dump.json'), dump);
    await importCluster({ clusterFiles: [join(place, 'dump.json')], out: join(place, 'x.yaml'), force: true });
  };

  for (const before of ['nothing', 'an older import']) {
    it(`are told of, with the step that is missing, to whoever reads an import that replaced ${before}`, async () => {
      if (before !== 'nothing') await importTo(folder.path, 'before');
      const { states } = await statesOf(folder.path, () => importTo(folder.path, 'tls'));
      const told: string[] = [];
      for (const [k, state] of states.entries()) {
        const place = `${folder.path}-${k}`;
        await restore(state, place);
        const problem = await loadExperiment([join(place, 'x.yaml')]).then(
          () => null,
          (error: unknown) => (error as Error).message,
        );
        const [command] = /mv -- .*$/m.exec(problem ?? '') ?? [];
        if (command !== undefined) {
          told.push(command);
          expect(problem).to.match(
            /x\.yaml: written, and not put in place: .* run it again, or take that step by hand: mv/,
          );
          for (const step of command.split(' && ')) {
            const [, , from, to] = step.split(' ');
            await rename(from, to);
          }
          await loadExperiment([join(place, 'x.yaml')]);
        }
        // An old experiment beside a new topology, or a topology alone, is never left without a word.
        const names = await readdir(place);
        if (names.includes('x.topology.json.gz')) await loadExperiment([join(place, 'x.yaml')]);
        await rm(place, { recursive: true });
      }
      expect(told).not.to.deep.equal([]);
    });
  }

  it('are left alone while their process runs, whichever command asks', async () => {
    const out = folder.file('x.yaml');
    let asked = 0;
    // At each operation another command for the same file looks for what it may tidy up.
    const others: Promise<unknown>[] = [];
    watchOperations(() => {
      asked++;
      others.push(findInterrupted([out]).then((found) => expect(found).to.deep.equal([])));
    });
    await importTo(folder.path, 'tls');
    watchOperations(null);
    await Promise.all(others);
    expect(asked).to.be.above(5);
    await writeFile(besideName(out, ownToken(), 'tmp'), 'half');
    await refuseExisting([out], true);
    await writeTogether([{ path: out, bytes: Buffer.from('new') }]);
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.tmp'))).to.have.length(1);
  });

  it('are finished together, also where one of them alone is asked for', async () => {
    const token = ownToken(DEAD_PROCESS);
    const [one, other] = [folder.file('a'), folder.file('b')];
    for (const path of [one, other]) {
      await writeFile(path, 'old');
      await writeFile(besideName(path, token, 'ready'), 'new');
    }
    await finishInterrupted([other]);
    expect(await Promise.all([one, other].map((path) => readFile(path, 'utf8')))).to.deep.equal(['new', 'new']);
    expect((await readdir(folder.path)).sort()).to.deep.equal(['a', 'b']);
  });

  it('are told by their names: whose process has ended, and of other machines what nobody touches any more', async () => {
    const left = async (token: string): Promise<string> => {
      const path = besideName(folder.file('a.b'), token, 'tmp');
      await writeFile(path, '');
      expect(parseBesideName(basename(path))).to.deep.equal({ target: 'a.b', token, role: 'tmp' });
      return path;
    };
    expect(await isAbandoned(await left(ownToken()))).to.equal(false);
    expect(await isAbandoned(await left(ownToken(DEAD_PROCESS)))).to.equal(true);
    // A process of the same number that started at another time.
    expect(await isAbandoned(await left(ownToken().replace(/-[0-9a-z]*-(?=[^-]*$)/, '-1-')))).to.equal(true);
    const elsewhere = await left(ownToken().replace(/^....../, '000000'));
    expect(await isAbandoned(elsewhere)).to.equal(false);
    const early = await left('0123456789ab');
    expect(await isAbandoned(early)).to.equal(false);
    expect(await isAbandoned(folder.file('.a.tmp'))).to.equal(true);
    expect(await isAbandoned(folder.file('notes.tmp'))).to.equal(false);
  });

  it('is one that an import without --force puts in place, before it says that it is there', async () => {
    await writeFile(besideName(folder.file('x'), ownToken(DEAD_PROCESS), 'ready'), 'whole');
    expect(await inputError(() => refuseExisting([folder.file('x')], false))).to.include('exists already');
    expect(await readFile(folder.file('x'), 'utf8')).to.equal('whole');
  });
});
