import { ClusterRun } from '../../src/cluster/cluster-run.js';
import type { ModelInput } from '../../src/cluster/model-input.js';
import type { NodeRange } from '../../src/cluster/node-range.js';
import type { RunRecord } from '../../src/cluster/run-record.js';
import { receiveTopology, shareTopology } from '../../src/cluster/shared-topology.js';
import { buildTopology } from '../../src/cluster/simulate.js';
import { NodeQueue } from '../../src/cluster/split-run.js';

/** Who takes the nodes next, of some threads. */
export type Turns = (turn: number) => number;

/** A run whose nodes several threads have shared: what travels between them is copied as it is there. */
export function sharedRecord(input: ModelInput, threads: number, turns: Turns): RunRecord {
  const shared = shareTopology(buildTopology(input));
  const lead = new ClusterRun(input, 1, shared.topology, false, null);
  const message = structuredClone(shared.message());
  const runs = [lead];
  while (runs.length < threads) runs.push(new ClusterRun(input, 1, receiveTopology(message), false, null));
  const taken = runs.map((): NodeRange[] => []);
  const queue = new NodeQueue(new Int32Array(new SharedArrayBuffer(4)), shared.topology.nodeCount, threads);
  let turn = 0;
  for (let range = queue.take(); range !== null; range = queue.take()) {
    const thread = turns(turn++) % threads;
    runs[thread].runPart(range);
    taken[thread].push(range);
  }
  runs.forEach((run, thread) => {
    if (run !== lead) lead.absorb(structuredClone(run.part(taken[thread])));
  });
  return lead.record();
}

/** One after another. */
export const byTurns: Turns = (turn) => turn;
