import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { inputOf, objectClass, type Scenario } from '../scenario.js';
import { crash } from '../timeline-actions.js';

const ROOT_CA = objectClass('kube-root-ca.crt', { kind: 'ConfigMap', scope: 'namespace', as: 'projected' });
const PODS = 200;

const run = (scenario: Scenario) =>
  simulate(
    inputOf({ nodes: 20, podsPerNode: PODS / 20, classes: [ROOT_CA], apiServer: { capacity: 4 }, ...scenario }),
    1,
  );

describe('service-account tokens', () => {
  it('are asked for by every pod that starts, and from 1.21 on only', () => {
    expect(run({ start: 'cold' }).metrics.token_requests).to.equal(PODS);
    expect(run({ start: 'cold', release: '1.20' }).metrics.token_requests).to.equal(0);
  });

  it('are refused while the server does not know the pod yet, and asked for again with the mount', () => {
    const late = { start: 'cold', apiServer: { capacity: 4, dispatch: { p50Us: 400e3, p99Us: 2e6 } } } as const;
    const { token_requests, pods_started } = run(late).metrics;
    expect(token_requests).to.be.above(PODS * 1.2);
    expect(pods_started).to.equal(PODS);
    expect(run({ ...late, apiServer: { ...late.apiServer, nodeAuthorizer: false } }).metrics.token_requests).to.equal(
      PODS,
    );
  });

  it('are refreshed at the first remount after 80 % of 3,607 s, less up to 10 s', () => {
    const few = run({ duration: 1000 });
    const many = run({ duration: 1000 + 4 * 3600 });
    const added = (many.metrics.token_requests ?? NaN) - (few.metrics.token_requests ?? NaN);
    const cycle = 0.8 * 3607 - 5 + 38.5;
    // Phases are spread evenly and hardly drift: the count is off by less than one refresh in ten pods.
    expect(added).to.be.closeTo((PODS * 4 * 3600) / cycle, PODS / 10);
  });

  it('fail the whole volume while API servers refuse: a pod that starts waits with its mount back-off', () => {
    const down = run({
      start: 'cold',
      duration: 120,
      apiServers: 1,
      timeline: [
        {
          action: 'restartApiServer',
          servers: 1,
          staggerUs: 0,
          downtimeUs: 20e6,
          mode: 'crash',
          firstUs: 0,
          everyUs: null,
          untilUs: Infinity,
          jitterUs: 0,
        },
        {
          action: 'restartKubelet',
          nodes: 1,
          firstUs: 1e6,
          everyUs: null,
          untilUs: Infinity,
          jitterUs: 0,
        },
      ],
    });
    expect(down.metrics.mount_failures).to.be.greaterThan(PODS);
  });

  it('that cannot be refreshed are asked for once per set-up, however long its reads take or fail', () => {
    for (const strategy of ['Get', 'Cache'] as const) {
      const { metrics } = run({
        strategy,
        apiServers: 1,
        duration: 3600,
        timeline: [crash(10, 'all', 3000)],
      });
      const setUps = PODS * (3600 / 60) + (metrics.mount_failures ?? NaN);
      expect(metrics.token_requests, strategy).to.be.within(PODS / 2, setUps);
    }
  });

  it('are the same lazy and eager', () => {
    const scenario = inputOf({
      nodes: 5,
      podsPerNode: 4,
      classes: [ROOT_CA],
      duration: 7200,
      apiServer: { capacity: 1 },
    });
    expect(simulate(scenario, 1, { eager: true }).fingerprint).to.equal(simulate(scenario, 1).fingerprint);
  });
});
