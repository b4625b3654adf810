import { expect } from 'chai';
import type { BusyShares } from '../../../src/cluster/model/costs.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass } from '../scenario.js';
import { once } from '../timeline-actions.js';

const COSTS = inputOf({}).apiServer.costs;
const SECONDS = 120;

const shares = (share: number): BusyShares => ({ fromMemory: share, fromEtcd: share, connection: share });

/** CPU-seconds of the only server, that 4,000 reflectors of 100 nodes lose for a second, beyond what its start takes. */
function stormCpu(capacity: number, busyShare: BusyShares): number {
  const restart = { action: 'restartApiServer', servers: 1, staggerUs: 0, downtimeUs: 1e6, mode: 'crash' } as const;
  const input = inputOf({
    nodes: 100,
    podsPerNode: 40,
    apiServers: 1,
    duration: SECONDS,
    classes: [objectClass('own', { scope: 'pod' })],
    timeline: [once(60, restart)],
    apiServer: { capacity, costs: { ...COSTS, bookmark: 0, nodeBackground: 0, busyShare } },
  });
  return (simulate(input, 1).metrics.apiserver_cpu_cores ?? NaN) * SECONDS;
}

describe('a request that finds no core idle', () => {
  it('costs its share of what it costs alone: a storm on one core at a half takes little more than half the CPU', () => {
    const alone = stormCpu(1, shares(1));
    const busy = stormCpu(1, shares(0.5));
    expect(busy / alone).to.be.within(0.5, 0.6);
  });

  it('is none where there are cores for all', () => {
    expect(stormCpu(4000, shares(0.5))).to.equal(stormCpu(4000, shares(1)));
  });
});
