import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from 'd3-array';
import { holdsPerCpuSecond } from './hold-model.js';
import { measure, type Measured, RUNS } from './whole-runs.js';

const REPETITIONS = 3;
const PENDING = [1e3, 1e4, 1e5, 1e6, 1e7];
const HOLDS = 3e6;

/** Each cell is measured in a fresh process: a queue class gets slower when others have run through its loops. */
function inFreshProcess(...cell: readonly string[]): unknown {
  return JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...cell], { encoding: 'utf8' }));
}

/** The median of some repetitions, by a key. */
function medianBy<T>(values: readonly T[], key: (value: T) => number): number {
  return median(values, key) ?? NaN;
}

function report(): void {
  console.log(
    `node ${process.version}, ${cpus()[0].model.trim()}, ${cpus().length} cores; medians of ${REPETITIONS} processes\n`,
  );
  console.log('event queue, hold model, exponential increments, total order: million holds per CPU-second');
  for (const pending of PENDING) {
    const rates = Array.from({ length: REPETITIONS }, () => inFreshProcess('hold', String(pending)) as number);
    console.log(`  ${pending.toExponential(0).padStart(6)} pending  ${medianBy(rates, (rate) => rate).toFixed(2)}`);
  }
  console.log('\nwhole runs: seconds to build the cluster and to simulate it, events handled, resident memory');
  RUNS.forEach(({ name }, index) => {
    const runs = Array.from({ length: REPETITIONS }, () => inFreshProcess('run', String(index)) as Measured);
    const [build, simulate, events, memory] = (['buildS', 'simulateS', 'events', 'residentMiB'] as const).map((key) =>
      medianBy(runs, (run) => run[key]),
    );
    console.log(
      `  ${name.padEnd(38)} ${build.toFixed(2)} s + ${simulate.toFixed(2)} s  ${events.toLocaleString('en')} events  ${memory.toFixed(0)} MiB`,
    );
  });
}

const [cell, argument] = process.argv.slice(2);
if (cell === 'hold') {
  console.log(JSON.stringify(holdsPerCpuSecond(Number(argument), HOLDS)));
} else if (cell === 'run') {
  const { name, scenario, eager } = RUNS[Number(argument)];
  console.log(JSON.stringify(measure(name, scenario, eager ?? false)));
} else {
  report();
}
