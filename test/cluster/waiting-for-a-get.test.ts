import { expect } from 'chai';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { STATUS } from '../../src/cluster/kube-apiserver/requests.js';
import { objectClass } from './scenario.js';
import { type Answered, answersOf, fromTheStart, observed } from './model/switches/observed.js';

const GET_S = 0.1;
/** Cells of the latency table that are constant, µs. */
const constant = { p50Us: GET_S * 1e6, p99Us: GET_S * 1e6 };

/** The GETs of pods of one node that start together under Cache and mount one Secret, up to the first relist. */
function gets(pods: number, ttl: number, release = '1.33'): Answered[] {
  const input = fromTheStart({
    release,
    start: 'cold',
    strategy: 'Cache',
    ttl,
    nodes: 1,
    podsPerNode: pods,
    duration: 60,
    // What reads after a pod was seen to run is another matter.
    kubelet: { syncTickerPeriodUs: 0, syncFrequencyUs: 60e6 },
    classes: [objectClass('shared')],
    apiServer: { capacity: 64, nodeAuthorizer: false, getFromCache: constant, getQuorum: constant },
  });
  return answersOf(observed(input)).filter(({ status, atS }) => status === STATUS.OK && atS < FIRST_READS_S);
}

/** Pods' first reads come up to 0.3 s after their start. */
const FIRST_READS_S = 0.3 + GET_S * 6;

describe('reads of one node that wait for one object under Cache', () => {
  it('with TTL 0 send a GET each, one after another: the lock is held over the request, and nothing stays fresh', () => {
    for (const pods of [2, 5]) {
      const answers = gets(pods, 0).slice(0, pods);
      expect(answers.length).to.equal(pods);
      const pauses = answers.slice(1).map(({ atS }, i) => atS - answers[i].atS);
      for (const pause of pauses) expect(pause).to.be.within(GET_S, GET_S + 0.01);
    }
  });

  it('with TTL 0 ask etcd once, for the object is new, and then the watch cache', () => {
    expect(
      gets(4, 0)
        .slice(0, 4)
        .map(({ quorum }) => quorum),
    ).to.deep.equal([true, false, false, false]);
  });

  it('share one GET with any other TTL', () => {
    for (const pods of [2, 5]) expect(gets(pods, 1)).to.have.lengthOf(1);
  });

  it('do not wait for one that was under way when their pod came: a new reference empties the copy', () => {
    const slow = { p50Us: 2e6, p99Us: 2e6 };
    const input = fromTheStart({
      start: 'cold',
      strategy: 'Cache',
      ttl: 60,
      duration: 20,
      apiServer: { capacity: 64, nodeAuthorizer: false, getFromCache: slow, getQuorum: slow },
    });
    const pods = [0, 1, 5].map((startsAfterSeconds, pod) => ({
      namespace: 'd',
      name: `p${pod}`,
      node: 0,
      startsAfterSeconds,
      uses: [{ object: 0, as: 'volume' as const, volume: 0 }],
    }));
    const file: TopologyFile = {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: [{ name: 'n' }],
      objects: [{ namespace: 'd', name: 'shared', kind: 'Secret', size: 1 }],
      pods,
    };
    const { metrics, ...rest } = observed({ ...input, cluster: { type: 'imported', file } });
    // The second pod comes 1 s after the first, whose GET takes 2 s; each of the three has a new copy, which etcd fills.
    const answers = answersOf(rest);
    expect(answers.map(({ quorum }) => quorum)).to.deep.equal([true, true, true]);
    expect(answers[1].atS - answers[0].atS).to.be.closeTo(1, 0.35);
    expect(metrics.pods_started).to.equal(3);
  });
});
