import { expect } from 'chai';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import type { TopologyFile } from '../../../src/cluster/model/topology-file.js';
import { VERB } from '../../../src/cluster/model/verbs.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { answersOf, fromTheStart, metricOf, observed } from '../model/switches/observed.js';
import { restartKubelets } from '../timeline-actions.js';

const NODES = 200;

/** Pods that cannot mount a volume until its Secret is created, and only then read others: for an environment, to pull. */
function waiting(as: 'env' | 'imagePullSecret', createdS: number, idleStop: boolean): ModelInput {
  const nodes = Array.from({ length: NODES }, (_, node) => ({ name: `n${node}` }));
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes,
    objects: [
      { namespace: 'd', name: 'absent', kind: 'Secret', size: 1, missing: true },
      ...nodes.map(({ name }) => ({ namespace: 'd', name, kind: 'Secret' as const, size: 1 })),
    ],
    pods: nodes.map(({ name }, node) => ({
      namespace: 'd',
      name,
      node,
      uses: [
        { object: 0, as: 'volume', volume: 0 },
        { object: 1 + node, as },
      ],
    })),
  };
  const input = fromTheStart({
    start: 'cold',
    duration: 120,
    timeline: [change('recreate', 'd/absent', createdS)],
    behaviours: { idleStop },
    apiServer: { capacity: 64, nodeAuthorizer: false },
  });
  return { ...input, cluster: { type: 'imported', file } };
}

describe('a watch that nobody has read from yet', () => {
  /** Watches open, on average, of a run in which the absent Secret does not come. */
  const watches = (as: 'env' | 'imagePullSecret', idleStop: boolean): number =>
    metricOf(simulate(waiting(as, 1000, idleStop), 1), 'watches_open_mean') / NODES;

  it('is stopped by the first sweep, which comes U(0, 60) s after it was opened', () => {
    for (const as of ['env', 'imagePullSecret'] as const) {
      expect(watches(as, false)).to.be.closeTo(2, 0.01);
      // The watch of the absent Secret, which its volume asks for, and 30 s of 120 of the other.
      expect(watches(as, true)).to.be.closeTo(1 + 30 / 120, (4 * Math.sqrt(60 ** 2 / 12 / NODES)) / 120);
    }
  });

  it('is opened again by the first read, which waits for another LIST', () => {
    const lists = (idleStop: boolean): number => {
      // A volume that fails is tried again after 0.5, 1, 2 … 32 s: at 64 s, when every sweep has come.
      const { requests, metrics } = observed(waiting('env', 40, idleStop));
      expect(metrics.pods_started).to.equal(NODES);
      return answersOf({ requests }).filter(({ verb }) => verb === VERB.LIST).length;
    };
    expect(lists(false)).to.equal(2 * NODES);
    expect(lists(true)).to.equal(3 * NODES);
  });

  it('is that of every environment when a kubelet comes back to pods that run', () => {
    for (const [idleStop, left] of [
      [true, 0],
      [false, NODES],
    ] as const) {
      const input = inputOf({
        nodes: NODES,
        duration: 120,
        classes: [objectClass('own', { scope: 'pod', as: 'env' })],
        timeline: [restartKubelets(10)],
        behaviours: { idleStop },
      });
      expect(observed(input).watchesAtEnd.reduce((sum, open) => sum + open)).to.equal(left);
    }
  });

  it('is the same whether syncs without effect are events or not', () => {
    for (const capacity of ['unlimited', 64] as const) {
      for (const as of ['env', 'imagePullSecret'] as const) {
        const input = waiting(as, 40, true);
        const each = { ...input, apiServer: { ...input.apiServer, capacity } };
        const [lazy, eager] = [simulate(each, 1), simulate(each, 1, { eager: true })];
        expect(lazy.fingerprint).to.equal(eager.fingerprint);
        expect(lazy.metrics).to.deep.equal(eager.metrics);
      }
    }
  });
});
