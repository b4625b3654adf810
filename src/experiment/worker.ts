/** Entry point of a worker thread: computes runs of the model. */
import { buildTopology, simulate } from '../cluster/simulate.js';
import { packTimedRun, serveJobs } from './job-protocol.js';

serveJobs((input) => {
  const topology = buildTopology(input);
  return (replication, { eager }) => packTimedRun(() => simulate(input, replication, { eager, topology }));
});
