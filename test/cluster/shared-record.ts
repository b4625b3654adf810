import { ClusterRun } from '../../src/cluster/run/cluster-run.js';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import type { NodeRange } from '../../src/cluster/model/node-range.js';
import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { receivePopulation, sharePopulation } from '../../src/cluster/population/shared-population.js';
import { buildPopulation } from '../../src/cluster/run/simulate.js';
import { NodeQueue } from '../../src/cluster/run/split-run.js';

/** Who takes the nodes next, of some threads. */
export type Turns = (turn: number) => number;

/** A run whose nodes several threads have shared: what travels between them is copied as it is there. */
export function sharedRecord(input: ModelInput, threads: number, turns: Turns): RunRecord {
  const shared = sharePopulation(buildPopulation(input));
  const lead = new ClusterRun(input, 1, shared.population, false, null);
  const message = structuredClone(shared.message());
  const runs = [lead];
  while (runs.length < threads) runs.push(new ClusterRun(input, 1, receivePopulation(message), false, null));
  const taken = runs.map((): NodeRange[] => []);
  const queue = new NodeQueue(new Int32Array(new SharedArrayBuffer(4)), shared.population.nodeCount, threads);
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
