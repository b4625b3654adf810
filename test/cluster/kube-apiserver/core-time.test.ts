import { expect } from 'chai';
import { GOROUTINE } from '../../../src/cluster/kube-apiserver/goroutines.js';
import { ReadyGoroutines } from '../../../src/cluster/kube-apiserver/ready-goroutines.js';
import { Load } from '../../../src/cluster/meters/load.js';
import type { Release } from '../../../src/cluster/model/releases.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { crash } from '../timeline-actions.js';

const FREE = { at1KiB: 0, at64KiB: 0 };
const COSTS = inputOf({}).apiServer.costs;
/** Only requests cost CPU, and the start of a server, which is not counted. */
const REQUESTS_ALONE = {
  ...COSTS,
  event: FREE,
  filteredEvent: 0,
  bookmark: 0,
  nodeBackground: 0,
  connection: 0,
  watchGrowth: 0,
};
const OF_REQUESTS: readonly number[] = [
  GOROUTINE.INTAKE,
  GOROUTINE.HANDLER,
  GOROUTINE.RESUMED,
  GOROUTINE.SENDER,
  GOROUTINE.WRITER,
];
const methodOf = <T, K extends keyof T>(prototype: T, name: K): T[K] => prototype[name];

/** CPU of a storm's requests that is counted, and that their goroutines execute with the writers of their frames, µs. */
function requestCpu(
  release: Release,
  capacity: number,
  watchGone = COSTS.watch,
): { counted: number; executed: number; gone: number } {
  const input = inputOf({
    nodes: 40,
    podsPerNode: 50,
    apiServers: 1,
    duration: 120,
    release,
    // Watches from before the write are answered 410 after the crash.
    classes: [objectClass('own', { scope: 'pod' }), objectClass('other')],
    timeline: [change('update', 'other', 59), crash(60, 'all', 1)],
    apiServer: { capacity, nodeAuthorizer: false, costs: { ...REQUESTS_ALONE, watchGone } },
  });
  const open = methodOf(ReadyGoroutines.prototype, 'open');
  const addCpu = methodOf(Load.prototype, 'addCpu');
  let [executedUs, countedNs] = [0, 0];
  ReadyGoroutines.prototype.open = function (kind, subject, generation, workUs) {
    if (OF_REQUESTS.includes(kind)) executedUs += workUs;
    return open.call(this, kind, subject, generation, workUs);
  };
  Load.prototype.addCpu = function (server, at, cpuNs) {
    countedNs += cpuNs;
    addCpu.call(this, server, at, cpuNs);
  };
  try {
    const { gone_410 } = simulate(input, 1).metrics;
    return { counted: countedNs / 1e3, executed: executedUs, gone: gone_410 ?? NaN };
  } finally {
    ReadyGoroutines.prototype.open = open;
    Load.prototype.addCpu = addCpu;
  }
}

describe('the CPU that is counted for the requests of a storm', () => {
  for (const release of ['1.20', '1.34', '1.37'] as const) {
    for (const capacity of [1, 4000]) {
      it(`is what its goroutines execute, at ${release} on ${capacity === 1 ? 'a busy core' : 'cores for all'}`, () => {
        const { counted, executed, gone } = requestCpu(release, capacity);
        expect(gone).to.be.greaterThan(1000);
        // Frames that are written together are flushed once, which is 20 to 40 of 430 µs less for a request.
        expect(executed / counted).to.be.within(0.95, 1);
      });
    }
  }

  it('is no less for a WATCH that is answered 410: what it costs has been spent before that is known', () => {
    expect(requestCpu('1.34', 1, 0)).to.deep.equal(requestCpu('1.34', 1));
    expect(requestCpu('1.34', 1, 2 * COSTS.watch).counted).to.be.greaterThan(requestCpu('1.34', 1).counted);
  });
});
