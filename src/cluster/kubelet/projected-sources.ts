import { WatchersByKind } from '../client-go/watchers-by-kind.js';
import type { Watchers } from '../kube-apiserver/callers.js';
import { KIND } from '../model/kinds.js';
import { ClusterTrustBundleManager } from './cluster-trust-bundle-manager.js';
import { ManagersByKind } from './managers-by-kind.js';
import { PodCertificateManager } from './pod-certificate-manager.js';
import type { ObjectManager } from './secret-manager/manager.js';
import { SecretsStoreManager } from './secrets-store-manager.js';
import type { ChangeDetectionStrategy, Clients, CoupledManaged, ManagerParts } from './secret-manager/strategy.js';

/**
 * The managers of all that volumes are filled from: those of a change detection strategy, and beside them those of
 * ClusterTrustBundles, of pod certificates and of the Secrets Store CSI driver, where pods mount any.
 */
export function managersOf(
  { coupled }: ChangeDetectionStrategy,
  parts: ManagerParts,
  clients: Clients,
): CoupledManaged {
  const { input, population } = parts.world;
  const { clusterTrustBundles, podCertificates, operators } = input;
  const secretsStore = population.objectKind.includes(KIND.SecretProviderClass) ? operators?.secretsStore : undefined;
  if (clusterTrustBundles === undefined && podCertificates === undefined && secretsStore === undefined)
    return coupled(parts, clients);
  const handingOver = (manager: () => ObjectManager): ManagerParts => {
    const resume = (read: number): void => {
      all.takeOver(manager());
      parts.listener.resume(read);
    };
    return { ...parts, listener: { ...parts.listener, resume } };
  };
  const objects = coupled(
    handingOver(() => objects.manager),
    clients,
  );
  const managers = new Map<number, ObjectManager>();
  const watchers = new Map<number, Watchers>();
  if (clusterTrustBundles !== undefined) {
    const bundles: ClusterTrustBundleManager = new ClusterTrustBundleManager(
      handingOver(() => bundles),
      clients,
    );
    managers.set(KIND.ClusterTrustBundle, bundles);
    watchers.set(KIND.ClusterTrustBundle, bundles.reflectors);
  }
  if (podCertificates !== undefined) {
    const certificates = new PodCertificateManager(parts, clients, podCertificates);
    managers.set(KIND.PodCertificateRequest, certificates);
    watchers.set(KIND.PodCertificateRequest, certificates.informers);
  }
  if (secretsStore !== undefined && clients.store !== null)
    managers.set(KIND.SecretProviderClass, new SecretsStoreManager(parts.world, clients.store, secretsStore));
  const all = new ManagersByKind(population, clients, objects.manager, managers);
  return { manager: all, watchers: new WatchersByKind(population, clients.requests, objects.watchers, watchers) };
}
