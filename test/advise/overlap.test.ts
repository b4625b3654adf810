import { expect } from 'chai';
import { overlapSeconds } from '../../src/advise/overlap.js';
import type { Strategy } from '../../src/cluster/kubelet/secret-manager/strategies.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import type { SpecInput } from '../../src/experiment/language/schema.js';
import { modelOf } from '../../src/validation/model.js';

function input(strategy: Strategy, release: '1.20' | '1.28' | '1.33', kubelet: SpecInput['kubelet'] = {}) {
  return modelOf({
    cluster: { nodes: 100, podsPerNode: 10, kubernetesVersion: release, serviceAccountMaterial: 'none' },
    kubelet: { configMapAndSecretChangeDetectionStrategy: strategy, nodeTTL: '300s', ...kubelet },
    objects: [{ name: 'shared', kind: 'Secret', scope: 'cluster' }],
    warmup: '0s',
    duration: '10s',
    timeline: [{ at: '1s', update: 'shared' }],
  });
}

describe('the overlap of old and new keys', () => {
  it('is the longest sync interval, a tick and the volume loops under Watch and Get, a little less for few pods', () => {
    for (const strategy of ['Watch', 'Get'] as const) {
      expect(overlapSeconds(input(strategy, '1.33'), 10_000, [])).to.be.within(91, 92);
      expect(overlapSeconds(input(strategy, '1.33'), 1, [])).to.be.within(89, 90);
    }
  });

  it('follows syncFrequency', () => {
    expect(overlapSeconds(input('Watch', '1.33', { syncFrequency: '10s' }), 10_000, [])).to.be.within(16, 17);
  });

  it('has the longest TTL of the nodes on top under Cache, where the release keeps entries for it; 60 s without', () => {
    expect(overlapSeconds(input('Cache', '1.33'), 100, [15, 300])).to.be.within(390, 393);
    expect(overlapSeconds(input('Cache', '1.20'), 100, [15, undefined])).to.be.within(150, 153);
    expect(overlapSeconds(input('Cache', '1.28'), 100, [300])).to.be.within(90, 93);
  });

  it('is nothing where no pod sees updates', () => {
    expect(overlapSeconds(input('Watch', '1.33'), 0, [])).to.equal(0);
  });

  it('covers the last pod of simulated rotations, and is not much longer', () => {
    for (const [strategy, release, slack] of [
      ['Watch', '1.33', 8],
      ['Get', '1.33', 8],
      // Rarely does an entry run out just before a pod's sync that is the last of 1,000 in its interval.
      ['Cache', '1.33', 25],
      ['Cache', '1.28', 8],
    ] as const) {
      const model = input(strategy, release);
      const overlap = overlapSeconds(model, 1000, [300]);
      const last = [1, 2, 3, 4, 5].map((replication) => simulate(model, replication).metrics.last_pod_max_s ?? NaN);
      expect(Math.max(...last), `${strategy} ${release}`).to.be.within(overlap - slack, overlap);
    }
  });
});
