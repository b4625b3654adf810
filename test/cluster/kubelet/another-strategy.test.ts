import { expect } from 'chai';
import { STRATEGIES, type Strategy } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import type { ChangeDetectionStrategy } from '../../../src/cluster/kubelet/secret-manager/strategy.js';
import { watch } from '../../../src/cluster/kubelet/secret-manager/watch.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash } from '../timeline-actions.js';

/** What a file beside the others would hold: watches, whose events start a sync of the pods that read the object. */
const watchAndSync: ChangeDetectionStrategy = {
  ...watch,
  says: 'The API server tells the kubelet of each change, and the pods that read it sync at once.',
  syncsOnEvents: true,
};

/** The line for it. */
const NAME = 'WatchAndSync' as Strategy;
const strategies: Record<string, ChangeDetectionStrategy> = STRATEGIES;

describe('a fourth strategy', () => {
  before(() => (strategies[NAME] = watchAndSync));
  after(() => Reflect.deleteProperty(strategies, NAME));

  const CLUSTER: Scenario = {
    nodes: 8,
    podsPerNode: 5,
    duration: 900,
    classes: [objectClass('shared'), objectClass('own', { scope: 'pod' }), objectClass('fixed', { immutableShare: 1 })],
    timeline: [change('update', 'shared', 100), change('update', 'own', 300)],
  };
  const run = (scenario: Scenario, eager = false): RunRecord => ({
    ...simulate(inputOf(scenario), 1, { eager }),
    execution: { events: 0, draws: 0 },
  });

  for (const [driver, timeline] of [
    ['alone', CLUSTER.timeline ?? []],
    ['that meet at the API servers', [...(CLUSTER.timeline ?? []), crash(600)]],
  ] as const) {
    it(`is one file and one line: it runs in kubelets ${driver}, lazy as eager`, () => {
      const whatIf = { ...inputOf(CLUSTER).kubelet.whatIf, syncOnWatchEvent: true };
      const synced = run({ ...CLUSTER, timeline, strategy: NAME });
      expect(synced.metrics.delay_max_s ?? Infinity).to.be.below(5);
      expect(synced).to.deep.equal(run({ ...CLUSTER, timeline, strategy: 'Watch', kubelet: { whatIf } }));
      expect(synced).to.deep.equal(run({ ...CLUSTER, timeline, strategy: NAME }, true));
    });
  }
});
