/** Entry point of a worker thread: computes runs and what a validation observes in them. */
import { serialize } from 'node:v8';
import { buildPopulation } from '../cluster/run/simulate.js';
import { serveJobs } from '../experiment/execution/job-protocol.js';
import { observe } from './observation.js';
import type { ObservedInput } from './replications.js';

serveJobs((input) => {
  const { wanted } = input as ObservedInput;
  const population = buildPopulation(input);
  return (replication) => serialize(observe(input, replication, population, wanted));
});
