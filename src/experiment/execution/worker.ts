/** Entry point of a worker thread: computes runs of the model. */
import { BuiltNodes } from '../../cluster/population/built-nodes.js';
import { sharePopulation, type ThreadsPopulation } from '../../cluster/population/shared-population.js';
import { buildPopulation, simulate } from '../../cluster/run/simulate.js';
import { packTimedRun, serveJobs } from './job-protocol.js';
import { isWorthSplitting, simulateOnThreads } from './run-threads.js';

serveJobs((input) => {
  let population = buildPopulation(input);
  const nodes = new BuiltNodes(population);
  let shared: ThreadsPopulation | null = null;
  return (replication, { eager, threads, share }) => {
    const onProgress = (done: number): void => {
      share[0] = done;
    };
    if (eager || threads === 1 || !isWorthSplitting(input, population)) {
      return packTimedRun(() => simulate(input, replication, { eager, nodes, onProgress }));
    }
    const onThreads = (shared ??= sharePopulation(population));
    // Two copies of a large cluster need not be in memory at once.
    population = onThreads.population;
    return packTimedRun(() => simulateOnThreads(input, replication, onThreads, threads, onProgress));
  };
});
