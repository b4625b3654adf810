import { expect } from 'chai';
import { experimentOf } from '../../../src/experiment/language/load-experiment.js';
import { InputError } from '../../../src/experiment/language/values/input-error.js';

const ROOTS = { name: 'roots', kind: 'ClusterTrustBundle', scope: 'cluster', as: 'projected' };
const IDENTITY = { name: 'identity', kind: 'PodCertificateRequest', scope: 'pod', as: 'projected' };

const document = (objects: readonly object[], kubernetesVersion: string, more: object = {}): object => ({
  apiVersion: 'secretsim/v1',
  kind: 'Experiment',
  metadata: { name: 'sources' },
  spec: { cluster: { nodes: 2, podsPerNode: 2, kubernetesVersion }, objects, ...more },
});

/** The problems of an experiment, without their places. */
async function problems(objects: readonly object[], kubernetesVersion = '1.37', more: object = {}): Promise<string[]> {
  try {
    await experimentOf(document(objects, kubernetesVersion, more));
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => problem.slice(problem.indexOf('spec.')));
  }
}

describe('classes of what only projected volumes have', () => {
  it('are taken from the release on whose kubelets have it', async () => {
    expect(await problems([ROOTS], '1.33')).to.deep.equal([]);
    expect(await problems([IDENTITY], '1.34')).to.deep.equal([]);
    expect(await problems([ROOTS], '1.32')).to.deep.equal([
      'spec.objects.0.kind: kubelets project a ClusterTrustBundle from 1.33 on (the alpha of 1.29 is not modelled), these are of 1.32: take 1.33 or newer',
    ]);
    expect(await problems([ROOTS, IDENTITY], '1.33')).to.deep.equal([
      'spec.objects.1.kind: kubelets project a PodCertificateRequest from 1.34 on, these are of 1.33: take 1.34 or newer',
    ]);
  });

  it('are projected, in the scope that they have, and never immutable', async () => {
    const wrong = [
      { ...ROOTS, as: 'env', scope: 'namespace' },
      { ...IDENTITY, scope: 'deployment', immutable: true, optional: true, selectedBy: 'name' },
      { name: 'plain', kind: 'Secret', scope: 'cluster', selectedBy: 'nameOfSigned' },
    ];
    expect(await problems(wrong)).to.deep.equal([
      'spec.objects.0.as: a ClusterTrustBundle is a source of projected volumes: write as: projected (or subPath)',
      'spec.objects.0.scope: a ClusterTrustBundle is in no namespace: write scope: cluster',
      'spec.objects.1.selectedBy: belongs to a ClusterTrustBundle, not to a PodCertificateRequest',
      'spec.objects.1.scope: a PodCertificateRequest is of one pod: write scope: pod',
      'spec.objects.1.immutable: a PodCertificateRequest cannot be immutable',
      'spec.objects.1.optional: a PodCertificateRequest cannot be optional',
      'spec.objects.2.selectedBy: belongs to a ClusterTrustBundle, not to a Secret',
    ]);
  });

  it('are changed by a timeline only as somebody can change them', async () => {
    const timeline = [
      { at: '1m', update: 'roots' },
      { at: '2m', markImmutable: 'roots' },
      { at: '3m', update: 'identity' },
    ];
    expect(await problems([ROOTS, IDENTITY], '1.37', { timeline })).to.deep.equal([
      'spec.timeline.1.markImmutable: a ClusterTrustBundle cannot be immutable: take a Secret or a ConfigMap',
      'spec.timeline.2.update: is renewed by the kubelets: nobody else can change it',
    ]);
  });

  it('tell the model what it needs of them, and nothing where there are none', async () => {
    const of = async (objects: readonly object[], more?: object) =>
      (await experimentOf(document(objects, '1.37', more))).scenarios[0].input;
    const without = await of([]);
    expect(without).to.not.have.any.keys('clusterTrustBundles', 'podCertificates');
    const podCertificates = { refreshAfter: '45m', signer: '3s' };
    const { clusterTrustBundles, podCertificates: compiled } = await of([ROOTS, IDENTITY], { podCertificates });
    expect(clusterTrustBundles).to.equal(true);
    expect(compiled).to.deep.equal({ refreshAfterUs: 45 * 60e6, signer: { p50Us: 3e6, p99Us: 3e6 } });
    expect((await of([IDENTITY])).podCertificates?.refreshAfterUs).to.equal(16 * 3600e6);
  });
});
