import { expect } from 'chai';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import { isCoupled } from '../../src/cluster/model/coupling.js';
import { neverSeen } from '../../src/cluster/model/never-seen.js';
import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import { buildExperiment, type Scenario } from '../../src/experiment/language/experiment.js';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { locate } from '../../src/experiment/language/values/located.js';
import { textOf } from '../cluster/everything.js';
import { byTurns, sharedRecord } from '../cluster/shared-record.js';
import type { Case } from './legal-experiments.js';

const SOURCE = 'experiment.json';
const SHA256 = '0'.repeat(64);

/** The scenario of a case; null where it clashes with itself and is refused. */
export async function scenarioOf({ document, topology }: Case): Promise<Scenario | null> {
  try {
    const { experiment } = await buildExperiment(locate(document, { source: SOURCE }), SOURCE, {
      samples: 'all',
      topologies: {
        locate: (name) => name,
        read: () =>
          topology === null
            ? Promise.reject(new Error('no topology'))
            : Promise.resolve({ file: topology, sha256: SHA256 }),
      },
    });
    return experiment.scenarios[0];
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/**
 * What holds of every legal experiment's run: it ends, its numbers are numbers, nothing is lost, and all engines agree.
 * @returns how many seconds of this thread the run took
 */
export function checkRun(input: ModelInput): number {
  const began = process.cpuUsage();
  const lazy = simulate(input, 1);
  const { user, system } = process.cpuUsage(began);
  expectPlainNumbers(lazy);
  expectConservation(lazy);
  expectBounds(lazy);
  const eager = simulate(input, 1, { eager: true });
  expect(eager.metrics, 'metrics of the eager engine').to.deep.equal(lazy.metrics);
  expect(textOf(eager), 'the eager engine').to.equal(textOf(lazy));
  if (!isCoupled(input)) expect(textOf(sharedRecord(input, 2, byTurns)), 'two threads').to.equal(textOf(lazy));
  return (user + system) / 1e6;
}

function expectPlainNumbers(record: RunRecord): void {
  const { execution, load, samples, ...rest } = record;
  expect(execution.events).to.be.at.least(0);
  eachNumber(rest, 'record', (value, path) => {
    if (!(value >= 0) || (value === Infinity && !path.startsWith('record.rotations')))
      expect.fail(`${path} is ${value}`);
  });
  load.values.forEach((value, i) => {
    // NaN is an empty cell: there are no seats where requests never queue.
    const column = load.columns[i % load.columns.length];
    if (!(value >= 0 && value < Infinity) && !(column === 'seats' && Number.isNaN(value)))
      expect.fail(`${column} of load.csv is ${value}`);
  });
  for (const times of samples === null ? [] : [samples.cacheDelayUs, samples.syncWaitUs, samples.refreshUs]) {
    for (const time of times) expect(time, 'a stage of samples.csv').to.be.within(0, Number.MAX_SAFE_INTEGER);
  }
}

function eachNumber(value: unknown, path: string, visit: (value: number, path: string) => void): void {
  if (typeof value === 'number') visit(value, path);
  else if (ArrayBuffer.isView(value)) (value as Float64Array).forEach((each) => visit(each, path));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) eachNumber(each, `${path}.${key}`, visit);
  }
}

/** No pod is later than the bound of its update, where there is one. */
function expectBounds({ updates }: RunRecord): void {
  for (const { update, boundS, timeTo100S } of updates) {
    if (boundS !== null && timeTo100S !== null) expect(timeTo100S, `update ${update}`).to.be.at.most(boundS);
  }
}

function expectConservation({ metrics, updates, traffic }: RunRecord): void {
  const sum = (...names: readonly (keyof typeof metrics)[]): number =>
    names.reduce((all, name) => all + (metrics[name] ?? 0), 0);
  expect(metrics.due, 'due').to.equal(sum('projections', 'replaced', 'never_projected', 'pending_at_end', 'gone'));
  for (const update of updates) {
    const { due, reached, pending, gone } = update;
    expect(due).to.equal(reached + neverSeen(update) + pending + gone);
  }
  if (traffic === null) return;
  expect(traffic.sent, 'requests').to.equal(traffic.answered + traffic.refused + traffic.lost + traffic.inFlight);
  expect(traffic.watchesOpened, 'watches').to.equal(traffic.watchesClosed + traffic.watchesOpen);
}
