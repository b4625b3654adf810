import { expect } from 'chai';
import { simulate } from '../../src/cluster/run/simulate.js';
import { compileScenario, resolveDefaults } from '../../src/experiment/language/compile.js';
import { specSchema } from '../../src/experiment/language/schema.js';
import type { TopologyFile } from '../../src/cluster/model/topology-file.js';
import { Overlaps } from '../../src/advise/overlap.js';
import type { KubeletInput } from '../../src/experiment/language/cluster-schema.js';

const SHARED = { namespace: 'shop', name: 'key', kind: 'Secret', size: 64 } as const;
const ENV_ONLY = { ...SHARED, name: 'token' };

/** A dumped cluster of two nodes, the second with a TTL of its own, whose pods mount a Secret and have another as env. */
const TOPOLOGY: TopologyFile = {
  apiVersion: 'secretsim/v1',
  kind: 'Topology',
  nodes: [
    { name: 'node-0', ttlSeconds: 15 },
    { name: 'node-1', ttlSeconds: 300 },
  ],
  objects: [SHARED, ENV_ONLY],
  pods: Array.from({ length: 20 }, (_, index) => ({
    namespace: 'shop',
    name: `web-${index}`,
    node: index % 2,
    uses: [
      { object: 0, as: 'volume', volume: 0 },
      { object: 1, as: 'env' },
    ],
  })),
};

function inputOf(strategy: 'Watch' | 'Cache' | 'Get', kubernetesVersion: '1.28' | '1.33', kubelet: KubeletInput = {}) {
  const spec = {
    cluster: { topology: 'dump', kubernetesVersion },
    kubelet: { configMapAndSecretChangeDetectionStrategy: strategy, ...kubelet },
    timeline: [{ at: '1s', update: 'shop/key' }],
  };
  return compileScenario(resolveDefaults(specSchema.parse(spec)), TOPOLOGY, 'none');
}

describe('the overlap of old and new keys', () => {
  it('is the very bound that a run of the cluster has', () => {
    for (const strategy of ['Watch', 'Cache', 'Get'] as const) {
      const input = inputOf(strategy, '1.33');
      const { seconds, reason } = new Overlaps(input).of(SHARED, 20);
      expect(seconds, strategy).to.equal(simulate(input, 1).metrics.last_pod_bound_s);
      expect(reason).to.equal('');
    }
  });

  it('follows syncFrequency, and the longest TTL of the nodes where the release keeps entries for it', () => {
    const overlap = (...args: Parameters<typeof inputOf>): number | null =>
      new Overlaps(inputOf(...args)).of(SHARED, 20).seconds;
    expect(overlap('Watch', '1.33')).to.be.within(91, 92);
    expect(overlap('Watch', '1.33', { syncFrequency: '10s' })).to.be.within(16, 17);
    expect(overlap('Cache', '1.33')).to.be.within(391, 392);
    expect(overlap('Cache', '1.28')).to.be.within(91, 92);
  });

  it('is nothing where no pod sees updates', () => {
    expect(new Overlaps(inputOf('Watch', '1.33')).of(ENV_ONLY, 0)).to.deep.equal({ seconds: 0, reason: '' });
    expect(new Overlaps(inputOf('Watch', '1.33')).of({ ...SHARED, immutable: true }, 20).seconds).to.equal(0);
  });
});
