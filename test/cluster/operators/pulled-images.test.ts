import { expect } from 'chai';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass } from '../scenario.js';
import { once, operators, store } from './operators.js';

const NODES = 20;
const REGISTRY_US = 2e6;
const DURATION_S = 1200;

/** Restarts a Deployment's pods in place at a time. */
function rollout(at: number): TimelineAction {
  return {
    ...{ action: 'rollout', deployments: 1, consumersOf: null, kind: null, afterUs: 0, ratePerS: null },
    ...{ maxUnavailable: 1, maxSurge: 0 },
    ...once(at),
  };
}

/** One Deployment with two pods on each of twenty nodes, whose image takes a pull secret. */
function started(timeline: readonly TimelineAction[], pulledImages: boolean) {
  const input = inputOf({
    nodes: NODES,
    podsPerNode: 2,
    replicas: 2 * NODES,
    duration: DURATION_S,
    classes: [objectClass('registry', { as: 'imagePullSecret' })],
    timeline,
    operators: operators({
      store: store(),
      ...(pulledImages && { pulledImages: { registry: { p50Us: REGISTRY_US, p99Us: REGISTRY_US } } }),
    }),
  });
  return simulate(input, 1).metrics;
}

const rotate = change('update', 'registry', 60);

describe('KubeletEnsureSecretPulledImages', () => {
  it('asks the registry once per node and image when pods start after their pull secret has changed', () => {
    const metrics = started([rotate, rollout(300)], true);
    expect(metrics.pods_started).to.equal(2 * NODES);
    const checks = metrics.operator_registry_checks ?? NaN;
    // Pods may come to other nodes than those before them; each node asks at most once.
    expect(checks).to.be.within(1, NODES);
    expect(checks).to.equal(started([rotate, rollout(300), rollout(600)], true).operator_registry_checks);
  });

  it('takes the time of the answer, for the first pod of a node', () => {
    const [off, on] = [false, true].map((pulledImages) => started([rotate, rollout(300)], pulledImages));
    expect(off.operator_registry_checks).to.equal(0);
    const waited = ((on.operator_registry_checks ?? NaN) * REGISTRY_US) / 1e6 / (2 * NODES);
    expect((on.pod_start_mean_s ?? NaN) - (off.pod_start_mean_s ?? NaN)).to.be.closeTo(waited, 0.1);
  });

  it('asks nobody where the pull secret is the one that the image was pulled with', () => {
    expect(started([rollout(300)], true).operator_registry_checks).to.equal(0);
  });
});
