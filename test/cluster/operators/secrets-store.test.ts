import { expect } from 'chai';
import type { SecretsStoreInput } from '../../../src/cluster/model/operators-input.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { once, operators, outage, store } from './operators.js';

const PODS = 400;
const ROTATED_S = 300;
const DURATION_S = 1800;
const QUICK = store({ latency: { p50Us: 1000, p99Us: 1000 } });

/** One SecretProviderClass that 400 pods on 40 nodes mount, rotated at the store. */
function mounted(options: Partial<SecretsStoreInput>, scenario: Scenario = {}, eager = false) {
  const secretsStore = { rotates: true, republishes: true, pollUs: 120e6, ...options };
  const input = inputOf({
    nodes: 40,
    podsPerNode: 10,
    duration: DURATION_S,
    classes: [objectClass('app-tls', { kind: 'SecretProviderClass' })],
    timeline: [change('rotateAtSource', 'app-tls', ROTATED_S)],
    operators: operators({ store: QUICK, secretsStore }),
    ...scenario,
  });
  return simulate(input, 1, { eager });
}

describe('Secrets Store CSI driver from 1.6 on', () => {
  it('calls the store once per pod and sync: every 75.5 s on average at a syncFrequency of 60 s', () => {
    const { metrics } = mounted({}, { timeline: [] });
    // U[60, 90) s and 5 ms, rounded up to whole seconds of the sync loop.
    const expected = PODS / 75.5;
    const syncs = (PODS * DURATION_S) / 75.5;
    expect(metrics.source_calls_per_s).to.be.closeTo(expected, (4 * Math.sqrt(syncs)) / DURATION_S);
  });

  it('brings new content with the next sync of each pod: after the residual life of its interval', () => {
    const { metrics } = mounted({});
    expect(metrics.projections).to.equal(PODS);
    // E[X²] / 2E[X] of U[60, 90) rounded up: 38.2 s, standard deviation about 23 s.
    expect(metrics.delay_mean_s).to.be.closeTo(38.2, (4 * 23) / Math.sqrt(PODS));
    expect(metrics.last_pod_max_s).to.be.within(70, 92);
  });

  it('does not call for two minutes after it has written a volume', () => {
    const calls = (timeline: readonly TimelineAction[]): number =>
      (mounted({}, { timeline }).metrics.source_calls_per_s ?? NaN) * DURATION_S;
    const rotations = 3;
    const rotated = calls([change('rotateAtSource', 'app-tls', 0, { everyUs: 400e6, untilUs: 900e6 })]);
    // A sync within the first two minutes, and a second one if it comes early: 120 ÷ 75.5 syncs on average.
    const left = (calls([]) - rotated) / PODS / rotations;
    expect(left).to.be.within(1, 120 / 60);
  });

  it('needs no watch, no GET and no event of an API server', () => {
    const { metrics } = mounted({}, { clusterWatchers: { secrets: 1, configMaps: 1 } });
    expect(metrics.watches_open_max).to.equal(2);
    expect(metrics.get_per_s).to.equal(0);
    expect(metrics.watch_events_per_s).to.equal(0);
    expect(metrics.write_per_s).to.equal(0);
  });

  it('reports each volume that it has written by a request of its own', () => {
    const { metrics } = mounted({});
    expect((metrics.operator_requests_per_s ?? NaN) * DURATION_S).to.be.closeTo(PODS, 1e-6);
  });

  it('leaves files as they are while the store is away, and brings new ones with a sync after that', () => {
    const timeline = [change('rotateAtSource', 'app-tls', ROTATED_S), outage(ROTATED_S, 600)];
    const { metrics } = mounted({}, { timeline });
    expect(metrics.source_calls_failed).to.be.closeTo((PODS * 600) / 75.5, PODS);
    expect(metrics.mount_failures).to.equal(0);
    expect(metrics.last_pod_max_s).to.be.within(600 + 60, 600 + 92);
  });

  it('loses calls to the rate limit of the store', () => {
    const limited = store({ latency: { p50Us: 1000, p99Us: 1000 }, rateLimit: { ratePerS: 2, burst: 2 } });
    const secretsStore = { rotates: true, republishes: true, pollUs: 120e6 };
    const { metrics } = mounted({}, { operators: operators({ store: limited, secretsStore }) });
    const rejected = (metrics.source_calls_rejected_429 ?? NaN) / DURATION_S;
    expect(rejected).to.be.within(PODS / 75.5 - 2 - (2 * PODS) / DURATION_S, PODS / 75.5);
    expect(metrics.delay_mean_s).to.be.greaterThan(60);
  });
});

describe('Secrets Store CSI driver up to 1.5', () => {
  it('looks at the volumes of each node every two minutes, whatever the syncs', () => {
    const { metrics } = mounted({ republishes: false });
    expect(metrics.source_calls_per_s).to.be.closeTo(PODS / 120, PODS / DURATION_S);
    // Forty nodes with phases U[0, 120).
    expect(metrics.delay_mean_s).to.be.closeTo(60, 4 * (120 / Math.sqrt(12 * 40)));
    expect(metrics.last_pod_max_s).to.be.at.most(120.1);
  });

  it('gives the same with every sync an event', () => {
    expect(mounted({ republishes: false }, {}, true).fingerprint).to.equal(mounted({ republishes: false }).fingerprint);
  });
});

describe('Secrets Store CSI driver without rotation', () => {
  for (const republishes of [true, false]) {
    it(`calls nobody and brings nothing to running pods (${republishes ? 'from 1.6 on' : 'up to 1.5'})`, () => {
      const { metrics } = mounted({ rotates: false, republishes });
      expect(metrics.source_calls_per_s).to.equal(0);
      expect(metrics.never_projected).to.equal(PODS);
    });
  }

  it('gives new pods the new content', () => {
    const rollout = {
      ...{ action: 'rollout' as const, deployments: 1, consumersOf: null, kind: null, afterUs: 0, ratePerS: null },
      ...{ maxUnavailable: 1, maxSurge: 1 },
      ...once(600),
    };
    const timeline = [change('rotateAtSource', 'app-tls', ROTATED_S), rollout];
    const { metrics } = mounted({ rotates: false }, { timeline });
    expect(metrics.replaced).to.equal(PODS);
    expect((metrics.source_calls_per_s ?? NaN) * DURATION_S).to.be.closeTo(PODS, 1e-6);
  });
});
