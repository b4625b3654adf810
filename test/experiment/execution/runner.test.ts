import { expect } from 'chai';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { MEAN } from '../../../src/experiment/language/values/statistic.js';
import { startAhead } from '../../../src/experiment/execution/pool.js';
import {
  runExperiment,
  type RunOptions,
  type RunOutcome,
  type RunProgress,
} from '../../../src/experiment/execution/runner.js';
import { FAKE_WORKER, fakeExperiment, fakeRecord, wholeRun, type Behaviour } from '../fakes.js';

const NO_SUCH_MODULE = new URL('../no-such-module.js', import.meta.url);

function run(behaviours: readonly Behaviour[], replications = 1, options: RunOptions = {}): Promise<RunOutcome> {
  return runExperiment(fakeExperiment(behaviours, replications), {
    workers: 2,
    workerScript: FAKE_WORKER,
    ...options,
  });
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('runExperiment', () => {
  it('computes every scenario and replication, in the order of run ids', async () => {
    const outcome = await run(['slow', 'compute', 'compute'], 3);
    expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal([
      's001-r001',
      's001-r002',
      's001-r003',
      's002-r001',
      's002-r002',
      's002-r003',
      's003-r001',
      's003-r002',
      's003-r003',
    ]);
    for (const run of outcome.runs)
      expect(wholeRun(run).record).to.deep.equal(fakeRecord(run.scenario, run.replication));
    expect(outcome).to.include({ complete: true, interrupted: false });
    expect(outcome.failed).to.be.empty;
  });

  it('gives the same runs with one worker and with several', async () => {
    const one = await run(['slow', 'compute'], 4, { workers: 1 });
    const several = await run(['slow', 'compute'], 4, { workers: 3 });
    expect(several.runs.map(wholeRun)).to.deep.equal(one.runs.map(wholeRun));
  });

  it('gives a replication the same seed in every scenario', async () => {
    const outcome = await run(['compute', 'compute'], 2);
    expect(outcome.runs.map(({ seed }) => seed)).to.deep.equal(['chance/r1', 'chance/r2', 'chance/r1', 'chance/r2']);
  });

  it('reports a run that throws, without a stack, and goes on', async () => {
    const outcome = await run(['throw', 'compute', 'throw once'], 2);
    expect(outcome.failed).to.deep.equal([
      { runId: 's001-r001', message: 'RangeError: the cluster has no pods' },
      { runId: 's001-r002', message: 'RangeError: the cluster has no pods' },
      { runId: 's003-r001', message: 'the first replication fails' },
    ]);
    expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal(['s002-r001', 's002-r002', 's003-r002']);
    expect(outcome).to.include({ complete: false, interrupted: false });
  });

  it('replaces a worker that ends, and fails only the run that it was computing', async () => {
    const outcome = await run(['exit', 'compute'], 2, { workers: 1 });
    expect(outcome.failed).to.deep.equal([
      { runId: 's001-r001', message: 'the worker thread ended' },
      { runId: 's001-r002', message: 'the worker thread ended' },
    ]);
    expect(outcome.runs).to.have.lengthOf(2);
  });

  it('replaces a worker that runs out of memory', async () => {
    const outcome = await run(['out of memory', 'compute'], 1, {
      workers: 1,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    expect(outcome.failed).to.have.lengthOf(1);
    expect(outcome.failed[0].message).to.match(/^out of memory/);
    expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal(['s002-r001']);
  });

  it('fails the runs, not the program, when the worker module cannot be loaded', async () => {
    const outcome = await run(['compute'], 1, { workerScript: NO_SUCH_MODULE });
    expect(outcome.failed[0].message).to.match(/^the worker thread crashed: .*no-such-module/);
  });

  it('takes a worker that has been started ahead, or another where that one has ended', async () => {
    for (const ends of [false, true]) {
      startAhead(ends ? NO_SUCH_MODULE : FAKE_WORKER);
      if (ends) await setTimeout(200);
      const outcome = await run(['slow', 'compute'], 2);
      expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal([
        's001-r001',
        's001-r002',
        's002-r001',
        's002-r002',
      ]);
    }
    startAhead(NO_SUCH_MODULE);
    const outcome = await run(['compute'], 1, { workerScript: NO_SUCH_MODULE });
    expect(outcome.failed[0].message).to.match(/^the worker thread crashed: .*no-such-module/);
  });

  it('computes a single run when asked to', async () => {
    const outcome = await run(['compute', 'compute'], 3, { only: 's002-r003' });
    expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal(['s002-r003']);
    expect(wholeRun(outcome.runs[0]).record).to.deep.equal(fakeRecord(1, 3));
    expect(outcome.complete).to.be.false;
    expect(outcome.interrupted).to.be.false;
  });

  it('refuses a run that the experiment does not have', async () => {
    const error = await errorOf(run(['compute'], 2, { only: 's001-r003' }));
    expect(error).to.be.instanceOf(InputError);
    expect((error as Error).message)
      .to.contain('no such run')
      .and.to.contain('s001-r001 to s001-r002');
  });

  it('stops at once when the signal is aborted, and keeps what is done', async () => {
    const controller = new AbortController();
    const outcome = await run(['compute', 'slow'], 40, {
      workers: 1,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 42) controller.abort();
      },
    });
    expect(outcome.interrupted).to.be.true;
    expect(outcome.complete).to.be.false;
    expect(outcome.failed).to.be.empty;
    expect(outcome.runs).to.have.lengthOf(42);
  });

  it('computes nothing when the signal was aborted before', async () => {
    const outcome = await run(['compute'], 2, { signal: AbortSignal.abort() });
    expect(outcome.runs).to.be.empty;
    expect(outcome.interrupted).to.be.true;
  });

  it('stops when what follows a run fails', async () => {
    const failure = new Error('the reporter fails');
    const onProgress = ({ done }: RunProgress): void => {
      if (done === 1) throw failure;
    };
    expect(await errorOf(run(['compute', 'slow'], 5, { onProgress }))).to.equal(failure);
  });

  it('tells how it computed', async () => {
    const { execution } = await run(['compute', 'compute'], 1, { workers: 2 });
    expect(execution).to.include({ workers: 2, engine: 'lazy', resumed_runs: 0, events: 20, draws: 40 });
    expect(execution.runs.map((each) => each.run_id)).to.deep.equal(['s001-r001', 's002-r001']);
  });

  describe('until a precision is reached', () => {
    // The fake metric is 100 + (scenario + 1) × (0 … 10): the second scenario varies more than the first.
    const precise = (
      relative: number,
      options: RunOptions = {},
      behaviours: readonly Behaviour[] = ['slow', 'compute'],
    ) =>
      runExperiment(
        {
          ...fakeExperiment(behaviours, 3),
          precision: { metric: 'delay_p99_s', subject: 'delay_p99_s', over: MEAN, relative, min: 3, max: 60 },
        },
        { workers: 2, workerScript: FAKE_WORKER, ...options },
      );

    it('computes as many replications of each scenario as it needs', async () => {
      const outcome = await precise(0.025);
      expect(outcome).to.include({ complete: true, interrupted: false });
      const [first, second] = outcome.precision ?? [];
      expect(first.needed).to.be.within(4, 59);
      expect(second.needed).to.be.above(first.needed ?? 0);
      const counts = [0, 1].map((index) => outcome.runs.filter(({ scenario }) => scenario === index).length);
      expect(counts).to.deep.equal([first.replications, second.replications]);
    });

    it('gives the same runs with one worker and with several', async () => {
      const one = await precise(0.025, { workers: 1 });
      const several = await precise(0.025, { workers: 3 });
      expect(several.runs.map(wholeRun)).to.deep.equal(one.runs.map(wholeRun));
      expect(several.precision).to.deep.equal(one.precision);
    });

    it('ends at the maximum where it cannot be reached', async () => {
      const outcome = await precise(0.0001);
      expect(outcome.precision?.map(({ stoppedBy }) => stoppedBy)).to.deep.equal(['max', 'max']);
      expect(outcome.runs).to.have.lengthOf(120);
      expect(outcome.complete).to.equal(true);
    });

    it('goes on without the runs that fail, and ends where all do', async () => {
      const outcome = await precise(0.025, {}, ['throw', 'throw once']);
      expect(outcome.precision?.map(({ stoppedBy }) => stoppedBy)).to.deep.equal(['no value', 'precision']);
      expect(outcome.failed.map(({ runId }) => runId)).to.deep.equal([
        's001-r001',
        's001-r002',
        's001-r003',
        's002-r001',
      ]);
      expect(outcome).to.include({ complete: false, interrupted: false });
    });

    it('is interrupted while a scenario is undecided', async () => {
      const controller = new AbortController();
      const outcome = await precise(0.025, {
        signal: controller.signal,
        onProgress: ({ done, open }) => {
          if (done === 10) {
            expect(open).to.equal(true);
            controller.abort();
          }
        },
      });
      expect(outcome).to.include({ complete: false, interrupted: true, precision: null });
    });

    it('replays a single run, up to the maximum', async () => {
      const outcome = await precise(0.025, { only: 's002-r060' });
      expect(outcome.runs.map(({ runId }) => runId)).to.deep.equal(['s002-r060']);
      expect(outcome).to.include({ complete: false, interrupted: false });
    });
  });
});
