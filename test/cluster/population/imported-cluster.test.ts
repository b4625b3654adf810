import { expect } from 'chai';
import { simulate } from '../../../src/cluster/run/simulate.js';
import type { TimelineAction } from '../../../src/cluster/model/timeline-actions.js';
import type { Strategy } from '../../../src/cluster/kubelet/secret-manager/strategies.js';
import type { TopologyFile, TopologyPod } from '../../../src/cluster/model/topology-file.js';
import { change, inputOf } from '../scenario.js';

const objects: TopologyFile['objects'] = [
  { namespace: 'shop', name: 'tls', kind: 'Secret', size: 4000 },
  { namespace: 'shop', name: 'settings', kind: 'ConfigMap', size: 500 },
  { namespace: 'shop', name: 'absent', kind: 'Secret', size: 0, missing: true },
];

const pod = (name: string, uses: TopologyPod['uses'], more: Partial<TopologyPod> = {}): TopologyPod => ({
  namespace: 'shop',
  name,
  node: 0,
  uses,
  ...more,
});

const run = (pods: readonly TopologyPod[], timeline: readonly TimelineAction[], strategy: Strategy = 'Watch') => {
  const file: TopologyFile = {
    apiVersion: 'secretsim/v1',
    kind: 'Topology',
    nodes: [{ name: 'a' }, { name: 'b', ttlSeconds: 300 }],
    objects,
    pods,
  };
  return simulate({ ...inputOf({ strategy, timeline, samples: 'all' }), cluster: { type: 'imported', file } }, 1);
};

describe('an imported cluster', () => {
  it('counts a pod once per object and mode, and reads a volume once although it is also mounted by subPath', () => {
    const uses: TopologyPod['uses'] = [
      { object: 0, as: 'volume', volume: 0 },
      { object: 0, as: 'subPath', volume: 0 },
      { object: 0, as: 'volume', volume: 1 },
      { object: 0, as: 'env' },
    ];
    const { metrics } = run([pod('p', uses)], [change('update', 'shop/tls', 10)], 'Get');
    expect(metrics).to.include({ due: 3, projections: 1, never_projected: 2 });
    // Two volumes per sync: 600 s / 75.5 s × 2, and one pod's 8 ± 1 syncs.
    expect((metrics.get_per_s ?? 0) * 600).to.be.within(14, 20);
  });

  it('names nodes, pods and objects as they are called', () => {
    const uses: TopologyPod['uses'] = [{ object: 0, as: 'volume', volume: 0 }];
    const { samples, delays, updates } = run([pod('p', uses, { node: 1 })], [change('update', 'shop/tls', 10)]);
    expect([samples?.node, samples?.pod, samples?.object]).to.deep.equal([['b'], ['shop/p'], ['shop/tls']]);
    expect(delays[0].objectClass).to.equal('shop/tls');
    expect(updates[0].object).to.equal('shop/tls');
  });

  it('takes the TTL of each node from its annotation', () => {
    const uses: TopologyPod['uses'] = [{ object: 0, as: 'volume', volume: 0 }];
    const timeline = [change('update', 'shop/tls', 100)];
    const times = Array.from({ length: 40 }, (_, r) => {
      const file: TopologyFile = {
        apiVersion: 'secretsim/v1',
        kind: 'Topology',
        nodes: [{ name: 'a' }, { name: 'b', ttlSeconds: 300 }],
        objects,
        pods: [pod('default', uses), pod('annotated', uses, { node: 1 })],
      };
      const input = { ...inputOf({ strategy: 'Cache', release: '1.30', timeline, samples: 'all' }) };
      const { samples } = simulate({ ...input, cluster: { type: 'imported', file } }, r + 1);
      return (samples?.projectedAtUs ?? []).map((at) => at / 1e6 - 100);
    });
    expect(Math.max(...times.map(([first]) => first))).to.be.within(60, 91.3);
    expect(Math.max(...times.map(([, second]) => second))).to.be.within(200, 391.3);
  });

  it('projects all sources of a projected volume at one instant, and none while one of them is missing', () => {
    const both: TopologyPod['uses'] = [
      { object: 0, as: 'projected', volume: 0 },
      { object: 1, as: 'projected', volume: 0 },
    ];
    const timeline = [change('update', 'shop/tls', 10), change('update', 'shop/settings', 11)];
    const { samples } = run([pod('p', both)], timeline);
    expect(samples?.projectedAtUs[0]).to.equal(samples?.projectedAtUs[1]);
    const broken = run([pod('p', both)], [change('delete', 'shop/settings', 5), ...timeline.slice(0, 1)]);
    expect(broken.metrics).to.include({ due: 1, projections: 0, pending_at_end: 1 });
    expect(broken.metrics.mount_failures).to.be.above(5);
  });

  it('keeps a pod waiting for a required object that is missing, starts it when the object appears, and updates it then', () => {
    const uses: TopologyPod['uses'] = [{ object: 2, as: 'volume', volume: 0 }];
    const waiting = pod('p', uses, { pending: true });
    const never = run([waiting], [change('update', 'shop/absent', 10)]).metrics;
    expect(never).to.include({ updates: 0, updates_rejected: 1, due: 0 });
    // One retry each 122 s.
    expect(never.mount_failures).to.be.within(4, 5);
    for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
      const timeline = [change('recreate', 'shop/absent', 10), change('update', 'shop/absent', 400)];
      const started = run([waiting], timeline, strategy).metrics;
      expect(started, strategy).to.include({ updates: 2, due: 1, projections: 1, pending_at_end: 0 });
    }
  });

  it('retries the volume of a running pod whose required object is missing, lazy or eager', () => {
    const uses: TopologyPod['uses'] = [{ object: 2, as: 'volume', volume: 0 }];
    const file: TopologyFile = {
      apiVersion: 'secretsim/v1',
      kind: 'Topology',
      nodes: [{ name: 'a' }],
      objects,
      pods: [pod('p', uses)],
    };
    const input = { ...inputOf({ timeline: [] }), cluster: { type: 'imported', file } } as const;
    const lazy = simulate(input, 1).metrics;
    expect(lazy.mount_failures).to.be.within(4, 5);
    expect(lazy).to.deep.equal(simulate(input, 1, { eager: true }).metrics);
  });

  it('runs pods whose optional object is missing, and shows it when it appears', () => {
    const uses: TopologyPod['uses'] = [{ object: 2, as: 'volume', volume: 0, optional: true }];
    const { metrics } = run([pod('p', uses)], [change('recreate', 'shop/absent', 10)]);
    expect(metrics).to.include({ due: 1, projections: 1, mount_failures: 0 });
    expect(metrics.delay_max_s).to.be.below(91.3);
  });

  it('measures how long the pods of one workload disagree', () => {
    const uses: TopologyPod['uses'] = [{ object: 0, as: 'volume', volume: 0 }];
    const pods = ['p', 'q', 'r'].map((name) => pod(name, uses, name === 'r' ? {} : { workload: 'shop/web' }));
    const { updates, samples } = run(pods, [change('update', 'shop/tls', 10)]);
    const at = new Map(samples?.pod.map((name, i) => [name, samples.projectedAtUs[i] / 1e6]));
    const expected = Math.abs((at.get('shop/p') ?? 0) - (at.get('shop/q') ?? 0));
    expect(updates[0].mixedVersionMaxS).to.be.closeTo(expected, 1e-9);
    expect(updates[0].mixedVersionMeanS).to.be.closeTo(expected, 1e-9);
  });
});
