import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { extent, median } from 'd3-array';
import { MACHINE, outputOf } from './fresh-process.js';
import { findPeers, OWN, type Peer } from './peers.js';
import { stateWithoutEngine, type Timers, timersOf, type TimerState } from './timers.js';

const REPETITIONS = 3;
const PENDING = [1e3, 1e5, 1e6];
const WARM_UP = 1e6;
const TIMED = 3e6;
const TIMED_SLOW = 5e5;

/** What an engine's program prints. */
interface Output {
  readonly warmUp: TimerState;
  readonly cpuS: number;
  readonly end: TimerState;
}

/** Timers in a file, and the states that every engine must come to. */
interface Task {
  readonly timers: Timers;
  readonly file: string;
  readonly warmUp: TimerState;
  readonly end: TimerState;
}

/** Our engine and a peer in turn: medians, and the ratio of each pair. Million events per CPU-second. */
interface Comparison {
  readonly pending: number;
  readonly peer: Peer;
  readonly own: number;
  readonly rate: number;
  readonly ratio: number;
  readonly ratios: readonly [number, number];
}

function taskOf(pending: number, timed: number, folder: string): Task {
  const timers = timersOf(pending, WARM_UP, timed);
  const file = join(folder, `timers-${pending}.f64`);
  writeFileSync(file, timers.times);
  const [warmUp, end] = [timers.warmUpUs, timers.endUs].map((untilUs) => stateWithoutEngine(timers, untilUs));
  return { timers, file, warmUp, end };
}

/** Million events per CPU-second of an engine's program. Throws where it did something else than the timers. */
function rateOf(command: readonly string[], { timers, file, warmUp, end }: Task): number {
  const [program, ...args] = command;
  const { entities, warmUpUs, endUs } = timers;
  const output = outputOf(program, ...args, ...[entities, warmUpUs, endUs].map(String), file) as Output;
  const [wanted, found] = [JSON.stringify({ warmUp, end }), JSON.stringify({ warmUp: output.warmUp, end: output.end })];
  if (found !== wanted) throw new Error(`${command.join(' ')}: came to ${found}, not to ${wanted}`);
  return (end.events - warmUp.events) / output.cpuS / 1e6;
}

/** The median of numbers of which there is at least one. */
const middle = (values: readonly number[]): number => median(values) ?? NaN;

function compare(peer: Peer, pending: number, own: Task, task: Task): Comparison {
  const pairs = Array.from({ length: REPETITIONS }, () => [rateOf(OWN, own), rateOf(peer.command, task)] as const);
  const ratios = pairs.map(([ours, theirs]) => ours / theirs);
  const [least, most] = extent(ratios);
  return {
    pending,
    peer,
    own: middle(pairs.map(([ours]) => ours)),
    rate: middle(pairs.map(([, theirs]) => theirs)),
    ratio: middle(ratios),
    ratios: [least ?? NaN, most ?? NaN],
  };
}

function print({ pending, peer, own, rate, ratio, ratios }: Comparison): void {
  const number = (value: number, digits: number): string => value.toFixed(digits).padStart(7);
  console.log(
    `  ${pending.toExponential(0).padStart(6)} pending  ${`${peer.name} ${peer.version}`.padEnd(42)} ${number(rate, 3)}` +
      `   ours ${number(own, 2)}: ${number(ratio, 1)} times (${ratios.map((each) => each.toFixed(1)).join('-')})`,
  );
}

function csvOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ pending, peer, own, rate, ratio, ratios }) => ({
    pending_events: pending,
    engine: peer.name,
    engine_version: peer.version,
    pairs: REPETITIONS,
    engine_million_events_per_cpu_s: rate.toFixed(4),
    own_million_events_per_cpu_s: own.toFixed(3),
    own_over_engine: ratio.toFixed(2),
    own_over_engine_min: ratios[0].toFixed(2),
    own_over_engine_max: ratios[1].toFixed(2),
    ...MACHINE,
  }));
  return stringify(rows, { header: true });
}

/** Compares our engine with the peers on this machine, through each one's own API, and writes a table to a folder. */
export function reportPeers(results?: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'secretsim-peers-'));
  try {
    const { peers, missing } = findPeers(folder);
    console.log(
      `\ntimers of 60 s, set again by handlers with state: million events per CPU-second; medians of ${REPETITIONS} pairs (least-most)`,
    );
    missing.forEach((line) => console.log(`  ${line}`));
    const comparisons = PENDING.flatMap((pending) => {
      const task = taskOf(pending, TIMED, folder);
      const shorter = taskOf(pending, TIMED_SLOW, folder);
      return peers.map((peer) => {
        const comparison = compare(peer, pending, task, peer.slow ? shorter : task);
        print(comparison);
        return comparison;
      });
    });
    if (results !== undefined) writeFileSync(join(results, 'benchmark-peers.csv'), csvOf(comparisons));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
