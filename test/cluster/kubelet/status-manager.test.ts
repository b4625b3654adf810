import { expect } from 'chai';
import { observe } from '../../../src/validation/observation.js';
import { buildPopulation, simulate } from '../../../src/cluster/run/simulate.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { inputOf, objectClass } from '../scenario.js';

/** Pods of one node that start together under Cache, on a server of two cores; latencies in ms. */
const start = (pods: number, status: number, release = '1.20', qps = 50) => {
  const latency = { p50Us: status * 1000, p99Us: status * 1000 };
  return {
    ...inputOf({
      release,
      start: 'cold',
      strategy: 'Cache',
      ttl: 'unset',
      nodes: 1,
      podsPerNode: pods,
      apiServers: 1,
      duration: 30,
      classes: [objectClass('own', { scope: 'pod' })],
      kubelet: { kubeAPIQPS: qps, kubeAPIBurst: qps * 2 },
      // Where pods' requests for Secrets are fast, only the statuses are slow.
      apiServer: { capacity: 64, nodeAuthorizer: false, write: latency, getQuorum: { p50Us: 1000, p99Us: 1000 } },
    }),
    warmupUs: 0,
  };
};

/** Quorum reads of each pod's own Secret in its first 30 s. */
const quorumReads = (input: ReturnType<typeof start>): number => {
  const { requests } = observe(input, 1, buildPopulation(input));
  return requests.quorum.reduce((sum, quorum) => sum + quorum, 0);
};

describe('the status manager of a kubelet', () => {
  it('drops what is cached of a pod when its status comes back, up to 1.21: the next sync reads etcd again', () => {
    // The first read, and one more for each of the two statuses that come back behind a read.
    expect(quorumReads(start(1, 400))).to.equal(3);
    expect(quorumReads(start(1, 400, '1.29'))).to.equal(1);
  });

  it('is done before the pod’s first read where it is fast, so only the second status costs a read', () => {
    expect(quorumReads(start(1, 0))).to.be.at.most(2);
  });

  it('sends one status after another, so that those of later pods come back after their reads', () => {
    // Ten statuses of 60 ms each take longer than the 100 to 300 ms until a pod's first read.
    expect(quorumReads(start(10, 60)) / 10).to.be.above(quorumReads(start(1, 60)));
  });

  it('shares the kubelet’s limiter: at 5 requests per second the pods of a node wait for each other’s statuses', () => {
    const slow = simulate(start(20, 5, '1.20', 5), 1).metrics.pod_start_max_s ?? NaN;
    const fast = simulate(start(20, 5, '1.20', 50), 1).metrics.pod_start_max_s ?? NaN;
    // 20 reads less a burst of 10 would take 2 s at 5 a second; the statuses' requests between them as long again.
    expect(slow).to.be.above(4);
    expect(fast).to.be.below(1.5);
  });
});

describe('pods of a topology that start at their own times', () => {
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: [{ name: 'n' }],
    objects: [{ namespace: 'default', name: 's', kind: 'Secret', size: 100 }],
    pods: [0, 5, 12].map((startsAfterSeconds) => ({
      namespace: 'default',
      name: `p-${startsAfterSeconds}`,
      node: 0,
      startsAfterSeconds,
      uses: [{ object: 0, as: 'volume', volume: 0 }],
    })),
  };

  it('read their Secrets then, in a cold start', () => {
    const input = { ...start(1, 5), cluster: { type: 'imported', file } } as const;
    const { requests } = observe(input, 1, buildPopulation(input));
    const firstReads = [0, 5, 12].map((at) => Array.from(requests.atS).find((time) => time >= at) ?? NaN);
    // Told at 0, 5 and 12 s; the first volume is read after two to four rounds of 100 ms.
    [0, 5, 12].forEach((at, i) => expect(firstReads[i] - at).to.be.within(0.1, 0.35));
  });
});
