/** Entry point of a worker thread: computes runs of the model. */
import { nodesOf, simulate } from '../../cluster/run/simulate.js';
import { packTimedRun, serveJobs } from './job-protocol.js';
import { isWorthSplitting, shareNodes, simulateOnThreads, type ThreadsNodes } from './run-threads.js';

serveJobs((input, once) => {
  let nodes = nodesOf(input, once);
  let shared: ThreadsNodes | null = null;
  return (replication, { eager, threads, share }) => {
    const onProgress = (done: number): void => {
      share[0] = done;
    };
    if (eager || threads === 1 || !isWorthSplitting(input, nodes.facts)) {
      return packTimedRun(() => simulate(input, replication, { eager, nodes, onProgress }));
    }
    const onThreads = (shared ??= shareNodes(nodes));
    // Two copies of a large cluster need not be in memory at once.
    nodes = onThreads.nodes;
    return packTimedRun(() => simulateOnThreads(input, replication, onThreads, threads, onProgress));
  };
});
