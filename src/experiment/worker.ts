/** Entry point of a worker thread: computes runs of the model. */
import { shareTopology, type ThreadsTopology } from '../cluster/shared-topology.js';
import { buildTopology, simulate } from '../cluster/simulate.js';
import { packTimedRun, serveJobs } from './job-protocol.js';
import { isWorthSplitting, simulateOnThreads } from './run-threads.js';

serveJobs((input) => {
  let topology = buildTopology(input);
  let shared: ThreadsTopology | null = null;
  return (replication, { eager, threads, share }) => {
    const onProgress = (done: number): void => {
      share[0] = done;
    };
    if (eager || threads === 1 || !isWorthSplitting(input, topology)) {
      return packTimedRun(() => simulate(input, replication, { eager, topology, onProgress }));
    }
    const onThreads = (shared ??= shareTopology(topology));
    // Two copies of a large cluster need not be in memory at once.
    topology = onThreads.topology;
    return packTimedRun(() => simulateOnThreads(input, replication, onThreads, threads, onProgress));
  };
});
