import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from 'd3-array';
import { EventQueue } from '../../src/sim/event-queue.js';
import { HeapQueue, type PendingEvents } from '../sim/heap-queue.js';
import { holdsPerCpuSecond, type Law, LAWS } from './hold-model.js';
import { operationsPerCpuSecond } from './recorded-runs.js';
import { measure, type Measured, RUNS } from './whole-runs.js';

const REPETITIONS = 3;
const PENDING = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
/** The event queue and what it is compared with. */
const QUEUES: Readonly<Record<string, new () => PendingEvents>> = { queue: EventQueue, heap: HeapQueue };

/** Each cell is measured in a fresh process: a queue class gets slower when others have run through its loops. */
function inFreshProcess(...cell: readonly string[]): unknown {
  return JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...cell], { encoding: 'utf8' }));
}

/** The median of some repetitions, by a key. */
function medianBy<T>(values: readonly T[], key: (value: T) => number): number {
  return median(values, key) ?? NaN;
}

/** Medians of a rate for each of the queues, measured in turn. */
function ratesOfQueues(...cell: readonly string[]): string {
  const rounds = Array.from({ length: REPETITIONS }, () =>
    Object.keys(QUEUES).map((queue) => inFreshProcess(...cell, queue) as number),
  );
  return Object.keys(QUEUES)
    .map(
      (queue, index) =>
        `${queue} ${medianBy(rounds, (round) => round[index])
          .toFixed(2)
          .padStart(6)}`,
    )
    .join('   ');
}

function report(): void {
  console.log(
    `node ${process.version}, ${cpus()[0].model.trim()}, ${cpus().length} cores; medians of ${REPETITIONS} processes`,
  );
  for (const law of Object.keys(LAWS)) {
    console.log(`\nhold model, increments ${law}: million holds per CPU-second`);
    for (const pending of PENDING) {
      console.log(`  ${pending.toExponential(0).padStart(6)} pending  ${ratesOfQueues('hold', law, String(pending))}`);
    }
  }
  console.log('\nevent queues of recorded runs: million pushes and pops per CPU-second');
  RUNS.forEach(({ name }, index) => {
    console.log(`  ${name.padEnd(38)} ${ratesOfQueues('replay', String(index))}`);
  });
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

const [cell, ...args] = process.argv.slice(2);
if (cell === 'hold') {
  const [law, pending, queue] = args;
  console.log(JSON.stringify(holdsPerCpuSecond(new QUEUES[queue](), law as Law, Number(pending))));
} else if (cell === 'replay') {
  const [run, queue] = args;
  console.log(JSON.stringify(operationsPerCpuSecond(RUNS[Number(run)], new QUEUES[queue]())));
} else if (cell === 'run') {
  console.log(JSON.stringify(measure(RUNS[Number(args[0])])));
} else {
  report();
}
