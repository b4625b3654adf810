import { ClusterRun } from '../../src/cluster/run/cluster-run.js';
import type { ModelInput } from '../../src/cluster/model/model-input.js';
import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { BuiltNodes } from '../../src/cluster/population/built-nodes.js';
import type { Population } from '../../src/cluster/population/population.js';
import { receivePopulation, sharePopulation } from '../../src/cluster/population/shared-population.js';
import { buildPopulation } from '../../src/cluster/run/simulate.js';
import { NodeQueue } from '../../src/cluster/run/split-run.js';

/** Who takes the nodes next, of some threads. */
export type Turns = (turn: number) => number;

/** A run whose nodes several threads have shared: what travels between them is copied as it is there. */
export function sharedRecord(input: ModelInput, threads: number, turns: Turns): RunRecord {
  const shared = sharePopulation(buildPopulation(input));
  const runOf = (population: Population): ClusterRun =>
    new ClusterRun(input, 1, new BuiltNodes(population), { eager: false, whole: false, observer: null });
  const lead = runOf(shared.population);
  const message = structuredClone(shared.message());
  const runs = [lead];
  while (runs.length < threads) runs.push(runOf(receivePopulation(message)));
  const queue = new NodeQueue(new Int32Array(new SharedArrayBuffer(4)), shared.population.nodeCount, threads);
  let turn = 0;
  for (let range = queue.take(); range !== null; range = queue.take()) {
    const thread = turns(turn++) % threads;
    runs[thread].runPart(range);
  }
  for (const run of runs) if (run !== lead) lead.absorb(structuredClone(run.part()));
  return lead.record();
}

/** One after another. */
export const byTurns: Turns = (turn) => turn;
