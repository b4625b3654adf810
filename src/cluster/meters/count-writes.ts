import { cpuNs, OBJECT_OVERHEAD_BYTES } from '../model/costs.js';
import type { RunInput } from '../model/model-input.js';
import type { Randomness } from '../model/randomness.js';
import { VERB } from '../model/verbs.js';
import type { StoredObjects } from '../population/node-source.js';
import type { Writes } from '../workload/writes.js';
import type { Load } from './load.js';
import { cellOf } from './load-columns.js';

/** Counts the writes at the servers that they are sent to, as they are sent. */
export function countWrites(
  writes: Writes,
  stored: StoredObjects,
  input: RunInput,
  random: Randomness,
  load: Load,
): void {
  for (let write = 0; write < writes.count; write++) {
    const object = writes.object.get(write);
    const size = stored.objectSize[object] + OBJECT_OVERHEAD_BYTES;
    const server = Math.floor(random.connection.uniform(write, stored.objectNameLow[object], 1) * input.apiServers);
    const cpu = cpuNs(input.apiServer.costs.write, size);
    const kind = stored.objectKind[object];
    load.request(server, writes.sent.get(write), cellOf(VERB.WRITE, kind), stored.objectClass[object], size, cpu);
  }
}
