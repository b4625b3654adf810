import { expect } from 'chai';
import type { RunMetrics } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { experimentWith, TemporaryFiles } from '../../experiment/temporary-files.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { scale } from '../timeline-actions.js';

const NODES = 25;
const DURATION_S = 120;
/** Pods are deleted, in a burst that no client's limit holds back; a controller, a write and an event lie in between. */
const DELETED_S = 10;
const SEEN_WITHIN_S = 0.2;

/** A pod on every node, all of which are deleted and take `terminationS` to end. */
function ending(terminationS: number, { timeline = [], ...more }: Scenario): RunMetrics {
  const input = inputOf({
    nodes: NODES,
    replicas: NODES,
    duration: DURATION_S,
    kubelet: { podTerminationUs: terminationS * 1e6 },
    timeline: [scale(DELETED_S, { count: 0 }), ...timeline],
    ...more,
  });
  const [lazy, eager] = [simulate(input, 1), simulate(input, 1, { eager: true })];
  expect(lazy.fingerprint, 'lazy and eager').to.equal(eager.fingerprint);
  expect(lazy.metrics).to.deep.equal(eager.metrics);
  return lazy.metrics;
}

describe('a pod that terminates', () => {
  const own: Scenario = { classes: [objectClass('own', { scope: 'pod' })] };

  it('keeps the watches of its objects until it has ended, in all releases', () => {
    for (const release of ['1.20', '1.24', '1.36']) {
      for (const terminationS of [0, 1, 60]) {
        const open = ending(terminationS, { ...own, release }).watches_open_mean ?? NaN;
        const openS = (open * DURATION_S) / NODES;
        expect(openS, release).to.be.within(DELETED_S + terminationS, DELETED_S + terminationS + SEEN_WITHIN_S);
      }
    }
  });

  it('keeps an immutable object for pods that come to its node, although there is another of its name', () => {
    const recreated: Scenario = {
      classes: [objectClass('fixed', { immutableShare: 1 })],
      timeline: [change('recreate', 'fixed', 20), scale(30, { share: 1 })],
    };
    expect(ending(1, recreated)).to.include({ pods_started: NODES, started_stale: 0 });
    expect(ending(60, recreated)).to.include({ pods_started: NODES, started_stale: NODES });
  });

  describe('in an experiment', () => {
    const files = new TemporaryFiles();
    after(() => files.remove());

    it('takes 1 s where nothing is said, or what is said', async () => {
      for (const [spec, us] of [
        ['', 1e6],
        ['kubelet: {podTermination: 10m}', 600e6],
      ] as const) {
        const { scenarios } = await files.load(experimentWith(spec));
        expect(scenarios[0].input.kubelet.podTerminationUs).to.equal(us);
      }
    });
  });
});
