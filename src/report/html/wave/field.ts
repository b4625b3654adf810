import { SECOND_US } from '../../../sim/units.js';
import type { RunWaves, Wave } from '../../../cluster/record/waves.js';

/** Cells that a field has at most: in larger clusters neighbouring nodes share one. */
const CELLS_MAX = 6_000;
/** Shares of a cell's things after which its colour changes: any, a quarter, half, three quarters, all. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];
/** Steps of the time slider. */
export const STEPS = 200;
const STRAGGLERS = 10;

/** Code of a time that is never, and the largest of the others. */
const NEVER = 0xffff;
const LATEST = 0xfffe;

/** A wave on the nodes, as the page holds it. */
export interface FieldData {
  readonly label: string;
  /** What is counted: pods’ volumes, or watches. */
  readonly things: number;
  readonly cells: number;
  readonly nodesPerCell: number;
  /** Nodes of which none of these things happens, as they have none. */
  readonly idle: number;
  /**
   * Base64 of little-endian 16-bit numbers, six a cell: when each of SHARES is reached, in 65534ths of the horizon
   * (65535: never), and how many things the cell has (at most 65535).
   */
  readonly times: string;
  /** Things that have happened, and cells that are complete, after each step of the slider, from 0 to STEPS. */
  readonly done: readonly number[];
  readonly complete: readonly number[];
  /** The nodes that are last, the last first. */
  readonly stragglers: readonly { readonly node: string; readonly afterS: number | null }[];
  /** Seconds until shares of all things have happened. */
  readonly quantiles: readonly { readonly share: number; readonly afterS: number | null }[];
}

/** The last thing that happens in a wave at all, seconds after its start. */
export function endOf({ afterUs }: Wave): number {
  return afterUs.reduce((latest, at) => (at > latest && at !== Infinity ? at : latest), 0) / SECOND_US;
}

/** Packs a wave for the page; `horizonS` is the time at the end of the slider. */
export function fieldOf(label: string, wave: Wave, run: RunWaves, horizonS: number): FieldData {
  const nodesPerCell = Math.ceil(run.nodeCount / CELLS_MAX);
  const cells = Math.ceil(run.nodeCount / nodesPerCell);
  const timesOf: number[][] = Array.from({ length: cells }, () => []);
  const lastOf = new Float64Array(run.nodeCount).fill(-1);
  wave.node.forEach((node, i) => {
    timesOf[Math.floor(node / nodesPerCell)].push(wave.afterUs[i]);
    lastOf[node] = Math.max(lastOf[node], wave.afterUs[i]);
  });
  const horizonUs = horizonS * SECOND_US;
  const packed = new DataView(new ArrayBuffer(cells * (SHARES.length + 1) * 2));
  timesOf.forEach((times, cell) => {
    times.sort((a, b) => a - b);
    const codes = SHARES.map((share) => codeOf(times[Math.max(0, Math.ceil(share * times.length) - 1)], horizonUs));
    [...codes, Math.min(NEVER, times.length)].forEach((code, k) =>
      packed.setUint16((cell * (SHARES.length + 1) + k) * 2, code, true),
    );
  });
  const all = wave.afterUs.slice().sort();
  const ends = Float64Array.from(timesOf.flatMap((times) => times.at(-1) ?? [])).sort();
  return {
    label,
    things: all.length,
    cells,
    nodesPerCell,
    idle: timesOf.filter(({ length }) => length === 0).length,
    times: base64(new Uint8Array(packed.buffer)),
    done: countsBy(all, horizonUs),
    complete: countsBy(ends, horizonUs),
    stragglers: stragglersOf(lastOf, run),
    quantiles: [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1].map((share) => ({
      share,
      afterS: secondsOf(all[Math.max(0, Math.ceil(share * all.length) - 1)]),
    })),
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function codeOf(at: number | undefined, horizonUs: number): number {
  if (at === undefined || at === Infinity) return NEVER;
  return Math.min(LATEST, Math.ceil((at / horizonUs) * LATEST));
}

const secondsOf = (us: number): number | null => (us === Infinity ? null : us / SECOND_US);

/** How many of the ascending times have passed after each step of the slider. */
function countsBy(sorted: Float64Array, horizonUs: number): readonly number[] {
  let passed = 0;
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const now = step === STEPS ? horizonUs : (horizonUs * step) / STEPS;
    while (passed < sorted.length && sorted[passed] <= now) passed++;
    return passed;
  });
}

function stragglersOf(lastOf: Float64Array, run: RunWaves): FieldData['stragglers'] {
  const nodes = Array.from(lastOf.keys()).filter((node) => lastOf[node] >= 0);
  return nodes
    .sort((a, b) => (lastOf[a] === lastOf[b] ? a - b : lastOf[b] - lastOf[a]))
    .slice(0, STRAGGLERS)
    .map((node) => ({ node: run.nodeName(node), afterS: secondsOf(lastOf[node]) }));
}
