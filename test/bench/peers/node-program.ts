import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Timers, TimerEntities } from '../timers.js';

/** Where the libraries are installed that the benchmark compares with. */
export const PEERS_FOLDER = new URL('../../../../test/bench/peers/', import.meta.url);

/** Loads a library from there. */
export const requirePeer = createRequire(new URL('package.json', PEERS_FOLDER));

/** An engine with the timers set, which can run to a time in microseconds. */
export interface TimerEngine {
  runUntil(us: number): void;
}

/**
 * The program of an engine in Node: reads the timers that the arguments describe, runs them to the end
 * of the warm-up and on to the end, and prints what that took and the states at both.
 */
export function runTimers(start: (entities: TimerEntities, timers: Timers) => TimerEngine): void {
  const [entities, warmUpUs, endUs] = process.argv.slice(2, 5).map(Number);
  const file = readFileSync(process.argv[5]);
  const times = new Float64Array(file.buffer, file.byteOffset, file.byteLength / Float64Array.BYTES_PER_ELEMENT);
  const timers = { entities, warmUpUs, endUs, times };
  const state = new TimerEntities(timers);
  const engine = start(state, timers);
  engine.runUntil(warmUpUs);
  const warmUp = state.state();
  const before = process.cpuUsage();
  engine.runUntil(endUs);
  const used = process.cpuUsage(before);
  console.log(JSON.stringify({ warmUp, cpuS: (used.user + used.system) / 1e6, end: state.state() }));
}
