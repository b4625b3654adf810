import { expect } from 'chai';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { changesOf, type Wanted } from '../../src/whatif/changes.js';
import type { SpecInput } from '../../src/experiment/language/schema.js';

const texts = (spec: SpecInput, wanted: Wanted): string[] =>
  changesOf(spec, wanted).map(({ path, now, then }) => `${path} ${now} ${then}`);

describe('what a question changes', () => {
  it('is the release of servers and kubelets, which follow where nothing else is said of them', () => {
    expect(texts({ cluster: { kubernetesVersion: '1.30' } }, { upgrade: '1.37' })).to.deep.equal([
      'cluster.kubernetesVersion 1.30 1.37',
    ]);
    const behind = { cluster: { kubernetesVersion: '1.30', kubeletVersion: '1.28' } } as const;
    expect(texts(behind, { upgrade: '1.30' })).to.deep.equal(['cluster.kubeletVersion 1.28 1.30']);
    expect(texts(behind, { upgrade: '1.31' })).to.deep.equal([
      'cluster.kubernetesVersion 1.30 1.31',
      'cluster.kubeletVersion 1.28 1.31',
    ]);
  });

  it('is what two kubelet configurations differ in: what neither names is at the default of its release', () => {
    const spec: SpecInput = {
      cluster: { kubernetesVersion: '1.26' },
      kubelet: { syncFrequency: '60s', configMapAndSecretChangeDetectionStrategy: 'Cache', kubeAPIQPS: 50 },
    };
    expect(texts(spec, { kubelet: { syncFrequency: '1m' } })).to.deep.equal([
      'kubelet.configMapAndSecretChangeDetectionStrategy Cache Watch',
      'kubelet.kubeAPIQPS 50 5',
    ]);
    expect(texts(spec, { kubelet: { syncFrequency: '20s' }, upgrade: '1.27' })).to.deep.equal([
      'cluster.kubernetesVersion 1.26 1.27',
      'kubelet.configMapAndSecretChangeDetectionStrategy Cache Watch',
      'kubelet.syncFrequency 60s 20s',
    ]);
  });

  it('is the scale on top of one that the cluster has', () => {
    expect(texts({ cluster: { topology: 't.json', scale: 2 } }, { scale: 1.5 })).to.deep.equal(['cluster.scale 2 3']);
  });

  it('is refused where a wish changes nothing, or cannot be granted', () => {
    const refused = (spec: SpecInput, wanted: Wanted): string => {
      try {
        changesOf(spec, wanted);
      } catch (error) {
        if (error instanceof InputError) return error.problems[0];
      }
      return '';
    };
    expect(refused({}, { upgrade: '1.37' })).to.match(/^--upgrade: the kubelets are of 1.37 already/);
    expect(refused({ cluster: { kubernetesVersion: '1.34', kubeletVersion: '1.32' } }, { upgrade: '1.33' })).to.match(
      /^--upgrade: the API servers are of 1.34 already, which is newer than 1.33/,
    );
    expect(refused({}, { kubelet: {} })).to.match(/^--kubelet: .*nothing would change/);
    expect(refused({}, { scale: 2 })).to.match(/^--scale: enlarges a real cluster/);
  });
});
