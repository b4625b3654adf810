import { expect } from 'chai';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { MEAN } from '../../../src/experiment/language/values/statistic.js';
import { packRun } from '../../../src/experiment/execution/job-protocol.js';
import type { PartsIdentity } from '../../../src/experiment/execution/parts-header.js';
import { ownerOf } from '../../../src/experiment/execution/folder-lock.js';
import { type PartsOptions, RunParts } from '../../../src/experiment/execution/parts.js';
import { runExperiment, type RunOutcome } from '../../../src/experiment/execution/runner.js';
import { FAKE_WORKER, fakeExperiment, fakeRecord, wholeRun } from '../fakes.js';

const IDENTITY: PartsIdentity = {
  experiment: 'h1',
  version: '1.0.0',
  engine: 'lazy',
  settings: { spec: { seed: '1' } },
};
/** No process has this number: it is above the largest that Linux gives out. */
const DEAD_PROCESS = 2 ** 22 + 1;

describe('RunParts', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secretsim-parts-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const partsPath = (name: string): string => join(folder, 'parts', name);
  const bytesOf = (scenario: number, replication: number): Uint8Array => packRun(fakeRecord(scenario, replication), 1);
  async function refusal(identity: PartsIdentity, options: PartsOptions = {}): Promise<string> {
    try {
      await RunParts.open(join(folder, 'parts'), identity, options);
    } catch (error) {
      expect(error).to.be.instanceOf(InputError);
      return (error as Error).message;
    }
    return expect.fail('the folder was opened');
  }
  async function keepOneRun(): Promise<void> {
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    await parts.write('s001-r001', bytesOf(0, 1));
    await parts.close();
  }

  it('gives a finished run back unchanged', async () => {
    await keepOneRun();
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    const { updates, load, samples, ...summary } = fakeRecord(0, 1);
    expect(await parts.read('s001-r001')).to.deep.include({ record: summary, wallS: 1 });
    expect(parts.readTables('s001-r001')).to.deep.equal({ updates, load, samples });
    expect(await parts.read('s001-r002')).to.be.null;
    await parts.close();
  });

  it('takes a truncated, altered, empty or renamed part for a missing one', async () => {
    await keepOneRun();
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    const whole = await readFile(partsPath('s001-r001.bin'));
    await writeFile(partsPath('s001-r002.bin'), whole);
    expect(await parts.read('s001-r002')).to.be.null;
    const altered = Buffer.from(whole);
    altered[altered.length - 1] ^= 1;
    await writeFile(partsPath('s001-r001.bin'), altered);
    expect(await parts.read('s001-r001')).to.be.null;
    await writeFile(partsPath('s001-r001.bin'), whole);
    await truncate(partsPath('s001-r001.bin'), whole.length - 1);
    expect(await parts.read('s001-r001')).to.be.null;
    await truncate(partsPath('s001-r001.bin'), 0);
    expect(await parts.read('s001-r001')).to.be.null;
    await parts.close();
  });

  it('refuses the runs of another experiment, version or engine, and says what to do', async () => {
    await keepOneRun();
    expect(await refusal({ ...IDENTITY, experiment: 'h2' }))
      .to.contain('other settings')
      .and.to.contain('--force');
    expect(await refusal({ ...IDENTITY, version: '2.0.0' })).to.contain('secretsim 1.0.0 (this is 2.0.0)');
    expect(await refusal({ ...IDENTITY, engine: 'eager' })).to.contain('without --eager');
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    expect(await parts.read('s001-r001')).not.to.be.null;
    await parts.close();
  });

  it('discards them when told to', async () => {
    await keepOneRun();
    const parts = await RunParts.open(join(folder, 'parts'), { ...IDENTITY, experiment: 'h2' }, { discard: true });
    expect(await parts.read('s001-r001')).to.be.null;
    await parts.close();
  });

  it('does not use parts whose header is damaged', async () => {
    await keepOneRun();
    await writeFile(partsPath('experiment.json'), '{"experiment": "h');
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    expect(await parts.read('s001-r001')).to.be.null;
    await parts.close();
  });

  it('is held by one process at a time', async () => {
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    expect(await refusal(IDENTITY)).to.contain(`process ${process.pid} is running`);
    await parts.close();
    await (await RunParts.open(join(folder, 'parts'), IDENTITY)).close();
  });

  it('respects the lock of a process that is alive and takes over that of one that has ended', async () => {
    await keepOneRun();
    await writeFile(partsPath('lock'), JSON.stringify(ownerOf(process.ppid)));
    expect(await refusal(IDENTITY)).to.contain(`process ${process.ppid} is running`);
    const gone = [
      ownerOf(DEAD_PROCESS),
      { ...ownerOf(process.ppid), start: '1' },
      { ...ownerOf(process.pid), start: '1' },
    ];
    for (const text of [...gone.map((owner) => JSON.stringify(owner)), '', '{', 'null', '7\n']) {
      await writeFile(partsPath('lock'), text);
      const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
      expect(JSON.parse(await readFile(partsPath('lock'), 'utf8'))).to.deep.include({ pid: process.pid });
      expect(await parts.read('s001-r001')).not.to.be.null;
      await parts.close();
      expect(await readdir(join(folder, 'parts'))).to.have.members(['experiment.json', 's001-r001.bin']);
    }
  });

  it('respects the lock of another machine as long as it is touched, although the process has our number', async () => {
    await keepOneRun();
    await writeFile(partsPath('lock'), JSON.stringify({ ...ownerOf(process.pid), host: 'other' }));
    let beats = 0;
    const beat = setInterval(() => void utimes(partsPath('lock'), ++beats, beats), 5);
    try {
      expect(await refusal(IDENTITY, { patienceMs: 200 })).to.contain('on another machine or in another container');
    } finally {
      clearInterval(beat);
    }
    await (await RunParts.open(join(folder, 'parts'), IDENTITY, { patienceMs: 50 })).close();
  });

  it('writes nothing once another process has taken the folder over', async () => {
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    const other = JSON.stringify(ownerOf(process.ppid));
    await writeFile(partsPath('lock'), other);
    const failure = await parts.write('s001-r001', bytesOf(0, 1)).catch((error: unknown) => String(error));
    expect(failure).to.contain('another process has taken the folder over');
    await parts.close();
    expect(await readFile(partsPath('lock'), 'utf8')).to.equal(other);
    expect(await readdir(join(folder, 'parts'))).to.have.members(['experiment.json', 'lock']);
  });

  it('takes a part of another experiment, version or engine for a missing one', async () => {
    await keepOneRun();
    const bytes = await readFile(partsPath('s001-r001.bin'));
    for (const change of [{ experiment: 'h2' }, { version: '2.0.0' }, { engine: 'eager' as const }]) {
      const parts = await RunParts.open(join(folder, 'other'), { ...IDENTITY, ...change });
      await writeFile(join(folder, 'other', 's001-r001.bin'), bytes);
      expect(await parts.read('s001-r001')).to.be.null;
      await parts.remove();
    }
  });

  it('leaves what others have put into its folder, and follows no link out of it', async () => {
    await keepOneRun();
    await writeFile(partsPath('mine.txt'), 'x');
    await mkdir(partsPath('folder'));
    await writeFile(partsPath('folder/s001-r001.bin'), 'x');
    await (await RunParts.open(join(folder, 'parts'), IDENTITY)).remove();
    expect(await readdir(join(folder, 'parts'))).to.have.members(['mine.txt', 'folder']);
    await symlink(join(folder, 'parts'), join(folder, 'link'));
    const refused = await RunParts.open(join(folder, 'link'), IDENTITY).catch((error: unknown) => String(error));
    expect(refused).to.contain('is a link');
  });

  it('leaves nothing behind when it is removed, or closed without a part', async () => {
    await (await RunParts.open(join(folder, 'parts'), IDENTITY)).close();
    expect(await readdir(folder)).to.be.empty;
    const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
    await parts.write('s001-r001', bytesOf(0, 1));
    await parts.remove();
    await parts.close();
    expect(await readdir(folder)).to.be.empty;
  });

  it('lets an interrupted experiment go on to the same result', async () => {
    const experiment = fakeExperiment(['compute', 'slow', 'compute'], 3);
    const fresh = await runExperiment(experiment, { workers: 1, workerScript: FAKE_WORKER });
    const execute = async (stopAfter: number): Promise<RunOutcome> => {
      const controller = new AbortController();
      const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
      const outcome = await runExperiment(experiment, {
        workers: 1,
        workerScript: FAKE_WORKER,
        parts,
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= stopAfter) controller.abort();
        },
      });
      await parts.close();
      return outcome;
    };
    expect((await execute(4)).runs).to.have.lengthOf(4);
    await access(partsPath('s002-r001.bin'));
    await truncate(partsPath('s001-r002.bin'), 100);
    const resumed = await execute(Infinity);
    expect(resumed.execution.resumed_runs).to.equal(3);
    expect(resumed.runs.map(wholeRun)).to.deep.equal(fresh.runs.map(wholeRun));
    expect(resumed.complete).to.be.true;
  });

  it('computes only the failed runs again', async () => {
    const experiment = fakeExperiment(['throw once'], 3);
    for (const expected of [0, 2]) {
      const parts = await RunParts.open(join(folder, 'parts'), IDENTITY);
      const outcome = await runExperiment(experiment, { workers: 1, workerScript: FAKE_WORKER, parts });
      await parts.close();
      expect(outcome.execution.resumed_runs).to.equal(expected);
      expect(outcome.failed).to.have.lengthOf(1);
    }
  });

  it('lets an interrupted search for a precision go on to the same result', async () => {
    const experiment = {
      ...fakeExperiment(['compute', 'slow'], 3),
      precision: { metric: 'delay_p99_s', subject: 'delay_p99_s', over: MEAN, relative: 0.025, min: 3, max: 60 },
    } as const;
    const fresh = await runExperiment(experiment, { workers: 1, workerScript: FAKE_WORKER });
    for (const stopAfter of [3, 14, 25, Infinity]) {
      const controller = new AbortController();
      const parts = await RunParts.open(folder, IDENTITY);
      const outcome = await runExperiment(experiment, {
        workers: 2,
        workerScript: FAKE_WORKER,
        parts,
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= stopAfter) controller.abort();
        },
      });
      await parts.close();
      expect(outcome.interrupted).to.equal(stopAfter < Infinity);
      if (outcome.interrupted) continue;
      expect(outcome.execution.resumed_runs).to.be.at.least(25);
      expect(outcome.precision).to.deep.equal(fresh.precision);
      expect(outcome.runs.map(wholeRun)).to.deep.equal(fresh.runs.map(wholeRun));
    }
  });
});
