import { expect } from 'chai';
import { STATUS } from '../../src/cluster/kube-apiserver/requests.js';
import { VERB } from '../../src/cluster/model/verbs.js';
import type { Behaviours } from '../../src/cluster/model/versions.js';
import { inputOf, objectClass, type Scenario } from './scenario.js';
import { answersOf, byEntry, fromTheStart, observed } from './model/switches/observed.js';
import { rollout } from './timeline-actions.js';

const own = [objectClass('own', { scope: 'pod' })];
/** A server that nobody waits for, and that knows every pod at once. */
const ample = { capacity: 64, nodeAuthorizer: false } as const;
const ROLLOUT_S = 10;

/** How long a rollout takes, of one Deployment in batches of one pod, until the last pod has read its Secret, s. */
function rolloutS(batches: number, scenario: Scenario = {}): number {
  const input = inputOf({
    release: '1.34',
    nodes: 50,
    podsPerNode: Math.ceil(batches / 50),
    namespaces: 1,
    replicas: batches,
    duration: 60 + batches * 12,
    classes: own,
    timeline: [rollout(ROLLOUT_S, 1, { maxSurge: 0, maxUnavailable: 1 / batches })],
    ...scenario,
    apiServer: { ...ample, ...scenario.apiServer },
  });
  const lists = answersOf(observed(input)).filter(({ verb, status }) => verb === VERB.LIST && status === STATUS.OK);
  expect(lists.length, 'every pod is replaced').to.equal(batches);
  return lists[lists.length - 1].atS - ROLLOUT_S;
}

describe('a pod that has started', () => {
  /** From each pod's first GET to that of the sync after it was seen to run, s. */
  const seen = (plegOnDemandRelist: boolean): Map<string, number> => {
    const input = fromTheStart({
      start: 'cold',
      strategy: 'Get',
      nodes: 300,
      duration: 10,
      classes: own,
      behaviours: { plegOnDemandRelist },
      apiServer: ample,
    });
    const pods = byEntry(answersOf(observed(input)).filter(({ verb }) => verb === VERB.GET));
    return new Map(pods.map(([first, second]) => [first.entry, second.atS - first.atS]));
  };

  it('is seen up to 1 s sooner where the PLEG looks on demand, half a second on average', () => {
    const onDemand = seen(true);
    const gains = [...seen(false)].map(([pod, after]) => after - (onDemand.get(pod) ?? NaN));
    // The read behind the relist is up to 0.2 s later or sooner, as the volume manager's loops come.
    expect(Math.min(...gains)).to.be.above(-0.21);
    expect(Math.max(...gains)).to.be.below(1.21);
    // U(0, 1) has a standard deviation of 0.29, that of two loops' difference adds 0.06.
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    expect(mean).to.be.closeTo(0.5, (4 * 0.3) / Math.sqrt(gains.length));
  });
});

describe('a rollout', () => {
  const withRelist = (plegOnDemandRelist: boolean): { behaviours: Partial<Behaviours> } => ({
    behaviours: { plegOnDemandRelist },
  });

  it('in k batches gains about k × 0.5 s where the PLEG looks on demand', () => {
    for (const batches of [50, 100]) {
      const gain = rolloutS(batches, withRelist(false)) - rolloutS(batches, withRelist(true));
      // The last batch is over when its pod has read, before it is seen to run.
      const waits = batches - 1;
      expect(gain, `${batches} batches`).to.be.closeTo(waits * 0.5, 4 * 0.29 * Math.sqrt(waits));
    }
  });

  it('goes on when the controllers learn by the patched status that a pod runs: two slow PATCHes a batch', () => {
    const patch = (seconds: number) => ({
      write: { p50Us: seconds * 1e6, p99Us: seconds * 1e6 },
      getQuorum: { p50Us: 1000, p99Us: 1000 },
    });
    const batches = 50;
    const [fast, slow] = [3, 6].map((seconds) => rolloutS(batches, { apiServer: patch(seconds) }));
    // The kubelet sends one status after another: that of the pod as it begins to start, then that of the running one.
    expect(slow - fast).to.be.closeTo((batches - 1) * 2 * (6 - 3), 1);
  });

  it('is not held up where a kubelet’s statuses are fast: by a few ms a batch', () => {
    const batches = 50;
    const patch = (us: number) => ({ write: { p50Us: us, p99Us: us } });
    const [none, some] = [0, 10_000].map((us) => rolloutS(batches, { apiServer: patch(us) }));
    expect(some - none).to.be.within(0, batches * 2 * 0.01 + 1);
  });
});
