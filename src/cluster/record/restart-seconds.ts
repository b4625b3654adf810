import { SECOND_US } from '../../sim/units.js';
import type { CacheMemory } from '../meters/cache-memory.js';
import type { Load } from '../meters/load.js';
import { memoryPeak } from '../meters/server-memory.js';
import { meanLevels } from '../meters/watch-gauge.js';
import type { RunInput } from '../model/model-input.js';
import type { RestartSeconds, Storm } from '../model/run-record.js';
import { coresOf, heldBy } from './server-loads.js';

/** What is told of each second: in seconds before a stop, and after it or after the last watch is back. */
const BEFORE_S = 10;
const AFTER_S = 60;
const AFTER_RETURN_S = 10;
/** Of watches that do not come back no more is told than this. */
const AFTER_MAX_S = 600;

/** The seconds around the stops of servers, in order. */
function secondsAround(storms: readonly Storm[], seconds: number): Uint32Array {
  const near = new Uint8Array(seconds);
  for (const { atS, backAfter100S } of storms) {
    const after = Math.min(AFTER_MAX_S, Math.max(AFTER_S, (backAfter100S ?? AFTER_MAX_S) + AFTER_RETURN_S));
    const first = Math.max(0, Math.floor(atS) - BEFORE_S);
    near.fill(1, first, Math.max(first, Math.min(seconds, Math.ceil(atS + after))));
  }
  return Uint32Array.from(near.keys()).filter((second) => near[second] === 1);
}

/** Each server second by second around the stops of servers; undefined where none stops in the measured time. */
export function restartSeconds(
  input: RunInput,
  load: Load,
  caches: CacheMemory,
  storms: readonly Storm[],
): RestartSeconds | undefined {
  if (storms.length === 0) return undefined;
  const { servers, seconds, durationUs, perSecond, cpuPerSecond } = load;
  const around = secondsAround(storms, seconds);
  if (around.length === 0) return undefined;
  const values = new Float64Array(servers * around.length * 4);
  const { watchMemoryBytes } = input.apiServer.costs;
  let next = 0;
  for (let server = 0; server < servers; server++) {
    const watches = meanLevels(load.watches[server], durationUs, SECOND_US, seconds);
    const memory = new Float64Array(seconds);
    memoryPeak(heldBy(server, load, caches, watchMemoryBytes), durationUs, SECOND_US, memory);
    for (const second of around) {
      const cell = server * seconds + second;
      values[next++] = perSecond[cell];
      values[next++] = watches[second];
      values[next++] = memory[second];
      values[next++] = coresOf(cpuPerSecond[cell], input);
    }
  }
  return { servers, seconds: around, values };
}
