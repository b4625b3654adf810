import { expect } from 'chai';
import type { ModelInput } from '../../../src/cluster/model/model-input.js';
import type { RunRecord } from '../../../src/cluster/model/run-record.js';
import { simulate } from '../../../src/cluster/run/simulate.js';
import { textOf } from '../everything.js';
import { change, inputOf, objectClass, type Scenario } from '../scenario.js';
import { churn, crash, nodes, restartKubelets } from '../timeline-actions.js';

const S = 1e6;
const NODES = 10;
const PODS = 4;
const CERTIFICATE = objectClass('identity', { kind: 'PodCertificateRequest', scope: 'pod', as: 'projected' });

function inputOfCertificates(scenario: Scenario = {}): ModelInput {
  return inputOf({ release: '1.36', nodes: NODES, podsPerNode: PODS, classes: [CERTIFICATE], ...scenario });
}

/** Sum of a column of a run's load. */
function counted({ load }: RunRecord, column: string): number {
  const place = load.columns.indexOf(column);
  return load.values.reduce((sum, value, i) => (i % load.columns.length === place ? sum + value : sum), 0);
}

/** Each certificate is two writes: its request is created by the kubelet, and its status is updated by the signer. */
const issued = (record: RunRecord): number => counted(record, 'write_podcertificaterequests') / 2;

describe('the pod certificate manager of the kubelets', () => {
  it('asks once for each pod that comes, and again after each life of a certificate', () => {
    // All pods ask as their kubelets come back, and none for the second time within 16 h.
    const restart = [restartKubelets(2)];
    expect(issued(simulate(inputOfCertificates({ timeline: restart }), 1))).to.equal(NODES * PODS);
    // A life is an hour, U[0, 5) min and the rest of a pass of at most 2 min: three fit, and a fourth does not.
    const signer = { p50Us: 0, p99Us: 0 };
    const hourly = inputOfCertificates({
      timeline: restart,
      podCertificates: { refreshAfterUs: 3600 * S, signer },
      duration: 4 * 3600,
    });
    expect(issued(simulate(hourly, 1))).to.equal(NODES * PODS * (1 + 3));
  });

  it('renews pods that have long been running at the rate of their lives', () => {
    const refreshAfterUs = 3600 * S;
    const podCertificates = { refreshAfterUs, signer: { p50Us: 0, p99Us: 0 } };
    const record = simulate(inputOfCertificates({ podCertificates, duration: 7200 }), 1);
    // Each life is 3600 + 150 + 46.7 s in the mean, and its jitter adds less than one renewal of spread: 4 standard deviations.
    const expected = (NODES * PODS * 7200) / (3600 + 150 + 140 / 3);
    expect(issued(record)).to.be.closeTo(expected, 4 * Math.sqrt(NODES * PODS) * 0.5);
  });

  it('holds one watch per node, whether its pods have certificates or not', () => {
    const some = { ...CERTIFICATE, podFraction: 0.1 };
    const record = simulate(inputOfCertificates({ classes: [some], podsPerNode: 1, replicas: 5 }), 1);
    expect(record.metrics.watches_open_max).to.equal(NODES);
  });

  it('keeps a pod from starting until its certificate is issued', () => {
    const start = (p50S: number): number | null => {
      const signer = { p50Us: p50S * S, p99Us: p50S * S };
      const podCertificates = { refreshAfterUs: 16 * 3600 * S, signer };
      const timeline = [churn(10, 8)];
      return simulate(inputOfCertificates({ podCertificates, timeline }), 1).metrics.pod_start_mean_s;
    };
    const [fast, slow] = [start(0), start(20)];
    // The volume's back-off after a failed set-up, 0.5 s doubled, delays the start beyond the issue by up to its half.
    expect(fast).to.be.below(3);
    expect(slow).to.be.within(20, 2 * 20 + 3);
  });

  it('fails set-ups of running pods after a restart of their kubelets, which keep nothing, until all is issued again', () => {
    const podCertificates = { refreshAfterUs: 16 * 3600 * S, signer: { p50Us: 5 * S, p99Us: 5 * S } };
    const record = simulate(inputOfCertificates({ timeline: [restartKubelets(100)], podCertificates }), 1);
    expect(record.metrics.mount_failures).to.be.at.least(NODES * PODS);
    expect(issued(record)).to.equal(NODES * PODS);
  });

  it('accounts for every due beside it, the same with every sync as an event, whatever comes and goes', () => {
    for (const strategy of ['Watch', 'Cache'] as const) {
      for (const start of ['steady', 'cold'] as const) {
        const roots = objectClass('roots', { kind: 'ClusterTrustBundle', as: 'projected' });
        const timeline = [
          change('update', 'shared', 50),
          change('update', 'roots', 60),
          restartKubelets(100, 0.3),
          nodes(120, 'addNodes', 2),
          nodes(140, 'removeNodes', 1),
          crash(160, 1),
          churn(200, 5),
        ];
        const podCertificates = { refreshAfterUs: 120 * S, signer: { p50Us: 100e3, p99Us: 400e3 } };
        const classes = [objectClass('shared'), roots, CERTIFICATE];
        const input = inputOfCertificates({ strategy, start, timeline, classes, podCertificates, duration: 250 });
        const lazy = simulate(input, 1);
        expect(textOf(lazy), `${strategy} ${start}`).to.equal(textOf(simulate(input, 1, { eager: true })));
        const m = lazy.metrics;
        const outcomes = [m.projections, m.replaced, m.never_projected, m.pending_at_end, m.gone];
        expect(m.due).to.equal(outcomes.reduce((sum: number, count) => sum + (count ?? NaN), 0));
        expect(issued(lazy)).to.be.above(0);
      }
    }
  });
});
