import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { OBJECTS, operators, restart, store } from './operators.js';

const ROTATED_S = 60;
const QUICK = store({ latency: { p50Us: 1000, p99Us: 1000 } });
const DEFAULT = { qps: 5, burst: 10 };
const UNLIMITED = { qps: 1e6, burst: 1e6 };

/** Thirty Deployments of two pods, each with a Secret of its own in its environment; all changed at one instant. */
function reloaded(reloader: { qps: number; burst: number } | null, options: Scenario = {}, reloads = 1) {
  const input = inputOf({
    pure: true,
    nodes: 30,
    podsPerNode: 2,
    replicas: 2,
    duration: 1800,
    classes: [objectClass('app-tls', { scope: 'deployment', as: 'env' })],
    timeline: [change('rotateAtSource', 'app-tls', ROTATED_S, reloader === null ? {} : { reloads })],
    operators: operators({ store: QUICK, ...(reloader && { reloader }) }),
    ...options,
  });
  return simulate({ ...input, controllerManager: { qps: 1e6, burst: 1e6 }, scheduler: { qps: 1e6, burst: 1e6 } }, 1);
}

const DEPLOYMENTS = OBJECTS / 2;

describe('Reloader', () => {
  it('gives pods that read a Secret from their environment the new one, by new pods', () => {
    const { metrics } = reloaded(UNLIMITED);
    expect(metrics.replaced).to.equal(OBJECTS);
    expect(metrics.never_projected).to.equal(0);
    expect(metrics.operator_rollouts).to.equal(DEPLOYMENTS);
    expect(metrics.operator_pods_replaced).to.equal(OBJECTS);
  });

  it('is what restarts them: without it they never have it', () => {
    const { metrics } = reloaded(null);
    expect(metrics.replaced).to.equal(0);
    expect(metrics.never_projected).to.equal(OBJECTS);
    expect(metrics.operator_pods_replaced).to.equal(0);
  });

  it('sends five LISTs and an update for each change', () => {
    const { metrics } = reloaded(UNLIMITED);
    expect((metrics.operator_requests_per_s ?? NaN) * 1800).to.be.closeTo(6 * DEPLOYMENTS, 1e-6);
  });

  it('is paced by its client: four requests a change to the API group apps, 5 a second, 10 at once', () => {
    const last = (reloader: typeof DEFAULT): number =>
      Math.max(...reloaded(reloader).updates.map(({ timeTo100S }) => timeTo100S ?? Infinity));
    const held = (4 * DEPLOYMENTS - 2 - 10) / 5;
    expect(last(DEFAULT) - last(UNLIMITED)).to.be.closeTo(held, 2);
  });

  it('restarts the share of the Deployments that have its annotation', () => {
    const { metrics } = reloaded(UNLIMITED, {}, 0.5);
    expect(metrics.operator_rollouts).to.equal(DEPLOYMENTS / 2);
    expect(metrics.never_projected).to.equal(OBJECTS / 2);
  });

  it('rolls a Deployment out once for several of its Secrets, by the last of them, and updates it for each', () => {
    const classes = [objectClass('app-tls', { scope: 'deployment', as: 'env', count: 3 })];
    const { metrics } = reloaded(UNLIMITED, { classes });
    expect(metrics.operator_rollouts).to.equal(DEPLOYMENTS);
    expect(metrics.replaced).to.equal(3 * OBJECTS);
    expect((metrics.operator_requests_per_s ?? NaN) * 1800).to.be.closeTo(6 * 3 * DEPLOYMENTS, 1e-6);
  });

  it('does not see what changes while it is away', () => {
    const timeline = [change('rotateAtSource', 'app-tls', ROTATED_S, { reloads: 1 }), restart(ROTATED_S - 10, 20)];
    const { metrics } = reloaded(UNLIMITED, { timeline });
    expect(metrics.operator_rollouts).to.equal(0);
  });

  it('rolls out what an operator brings, also where that has left out a change before', () => {
    const externalSecrets = {
      ...{ objects: 'app-tls', refreshIntervalUs: 600e6, concurrent: OBJECTS },
      ...{ qps: 1e6, burst: 1e6, groups: 1 },
    };
    const rotate = change('rotateAtSource', 'app-tls', 0, { reloads: 1, everyUs: 20e6, untilUs: 20e6 });
    const { metrics, updates } = reloaded(UNLIMITED, {
      timeline: [rotate],
      operators: operators({ store: QUICK, reloader: UNLIMITED, externalSecrets }),
    });
    expect(updates).to.have.length(DEPLOYMENTS);
    expect(metrics.operator_rollouts).to.equal(DEPLOYMENTS);
    expect(metrics.replaced).to.equal(OBJECTS);
  });
});
