import { expect } from 'chai';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { randomnessOf } from '../../../src/cluster/model/randomness.js';
import { buildPopulation } from '../../../src/cluster/run/simulate.js';
import type { Population } from '../../../src/cluster/population/population.js';
import {
  NODE_STATUS_REPORT_FREQUENCY_US,
  TtlController,
  ttlSecondsFor,
} from '../../../src/cluster/kube-controller-manager/ttl-controller.js';
import type { Behaviours } from '../../../src/cluster/model/versions.js';
import { inputOf } from '../scenario.js';
import { nodes } from '../timeline-actions.js';

const S = 1e6;

/** A cluster of so many nodes, and as many that may join. */
const cluster = (start: number, joining = 20_000): Population =>
  buildPopulation(inputOf({ nodes: start, podsPerNode: 1, timeline: [nodes(10, 'addNodes', joining)] }));

/** The TTL after each of the numbers of nodes has been reached, one node at a time. */
function ttlsAt(start: number, sizes: readonly number[], boundaries: Behaviours['ttlBoundaries'] = 'six'): number[] {
  const controller = new TtlController(cluster(start), randomnessOf('s', 1), boundaries);
  let size = start;
  return sizes.map((wanted) => {
    for (; size < wanted; size++) controller.nodeAdded(size, 0);
    for (; size > wanted; size--) controller.nodeRemoved(0);
    return controller.desiredTtlSeconds;
  });
}

describe('the TTL controller over time', () => {
  it('goes up with the 101st node, stays up at 95 and goes down below 90', () => {
    expect(ttlsAt(100, [100, 101, 95, 90, 89])).to.deep.equal([0, 15, 15, 15, 0]);
    expect(ttlsAt(89, [100, 101])).to.deep.equal([0, 15]);
  });

  it('steps at the bounds of its table, up and down', () => {
    const up = [100, 101, 500, 501, 1000, 1001, 2000, 2001, 10_000, 10_001];
    expect(ttlsAt(50, up)).to.deep.equal([0, 15, 15, 30, 30, 60, 60, 300, 300, 600]);
    const down = [9000, 8999, 1800, 1799, 900, 899, 450, 449, 90, 89];
    expect(ttlsAt(10_001, down)).to.deep.equal([600, 300, 300, 60, 60, 30, 30, 15, 15, 0]);
  });

  it('knows no 600 s from 1.25 on, where the table has a row less', () => {
    expect(ttlsAt(2001, [10_001, 15_000, 1799], 'five')).to.deep.equal([300, 300, 60]);
  });

  it('begins where a cluster stands that has grown to its size', () => {
    for (const size of [1, 100, 101, 500, 950, 1900])
      expect(ttlsAt(size, [size])).to.deep.equal([ttlSecondsFor(size, 'six')]);
  });

  it('annotates a node when its status is next reported, within 5 minutes, at once when it joins', () => {
    const controller = new TtlController(cluster(100, 400), randomnessOf('s', 1), 'six');
    const at = 1000 * S;
    controller.nodeAdded(100, at);
    const changed = Array.from({ length: 100 }, (_, node) => {
      expect(controller.ttlSeconds(node, at - 1)).to.equal(0);
      expect(controller.ttlSeconds(node, at + NODE_STATUS_REPORT_FREQUENCY_US)).to.equal(15);
      let seconds = 0;
      while (controller.ttlSeconds(node, at + seconds * S) === 0) seconds++;
      return seconds;
    });
    // Uniform on (0, 300]: mean 150 with a standard error of 300/√12/√100 = 8.7.
    const mean = changed.reduce((sum, seconds) => sum + seconds, 0) / changed.length;
    expect(mean).to.be.within(150 - 26, 150 + 26);
    expect(controller.ttlSeconds(100, at)).to.equal(15);
    controller.nodeAdded(101, at + S);
    expect(controller.ttlSeconds(101, at + S)).to.equal(15);
  });

  it('draws the reports by node and replication', () => {
    const reports = (replication: number, start = 100): number[] => {
      const controller = new TtlController(cluster(start, 500), randomnessOf('s', replication), 'six');
      for (let node = start; node < 501; node++) controller.nodeAdded(node, 0);
      return Array.from({ length: 50 }, (_, node) => {
        let seconds = 0;
        while (controller.ttlSeconds(node, seconds * S) !== 30) seconds++;
        return seconds;
      });
    };
    expect(reports(1)).to.deep.equal(reports(1, 60));
    expect(reports(1)).not.to.deep.equal(reports(2));
  });

  describe('in an imported cluster', () => {
    const imported = (annotations: readonly (number | undefined)[]): TtlController => {
      const file: TopologyFile = {
        apiVersion: 'secretsim/v1',
        kind: 'Topology',
        nodes: annotations.map((ttlSeconds, i) => ({
          name: `n${i}`,
          ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
        })),
        objects: [],
        pods: [],
      };
      const input = {
        ...inputOf({ timeline: [nodes(10, 'addNodes', 10)] }),
        cluster: { type: 'imported', file },
      } as const;
      return new TtlController(buildPopulation(input), randomnessOf('s', 1), 'six');
    };

    it('leaves annotations as they are until nodes come or go over a bound', () => {
      const controller = imported([...Array.from({ length: 99 }, () => 15), undefined]);
      // 100 nodes with 15 s: the cluster was larger once.
      expect(controller.desiredTtlSeconds).to.equal(15);
      expect(controller.ttlSeconds(0, 0)).to.equal(15);
      expect(controller.ttlSeconds(99, 0)).to.be.NaN;
      for (let i = 0; i < 11; i++) controller.nodeRemoved(100 * S);
      expect(controller.desiredTtlSeconds).to.equal(0);
      expect(controller.ttlSeconds(99, 400 * S)).to.equal(0);
    });

    it("begins with the table where the annotations cannot be the controller's", () => {
      expect(imported([300, 300, 300]).desiredTtlSeconds).to.equal(0);
      expect(imported([300, 300, 300]).ttlSeconds(1, 0)).to.equal(300);
    });
  });
});
