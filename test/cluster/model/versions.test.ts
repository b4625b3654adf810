import { expect } from 'chai';
import { behavioursOf, kubeletClientLimits, RELEASES } from '../../../src/cluster/model/versions.js';
import { ttlSecondsFor } from '../../../src/cluster/kube-controller-manager/ttl-controller.js';

/** The releases at which a behaviour differs from the release before. */
const changes = (of: (release: string) => unknown): string[] =>
  RELEASES.filter((release, i) => i > 0 && of(release) !== of(RELEASES[i - 1]));

describe('behaviours by release', () => {
  it('change where Kubernetes changed', () => {
    const at = (release: string) => behavioursOf(release, release);
    expect(changes((r) => at(r).cacheInvalidation)).to.deep.equal(['1.22', '1.29']);
    expect(changes((r) => at(r).idleStop)).to.deep.equal(['1.21']);
    expect(changes((r) => at(r).minWatchTimeout)).to.deep.equal(['1.31']);
    expect(changes((r) => at(r).initialSync)).to.deep.equal(['1.35']);
    expect(changes((r) => at(r).http2MaxStreams)).to.deep.equal(['1.25']);
    expect(changes((r) => at(r).efficientWatchResumption)).to.deep.equal(['1.21']);
    expect(changes((r) => at(r).serviceAccountMaterial)).to.deep.equal(['1.21']);
    expect(changes((r) => kubeletClientLimits(r).qps)).to.deep.equal(['1.27']);
  });

  it('follow the kubelet or the server, whichever has the mechanism', () => {
    const mixed = behavioursOf('1.31', '1.28');
    expect(mixed).to.include({ cacheInvalidation: 'everySync', minWatchTimeout: 300, http2MaxStreams: 100 });
    expect(behavioursOf('1.36', '1.35').initialSync).to.equal('watchList');
    expect(behavioursOf('1.33', '1.35').initialSync).to.equal('list');
  });

  it('are unknown for an unknown release', () => {
    expect(() => behavioursOf('1.19', '1.19')).to.throw(RangeError, /1\.19/);
  });
});

describe('the TTL controller', () => {
  it('steps at 100, 500, 1,000, 2,000 and 10,000 nodes', () => {
    const sizes = [1, 100, 101, 500, 501, 1000, 1001, 2000, 2001, 10000, 10001];
    const at = (release: string) =>
      sizes.map((nodes) => ttlSecondsFor(nodes, behavioursOf(release, release).ttlBoundaries));
    expect(at('1.24')).to.deep.equal([0, 0, 15, 15, 30, 30, 60, 60, 300, 300, 600]);
    expect(at('1.25')).to.deep.equal([0, 0, 15, 15, 30, 30, 60, 60, 300, 300, 300]);
  });
});
