import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Operation, watchOperations } from '../../src/files/operations.js';
import { refuseExisting } from '../../src/report/output-files.js';
import { restore, statesOf } from './kill-states.js';
import { COMMANDS } from './writing-commands.js';

/** Where there is a file system in memory: what is flushed ten thousand times takes half as long there. */
const IN_MEMORY = '/dev/shm';

/** Operation number `k` alone fails, as on a disk with an error. */
function failAt(k: number): void {
  let count = 0;
  watchOperations((operation) => {
    if (++count === k) throw Object.assign(new Error(operation), { code: 'EIO', syscall: operation });
  });
}

/** Every file below a folder with what it holds; a manifest without what differs from time to time. */
async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of names.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const text = entry.name === 'manifest.json' ? withoutExecution(bytes) : bytes.toString('latin1');
    // Parts hold how long their run took.
    found.set(path.slice(folder.length), entry.name.endsWith('.bin') ? '' : text);
  }
  return found;
}

function withoutExecution(bytes: Buffer): string {
  const manifest = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...manifest, execution: null });
}

/** A manifest vouches for every table beside it and for what describes them, and for no other. */
async function expectVouched(folder: string, where: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (!names.includes('manifest.json')) return;
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
  };
  for (const { name, sha256 } of manifest.files) {
    const bytes = await readFile(join(folder, name));
    expect(createHash('sha256').update(bytes).digest('hex'), `${where}: ${name}`).to.equal(sha256);
  }
  const tables = names.filter((name) => name.endsWith('.csv') || name === 'datapackage.json');
  expect(tables, where).to.have.members(manifest.files.map(({ name }) => name));
}

describe('a kill at every file operation', () => {
  let place: string;
  before(async () => {
    place = await mkdtemp(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'secretsim-kills-'));
  });
  afterEach(() => watchOperations(null));
  after(() => rm(place, { recursive: true }));

  for (const [index, { name, prepare, write, again = write, together = [], alike = [] }] of COMMANDS.entries()) {
    const start = (): string => join(place, `${index}-start`);
    let operations: readonly Operation[] = [];

    it(`of ${name} leaves nothing that passes for more than it is, and the next time heals it`, async () => {
      await mkdir(start());
      await prepare?.(start());
      const whole = join(place, `${index}-whole`);
      await cp(start(), whole, { recursive: true });
      const written = await statesOf(whole, () => write(whole));
      operations = written.operations;
      expect(operations.length).to.be.above(2);
      const [before, after] = [await contents(start()), await contents(whole)];
      for (const [k, state] of written.states.entries()) {
        const folder = join(place, `${index}-${k}`);
        await restore(state, folder);
        await expectVouched(join(folder, 'r'), `${name}, killed at ${k}`);
        const ages = await Promise.all(alike.map((each) => readFile(join(folder, each), 'utf8').catch(() => null)));
        if (!ages.includes(null)) expect(new Set(ages).size, `${name}, killed at ${k}`).to.be.at.most(1);
        if (together.length > 0) {
          await refuseExisting(
            together.map((each) => join(folder, each)),
            true,
          );
          const left = await contents(folder);
          const states = [before, after].map((state) =>
            together.every((each) => left.get(`/${each}`) === state.get(`/${each}`)),
          );
          expect(states, `${name}, killed at ${k}`).to.include(true);
        }
        await again(folder);
        const healed = await contents(folder);
        const wrong = [...new Set([...healed.keys(), ...after.keys()])].filter(
          (each) => healed.get(each) !== after.get(each),
        );
        expect(wrong, `${name}, again after ${k}`).to.deep.equal([]);
        await rm(folder, { recursive: true });
      }
    }).timeout(120_000);

    it(`of ${name}: an error of the disk there leaves what was before, and no other file`, async () => {
      for (const [k, operation] of operations.entries()) {
        if (operation === 'remove') continue;
        const folder = join(place, `${index}-error-${k}`);
        await cp(start(), folder, { recursive: true });
        failAt(k + 1);
        const failed = await write(folder).then(
          () => false,
          () => true,
        );
        watchOperations(null);
        const names = [...(await contents(folder)).keys()].filter((each) => /\.(tmp|ready|old)$/.test(each));
        if (failed) expect(names, `${name}, error at ${k}`).to.deep.equal([]);
        await expectVouched(join(folder, 'r'), `${name}, error at ${k}`);
        await rm(folder, { recursive: true });
      }
    }).timeout(120_000);
  }
});
