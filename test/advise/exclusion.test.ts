import { expect } from 'chai';
import { configMap, pod, type Fields } from '../import/kubernetes.js';
import { adviceOf, datedNode, find, mounting, oldSecret, written } from './fixtures.js';

const NODE = datedNode('node-1');

/** Reason and words for a Secret that a pod mounts. */
async function judged(metadata: Fields, fields: Fields = {}, pods = [mounting('p', 's')], days = 30) {
  const { exclusion } = find(await adviceOf([NODE, oldSecret('s', metadata, fields), ...pods], {}, days), 's');
  return exclusion;
}

describe('objects that are not to be marked immutable', () => {
  it('are none of those that nobody has changed', async () => {
    expect(await judged({})).to.equal(null);
  });

  const owned = (kind: string): Fields => ({ ownerReferences: [{ kind, name: 'x', controller: true }] });
  const annotated = (key: string): Fields => ({ annotations: { [key]: 'x' } });
  const labelled = (key: string): Fields => ({ labels: { [key]: 'true' } });
  const cases: readonly [string, Fields, string][] = [
    ['of cert-manager', annotated('cert-manager.io/certificate-name'), 'rewritten by a tool'],
    ['that cert-manager labels', labelled('controller.cert-manager.io/fao'), 'rewritten by a tool'],
    ['of external-secrets', annotated('reconcile.external-secrets.io/data-hash'), 'rewritten by a tool'],
    ['that External Secrets merges into', labelled('reconcile.external-secrets.io/managed'), 'rewritten by a tool'],
    ['of the Vault Secrets Operator', labelled('secrets.hashicorp.com/vso-ownerRefUID'), 'rewritten by a tool'],
    ['that a CSI driver syncs', labelled('secrets-store.csi.k8s.io/managed'), 'rewritten by a tool'],
    [
      'written by External Secrets',
      { managedFields: [written('2025-01-01T00:00:00Z', 'externalsecrets.external-secrets.io/x')] },
      'rewritten by a tool',
    ],
    ['owned by an ExternalSecret', owned('ExternalSecret'), 'has an owner'],
    ['owned by a Certificate', owned('Certificate'), 'has an owner'],
    ['of a Helm release', annotated('meta.helm.sh/release-name'), 'rewritten by a tool'],
    ['written by helm', { managedFields: [written('2025-01-01T00:00:00Z', 'helm')] }, 'rewritten by a tool'],
    ['owned by a SealedSecret', owned('SealedSecret'), 'has an owner'],
    ['that Argo CD applies', annotated('argocd.argoproj.io/tracking-id'), 'applied from git'],
    ['that Flux applies', labelled('kustomize.toolkit.fluxcd.io/name'), 'applied from git'],
    [
      'that Flux wrote',
      { managedFields: [written('2025-01-01T00:00:00Z', 'kustomize-controller')] },
      'applied from git',
    ],
    ['of a leader election', annotated('control-plane.alpha.kubernetes.io/leader'), 'leader election'],
  ];
  for (const [name, metadata, reason] of cases) {
    it(`are those ${name}`, async () => {
      expect((await judged(metadata))?.reason).to.equal(reason);
    });
  }

  it('are those that a resource in the dump asks for, although their own metadata say nothing', async () => {
    const item = {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 's', namespace: 'shop' },
      spec: { refreshInterval: '1h' },
    };
    const { exclusion } = find(await adviceOf([NODE, oldSecret('s'), mounting('p', 's'), item]), 's');
    expect(exclusion).to.deep.equal({ reason: 'rewritten by a tool', why: 'external-secrets follows its store' });
  });

  it('are not settings of Argo CD itself, which people write', async () => {
    expect(await judged(labelled('argocd.argoproj.io/secret-type'))).to.equal(null);
  });

  it('are told to be marked in git where they come from there', async () => {
    expect((await judged(annotated('argocd.argoproj.io/tracking-id')))?.why).to.equal(
      'Argo CD applies it from git: mark it there, under a name that changes with its content',
    );
  });

  it('are those that hold a certificate, whoever renews it', async () => {
    expect(await judged({}, { type: 'kubernetes.io/tls' })).to.deep.equal({
      reason: 'TLS certificate',
      why: 'it expires; its renewal is an update',
    });
  });

  it('are not those that kubectl applied', async () => {
    expect(await judged(annotated('kubectl.kubernetes.io/last-applied-configuration'))).to.equal(null);
  });

  it('are those whose content changed lately, seen from the newest time in the dump', async () => {
    const changed = { managedFields: [written('2026-02-10T00:00:00Z', 'kubectl-edit')] };
    expect(await judged(changed)).to.deep.equal({
      reason: 'recently updated',
      why: 'changed by kubectl-edit 19 days before the newest time',
    });
    expect(await judged(changed, {}, [mounting('p', 's')], 19), 'with a shorter threshold').to.equal(null);
  });

  it('are not those of which only labels changed', async () => {
    const labelled = written('2026-02-28T00:00:00Z', 'kubectl-label', { 'f:metadata': { 'f:labels': {} } });
    expect(await judged({ managedFields: [labelled] })).to.equal(null);
  });

  it('are those younger than the threshold, for that they were never changed says little', async () => {
    const created = { creationTimestamp: '2026-02-20T00:00:00Z', managedFields: [written('2026-02-20T00:00:01Z')] };
    const why = { reason: 'recently created', why: 'created 9 days before the newest time' };
    expect(await judged(created)).to.deep.equal(why);
    expect(await judged({ ...created, managedFields: undefined }), 'managedFields left out').to.deep.equal(why);
    expect(await judged(created, {}, [mounting('p', 's')], 9), 'as old as the threshold').to.equal(null);
  });

  it('are immutable, missing, unused and optional ones, tokens and roots of trust', async () => {
    const token = { type: 'kubernetes.io/service-account-token' };
    const ca = pod('q', { volumes: [{ name: 'v', configMap: { name: 'kube-root-ca.crt' } }] });
    const advice = await adviceOf([
      NODE,
      oldSecret('immutable', {}, { immutable: true }),
      oldSecret('unused'),
      oldSecret('optional'),
      oldSecret('token', {}, token),
      configMap('kube-root-ca.crt'),
      ...['immutable', 'token'].map((name) => mounting(`p-${name}`, name)),
      { ...mounting('p-missing', 'missing'), status: { phase: 'Pending' } },
      mounting('p-unseen', 'unseen'),
      mounting('p-optional', 'optional', 'node-1', true),
      ca,
    ]);
    const counted = advice.excluded.map(({ reason, objects, watches }) => ({ reason, objects, watches }));
    expect(counted).to.deep.equal([
      { reason: 'already immutable', objects: 1, watches: 0 },
      { reason: 'missing', objects: 1, watches: 1 },
      { reason: 'not in the input', objects: 1, watches: 1 },
      { reason: 'not used', objects: 1, watches: 0 },
      { reason: 'service-account token', objects: 1, watches: 1 },
      { reason: 'root CA', objects: 1, watches: 1 },
      { reason: 'optional', objects: 1, watches: 1 },
    ]);
  });

  it('are those that pods have only in environment variables, but not imagePullSecrets, which each sync reads', async () => {
    const env = pod('p', { containers: [{ envFrom: [{ secretRef: { name: 'env' } }] }] });
    const pull = pod('q', { imagePullSecrets: [{ name: 'pull' }] });
    const advice = await adviceOf([NODE, oldSecret('env'), oldSecret('pull'), env, pull]);
    expect(find(advice, 'env').exclusion?.reason).to.equal('env only');
    expect(find(advice, 'env').use).to.include({ envPods: 1, watches: 0 });
    expect(find(advice, 'pull').exclusion).to.equal(null);
    expect(find(advice, 'pull').use.closable).to.equal(1);
  });

  it('are all under Cache, where marking saves nothing; reasons that hold anyway come first', async () => {
    const cache = { configMapAndSecretChangeDetectionStrategy: 'Cache' } as const;
    const items = [NODE, oldSecret('s'), oldSecret('unused'), mounting('p', 's')];
    const advice = await adviceOf(items, cache);
    expect(find(advice, 's').exclusion?.reason).to.equal('saves nothing');
    expect(find(advice, 'unused').exclusion?.reason).to.equal('not used');
    expect(advice.underWatch).to.deep.equal({ open: 1, objects: 1, saved: 1 });
  });

  it('cannot be told by their writers where kubectl left out managedFields: a warning asks for them', async () => {
    const advice = await adviceOf([NODE, oldSecret('s', { managedFields: undefined }), mounting('p', 's')]);
    expect(advice.warnings.join())
      .to.contain('no object in the input has managedFields')
      .and.contain('--show-managed-fields');
  });
});
