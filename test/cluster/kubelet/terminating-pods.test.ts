import { expect } from 'chai';
import type { RunMetrics } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { experimentWith, TemporaryFiles } from '../../experiment/temporary-files.js';
import { metricOf } from '../model/switches/observed.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { restartKubelets, scale } from '../timeline-actions.js';

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

  it('is not synced any more, and shows until it has ended what it showed', () => {
    const updated: Scenario = { ...own, timeline: [change('update', 'own', 20)] };
    const metrics = ending(100, updated);
    expect(metrics.projections).to.equal(0);
    const staleS = metricOf({ metrics }, 'stale_pod_seconds') / NODES;
    expect(staleS).to.be.within(90, 90 + SEEN_WITHIN_S);
    expect(ending(1, updated).stale_pod_seconds).to.equal(0);
  });

  it('does not start any more', () => {
    const coming: Scenario = {
      ...own,
      start: 'cold',
      apiServer: { list: { p50Us: 75e6, p99Us: 75e6 } },
      behaviours: { initialSync: 'list' },
    };
    // Their first LISTs are answered 75 s after the start of the warm-up of 60 s, when they have been deleted.
    expect(ending(100, coming)).to.include({ pods_started: 0 });
  });

  it('is not registered again by a kubelet that restarts meanwhile', () => {
    const restarted = ending(60, { ...own, timeline: [restartKubelets(40)] });
    const openS = ((restarted.watches_open_mean ?? NaN) * DURATION_S) / NODES;
    expect(openS).to.be.closeTo(40, 0.01);
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
