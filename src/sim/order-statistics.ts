import { bisectRight } from 'd3-array';
import type { Chunk, ChunkedNumbers } from './growable.js';
import { sortNumbers } from './sort.js';

/** Fewer numbers are copied and sorted, which takes no longer. */
const FEW = 2 ** 16;
/** Of the upper bits of whole numbers, which tell in which cell they are: some tens of thousands of delays share one. */
const CELL_BITS = 16;
const CELLS = 2 ** (32 - CELL_BITS);

/** Visits stretches of numbers, each from the first to the last (exclusive). */
export type Stretches = (visit: (from: number, to: number) => void) => void;

/** What is known of numbers in ascending order. */
export interface OrderStatistics {
  /** How many are at most each of the bounds that were asked for. */
  readonly atMost: readonly number[];
  /** The numbers of the ranks that were asked for, the smallest of rank 0; NaN: there is none. */
  readonly ranked: readonly number[];
}

/**
 * Looks numbers up in their order. Many whole ones are neither copied nor sorted, since two copies of them might not fit in
 * memory: they are counted by cells, and only the cells are sorted in which a bound or a rank lies.
 */
export function orderStatistics(
  numbers: ChunkedNumbers,
  stretches: Stretches,
  bounds: readonly number[],
  ranks: readonly number[],
): OrderStatistics {
  let count = 0;
  stretches((from, to) => (count += to - from));
  if (count >= FEW && numbers.areWhole) return ofCells(numbers, stretches, bounds, ranks);
  const sorted = new Float64Array(count);
  let next = 0;
  stretches((from, to) => {
    numbers.copyTo(sorted, next, from, to);
    next += to - from;
  });
  sortNumbers(sorted);
  return {
    atMost: bounds.map((bound) => bisectRight(sorted, bound)),
    ranked: ranks.map((rank) => sorted[rank] ?? NaN),
  };
}

function ofCells(
  numbers: ChunkedNumbers,
  stretches: Stretches,
  bounds: readonly number[],
  ranks: readonly number[],
): OrderStatistics {
  const start = cellStarts(numbers, stretches);
  const count = start[CELLS];
  const cellOf = (rank: number): number => bisectRight(start, rank) - 1;
  const boundCells = bounds.map((bound) => Math.floor(bound / 2 ** CELL_BITS));
  const rankCells = ranks.map((rank) => (rank >= 0 && rank < count ? cellOf(rank) : -1));
  const sorted = sortedCells(numbers, stretches, start, [...boundCells, ...rankCells]);
  return {
    atMost: bounds.map((bound, i) => {
      const cell = boundCells[i];
      if (cell < 0) return 0;
      return cell >= CELLS ? count : start[cell] + bisectRight(sorted.get(cell) ?? [], bound);
    }),
    ranked: ranks.map((rank, i) => sorted.get(rankCells[i])?.[rank - start[rankCells[i]]] ?? NaN),
  };
}

/** How many numbers are in the cells before each, and before the end. */
function cellStarts(numbers: ChunkedNumbers, stretches: Stretches): Float64Array {
  const counts = new Uint32Array(CELLS);
  stretches((from, to) => {
    numbers.eachChunk(from, to, (chunk, first, last) => {
      countCells(chunk, first, last, counts);
    });
  });
  const start = new Float64Array(CELLS + 1);
  for (let cell = 0; cell < CELLS; cell++) start[cell + 1] = start[cell] + counts[cell];
  return start;
}

/** The numbers in some cells, ascending, by cell. `start`: how many are in the cells before each. */
function sortedCells(
  numbers: ChunkedNumbers,
  stretches: Stretches,
  start: Float64Array,
  cells: readonly number[],
): ReadonlyMap<number, Uint32Array> {
  const wanted = [...new Set(cells)].filter((cell) => cell >= 0 && cell < CELLS);
  const members = wanted.map((cell) => new Uint32Array(start[cell + 1] - start[cell]));
  const next = new Int32Array(wanted.length);
  const listOf = new Int32Array(CELLS).fill(-1);
  wanted.forEach((cell, list) => (listOf[cell] = list));
  stretches((from, to) => {
    numbers.eachChunk(from, to, (chunk, first, last) => {
      collectMembers(chunk, first, last, { listOf, members, next });
    });
  });
  return new Map(wanted.map((cell, list) => [cell, members[list].sort()]));
}

/** Counts the numbers from `first` to `last` (exclusive) by cell. */
function countCells(chunk: Chunk, first: number, last: number, counts: Uint32Array): void {
  for (let i = first; i < last; i++) counts[chunk[i] >>> CELL_BITS]++;
}

/** Lists of the members of some cells: the list of each cell (−1: none), and the place in each that comes next. */
interface CellLists {
  readonly listOf: Int32Array;
  readonly members: readonly Uint32Array[];
  readonly next: Int32Array;
}

/** Writes the numbers from `first` to `last` (exclusive) to the lists of their cells. */
function collectMembers(chunk: Chunk, first: number, last: number, { listOf, members, next }: CellLists): void {
  for (let i = first; i < last; i++) {
    const list = listOf[chunk[i] >>> CELL_BITS];
    if (list >= 0) members[list][next[list]++] = chunk[i];
  }
}
