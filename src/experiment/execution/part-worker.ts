/** Entry point of a thread that simulates its share of a run. */
import { parentPort, workerData } from 'node:worker_threads';
import { BuiltNodes } from '../../cluster/population/built-nodes.js';
import type { NodeSource } from '../../cluster/population/node-source.js';
import { receivePopulation } from '../../cluster/population/shared-population.js';
import { nodesOf } from '../../cluster/run/simulate.js';
import { simulatePart, NodeQueue } from '../../cluster/run/split-run.js';
import { describeFailure } from './job-protocol.js';
import type { PartAnswer, PartRequest } from './run-threads.js';

function answer(request: PartRequest): PartAnswer {
  try {
    const { input, replication, next, threads } = request;
    const nodes = sourceOf(request);
    const queue = new NodeQueue(next, nodes.facts.nodeCount, threads);
    return { ok: true, part: simulatePart(input, replication, nodes, queue) };
  } catch (error) {
    return { ok: false, message: describeFailure(error) };
  }
}

/** The cluster: built in memory that threads share, or described. */
function sourceOf({ input, cluster }: PartRequest): NodeSource {
  return 'columns' in cluster ? new BuiltNodes(receivePopulation(cluster)) : nodesOf({ ...input, cluster }, true);
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
