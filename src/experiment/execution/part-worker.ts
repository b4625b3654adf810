/** Entry point of a thread that simulates its share of a run. */
import { parentPort, workerData } from 'node:worker_threads';
import { simulatePart, NodeQueue } from '../../cluster/run/split-run.js';
import { describeFailure } from './job-protocol.js';
import type { PartAnswer, PartRequest } from './run-threads.js';

function answer({ input, replication, population, next, threads }: PartRequest): PartAnswer {
  try {
    const queue = new NodeQueue(next, population.columns.nodeCount, threads);
    return { ok: true, part: simulatePart(input, replication, population, queue) };
  } catch (error) {
    return { ok: false, message: describeFailure(error) };
  }
}

/** Buffers of typed arrays anywhere in plain data, each once. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) buffersOf(member, found);
  }
  return found;
}

const result = answer(workerData as PartRequest);
parentPort?.postMessage(result, [...buffersOf(result)]);
