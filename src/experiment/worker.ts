/** Entry point of a worker thread: computes runs of the model. */
import { simulate } from '../cluster/simulate.js';
import { serveJobs } from './job-protocol.js';

serveJobs(simulate);
