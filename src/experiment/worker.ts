/** Entry point of a worker thread: computes runs of the model. */
import { buildTopology, simulate } from '../cluster/simulate.js';
import { serveJobs } from './job-protocol.js';

serveJobs((input) => {
  const topology = buildTopology(input);
  return (replication, { eager }) => simulate(input, replication, { eager, topology });
});
