import { SECOND_US } from '../../sim/units.js';
import type { CacheMemory } from '../meters/cache-memory.js';
import type { Load } from '../meters/load.js';
import { MEMORY_COLUMN } from '../meters/load-columns.js';
import { type HeldMemory, memoryPeak } from '../meters/server-memory.js';
import type { OutOfMemory } from '../meters/server-log.js';
import type { RunInput } from '../model/model-input.js';
import type { LoadTable, RunMetrics } from '../model/run-record.js';
import type { ServerFigures } from './server-figures.js';

const SECOND_NS = 1e9;

/** The metric columns that tell of single servers. */
export type ServerMetrics = Pick<
  RunMetrics,
  | 'apiserver_memory_max_per_server_bytes'
  | 'apiserver_memory_peak_server'
  | 'apiserver_memory_peak_at_s'
  | 'apiserver_cpu_max_per_server_cores'
  | 'apiserver_cpu_peak_server'
  | 'apiserver_cpu_peak_at_s'
  | 'apiserver_oom_kills'
  | 'apiserver_oom_first_server'
  | 'apiserver_oom_first_at_s'
  | 'apiservers_serving_min'
>;

/** What single servers needed, once all is counted. */
export interface ServerLoads {
  readonly metrics: ServerMetrics;
  /** The most memory per server and bin of the load, bytes. */
  readonly memory: Float64Array;
}

/** The value at the highest place of some servers: of equal ones the first. */
interface Peak {
  readonly value: number;
  readonly server: number;
  readonly at: number;
}

/** Memory of one server: its caches, and its open watches. */
export function heldBy(server: number, load: Load, caches: CacheMemory, bytesPerWatch: number): HeldMemory {
  return { watches: load.watches[server], bytesPerWatch, caches: caches.stepsOf(server) };
}

/** Reads off the meters what single servers needed. The bookmarks of the load have to be settled. */
export function serverLoads(
  input: RunInput,
  load: Load,
  caches: CacheMemory,
  { outOfMemory, fewestServing }: Pick<ServerFigures, 'outOfMemory' | 'fewestServing'>,
): ServerLoads {
  const { servers, bins, binUs, durationUs } = load;
  const memory = new Float64Array(servers * bins);
  let held: Peak = { value: -1, server: 0, at: 0 };
  for (let server = 0; server < servers; server++) {
    const own = heldBy(server, load, caches, input.apiServer.costs.watchMemoryBytes);
    const { bytes, at } = memoryPeak(own, durationUs, binUs, memory.subarray(server * bins, (server + 1) * bins));
    if (bytes > held.value) held = { value: bytes, server, at };
  }
  const busiest = busiestSecond(load);
  return {
    memory,
    metrics: {
      apiserver_memory_max_per_server_bytes: held.value,
      apiserver_memory_peak_server: held.server + 1,
      apiserver_memory_peak_at_s: held.at / SECOND_US,
      apiserver_cpu_max_per_server_cores: coresOf(busiest.value, input),
      apiserver_cpu_peak_server: busiest.server + 1,
      apiserver_cpu_peak_at_s: busiest.at,
      ...killMetrics(outOfMemory, durationUs),
      apiservers_serving_min: fewestServing ?? input.apiServers,
    },
  };
}

/**
 * Cores that are busy with the work of a second, ns on the machine of the cost table. Work is counted when it is done, and
 * some of it before that second; more cores than there are is nothing but that.
 */
export function coresOf(ns: number, { apiServer: { capacity, cpuScale } }: Pick<RunInput, 'apiServer'>): number {
  const cores = (ns / SECOND_NS) * cpuScale;
  return capacity === 'unlimited' ? cores : Math.min(cores, capacity);
}

/** The second and server with the most CPU, ns. */
function busiestSecond({ cpuPerSecond, seconds }: Load): Peak {
  let most = 0;
  for (let cell = 1; cell < cpuPerSecond.length; cell++) if (cpuPerSecond[cell] > cpuPerSecond[most]) most = cell;
  const server = Math.floor(most / seconds);
  return { value: cpuPerSecond[most], server, at: most - server * seconds };
}

function killMetrics(kills: readonly OutOfMemory[], durationUs: number) {
  const measured = kills.filter(({ at }) => at >= 0 && at < durationUs);
  const first = measured.at(0);
  return {
    apiserver_oom_kills: measured.length,
    apiserver_oom_first_server: first === undefined ? null : first.server + 1,
    apiserver_oom_first_at_s: first === undefined ? null : first.at / SECOND_US,
  };
}

/** The load with the memory of each server. */
export function withMemory(load: LoadTable, memory: Float64Array): LoadTable {
  const width = load.columns.length;
  const values = new Float64Array(memory.length * (width + 1));
  for (let row = 0; row < memory.length; row++) {
    values.set(load.values.subarray(row * width, (row + 1) * width), row * (width + 1));
    values[row * (width + 1) + width] = memory[row];
  }
  return { ...load, columns: [...load.columns, MEMORY_COLUMN], values };
}
