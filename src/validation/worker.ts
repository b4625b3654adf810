/** Entry point of a worker thread: computes runs and what a validation observes in them. */
import { serialize } from 'node:v8';
import { buildTopology } from '../cluster/simulate.js';
import { serveJobs } from '../experiment/job-protocol.js';
import { observe } from './observation.js';

serveJobs((input) => {
  const topology = buildTopology(input);
  return (replication) => serialize(observe(input, replication, topology));
});
