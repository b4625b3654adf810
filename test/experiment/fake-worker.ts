import { threadId } from 'node:worker_threads';
import type { RunRecord } from '../../src/cluster/model/run-record.js';
import { packTimedRun, serveJobs } from '../../src/experiment/execution/job-protocol.js';
import { fakeRecord, type Behaviour } from './fakes.js';

function waitMilliseconds(duration: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration);
}

function fillHeap(): never {
  const hoard: string[][] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => `text ${threadId} ${index} ${hoard.length}`));
}

/** Fakes the runs of a scenario as its seed asks for; its number stands in `apiServers`. */
serveJobs((input) => {
  const behaviour = input.seed as Behaviour;
  let prepared = 0;
  const compute = (replication: number): RunRecord => {
    prepared++;
    switch (behaviour) {
      case 'throw':
        throw new RangeError('the cluster has no pods');
      case 'throw once':
        if (replication === 1) throw new Error('the first replication fails');
        break;
      case 'exit':
        process.exit(3);
        break;
      case 'out of memory':
        fillHeap();
        break;
      case 'slow':
        waitMilliseconds(prepared === 1 ? 60 : 5);
        break;
      case 'compute':
        break;
    }
    return fakeRecord(input.apiServers, replication);
  };
  return (replication) => packTimedRun(() => compute(replication));
});
