import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'd3-array';
import { STRATEGY_NAMES } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { type QueueName, QUEUES } from '../sim/queues/queues.js';
import { type Choice, reportCommands, reportPairs } from './command-costs.js';
import { inFreshProcess, REPETITIONS } from './fresh-process.js';
import { holdsPerCpuSecond, type Law } from './hold-model.js';
import { modelTime, reportLazyAndEager } from './lazy-and-eager.js';
import { reportNative } from './native-comparison.js';
import { reportPages } from './pages.js';
import { reportPeers } from './peer-comparison.js';
import { profileOf, reportProfiles } from './profile.js';
import { reportQueues } from './queue-comparison.js';
import { readingTime, reportReaders } from './readers.js';
import { operationsPerCpuSecond } from './recorded-runs.js';
import { nanosecondsPerRow, reportRowPools } from './row-pools.js';
import { costsSvg } from './sizes-picture.js';
import { costsCsv, measureSizes, slopesOf } from './sizes.js';
import { measure, type Measured, RUNS } from './whole-runs.js';
import { reportWriters, rowsPerCpuSecond } from './writers.js';

/** The median of some repetitions, by a key. */
function medianBy<T>(values: readonly T[], key: (value: T) => number): number {
  return median(values, key) ?? NaN;
}

function report(): void {
  console.log(
    `node ${process.version}, ${cpus()[0].model.trim()}, ${cpus().length} cores; medians of ${REPETITIONS} processes`,
  );
  reportQueues();
  reportRowPools();
  reportWriters();
  reportReaders();
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

/** Measures the cost of each size and strategy, and writes it to a folder as CSV and as a picture. */
function reportSizes(folder: string): void {
  const costs = measureSizes(({ strategy, nodes, cpuS, wallS, peakMiB }) => {
    console.log(
      `${strategy.padEnd(6)} ${String(nodes).padStart(7)} nodes  ${cpuS.toFixed(2).padStart(7)} s CPU  ${wallS.toFixed(2).padStart(7)} s  ${peakMiB.toFixed(0).padStart(5)} MiB`,
    );
  });
  for (const strategy of STRATEGY_NAMES) {
    const [cpu, memory] = (['cpuS', 'peakMiB'] as const).map((figure) => slopesOf(costs, strategy, figure));
    console.log(`${strategy}: log-log slope from 1,000 to 1,000,000 nodes: CPU ${cpu}; memory ${memory}`);
  }
  writeFileSync(join(folder, 'cost-by-size.csv'), costsCsv(costs));
  writeFileSync(
    join(folder, 'cost-by-size.svg'),
    costsSvg(costs, 'CPU and memory of the whole command for one simulated hour, by nodes and strategy'),
  );
}

/** `--repetitions N` and names of parts, as they follow the name of a report. */
function choiceOf(words: readonly string[]): Choice {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { repetitions: { type: 'string' } },
    allowPositionals: true,
  });
  return {
    names: positionals,
    ...(values.repetitions !== undefined && { repetitions: Number(values.repetitions) }),
  };
}

const [cell, ...args] = process.argv.slice(2);
if (cell === 'hold') {
  const [law, pending, queue] = args;
  console.log(JSON.stringify(holdsPerCpuSecond(new QUEUES[queue as QueueName](), law as Law, Number(pending))));
} else if (cell === 'replay') {
  const [run, queue] = args;
  console.log(JSON.stringify(operationsPerCpuSecond(RUNS[Number(run)], new QUEUES[queue as QueueName]())));
} else if (cell === 'rows') {
  console.log(JSON.stringify(nanosecondsPerRow(args[0], args[1])));
} else if (cell === 'row-pools') {
  reportRowPools();
} else if (cell === 'writer') {
  console.log(JSON.stringify(rowsPerCpuSecond(args[0])));
} else if (cell === 'writers') {
  reportWriters();
} else if (cell === 'reader') {
  console.log(JSON.stringify(await readingTime(args[0], args[1])));
} else if (cell === 'readers') {
  reportReaders();
} else if (cell === 'run') {
  console.log(JSON.stringify(measure(RUNS[Number(args[0])])));
} else if (cell === 'sizes') {
  reportSizes(args[0]);
} else if (cell === 'commands') {
  reportCommands(choiceOf(args), 'results');
} else if (cell === 'pair') {
  reportPairs(resolve(args[0]), choiceOf(args.slice(1)));
} else if (cell === 'model') {
  console.log(JSON.stringify(modelTime(Number(args[0]), args[1] === 'eager' ? 'eager' : 'lazy')));
} else if (cell === 'profile-run') {
  console.log(JSON.stringify(await profileOf(RUNS[Number(args[0])])));
} else if (cell === 'profile') {
  reportProfiles(args[0]);
} else if (cell === 'peers') {
  reportPeers(args[0]);
} else if (cell === 'engine') {
  report();
} else if (cell === 'eager') {
  reportLazyAndEager(args[0]);
} else if (cell === 'native') {
  reportNative(args[0]);
} else if (cell === 'pages') {
  await reportPages();
} else {
  report();
  reportCommands({ names: [] });
  reportPeers();
  await reportPages();
}
