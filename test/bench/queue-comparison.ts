import { median } from 'd3-array';
import { QUEUES } from '../sim/queues/queues.js';
import { inFreshProcessWithin, REPETITIONS } from './fresh-process.js';
import { LAWS } from './hold-model.js';
import { RUNS } from './whole-runs.js';

const PENDING = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
const NAMES = Object.keys(QUEUES);
/** Several times as long as a cell takes in which a queue does not degenerate. */
const LIMIT_S = 120;
const LABEL_WIDTH = 40;

function printRow(label: string, cells: readonly string[]): void {
  console.log(`  ${label.padEnd(LABEL_WIDTH)}${cells.map((text, i) => text.padStart(NAMES[i].length)).join('  ')}`);
}

/** Prints medians of a rate of each of the queues, measured in turn. One that was stopped once is not tried again. */
function reportRates(label: string, ...cell: readonly string[]): void {
  const rates = NAMES.map((): (number | undefined)[] => []);
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    NAMES.forEach((queue, i) => {
      if (rates[i].includes(undefined)) return;
      rates[i].push(inFreshProcessWithin(LIMIT_S, ...cell, queue) as number | undefined);
    });
  }
  printRow(
    label,
    rates.map((each) => (each.includes(undefined) ? '-' : (median(each) ?? NaN).toFixed(2))),
  );
}

/** Compares the event queue with other structures on the hold model and on what recorded runs did to it. */
export function reportQueues(): void {
  for (const law of Object.keys(LAWS)) {
    console.log(`\nhold model, increments ${law}: million holds per CPU-second`);
    printRow('', NAMES);
    for (const pending of PENDING) {
      reportRates(`${pending.toExponential(0)} pending`, 'hold', law, String(pending));
    }
  }
  console.log('\nevent queues of recorded runs: million pushes and pops per CPU-second');
  printRow('', NAMES);
  RUNS.forEach(({ name }, index) => reportRates(name, 'replay', String(index)));
  console.log(
    `  -: stopped after ${LIMIT_S} s; a calendar passes the earlier events of a crowd one by one to put in another`,
  );
}
