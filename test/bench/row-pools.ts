import { median } from 'd3-array';
import { Requests } from '../../src/cluster/kube-apiserver/requests.js';
import { Simulator } from '../../src/sim/simulator.js';
import { inFreshProcess, REPETITIONS } from './fresh-process.js';
import { HandWrittenRequests } from './hand-written-requests.js';

/** The rows that are compared. */
const POOLS = {
  declared: () => new Requests(new Simulator()),
  'hand-written': () => new HandWrittenRequests(),
} as const;
type PoolName = keyof typeof POOLS;
type Pool = Requests | HandWrittenRequests;

const ROWS = 2 ** 15;
const ROUNDS = 300;
const WARM_UP = 30;

/** What is done to all rows in a round; returns something that depends on it, so that it is done. */
const WORK = {
  'open and close': (pool: Pool): number => {
    for (let row = 0; row < ROWS; row++) pool.close(row);
    let last = 0;
    for (let i = 0; i < ROWS; i++) last = pool.open(i & 3, i, i);
    return last;
  },
  'read and write columns': (pool: Pool): number => {
    let sum = 0;
    for (let row = 0; row < ROWS; row++) {
      pool.oneWay[row] = pool.service[row] + pool.attempts[row];
      pool.state[row] = pool.verb[row] + 1;
      sum += pool.node[row] + pool.server[row] + pool.generation[row];
    }
    return sum;
  },
  'grow from the start': (pool: Pool): number => {
    const grown = pool instanceof Requests ? POOLS.declared() : POOLS['hand-written']();
    for (let i = 0; i < ROWS; i++) grown.open(i & 3, i, i);
    return grown.length;
  },
} as const;
type Work = keyof typeof WORK;

/** Nanoseconds of CPU per row. */
export function nanosecondsPerRow(name: string, work: string): number {
  const pool = POOLS[name as PoolName]();
  const round = WORK[work as Work];
  for (let i = 0; i < ROWS; i++) pool.open(i & 3, i, i);
  for (let i = 0; i < WARM_UP; i++) round(pool);
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) round(pool);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (ROUNDS * ROWS);
}

/** Compares rows with declared columns with rows that were written out by hand. */
export function reportRowPools(): void {
  const names = Object.keys(POOLS);
  console.log(`\nrows of requests: nanoseconds of CPU per row${names.map((name) => name.padStart(14)).join('')}`);
  for (const work of Object.keys(WORK)) {
    const each = names.map(() => [] as number[]);
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      names.forEach((name, i) => each[i].push(inFreshProcess('rows', name, work) as number));
    }
    console.log(`  ${work.padEnd(42)}${each.map((of) => (median(of) ?? NaN).toFixed(1).padStart(14)).join('')}`);
  }
}
