import type { ConsumptionMode, ObjectKind } from '../cluster/model/kinds.js';
import type { BundleSource, Container, Pod, Reference, Volume } from './kubernetes-schemas.js';
import { SECRETS_STORE_DRIVER } from './owners/secrets-store-driver.js';
import { type BundleSelector, signerPrefix } from './trust-bundles.js';

/** One use of an object by a pod, before the object is looked up. */
export interface NamedUse {
  readonly kind: ObjectKind;
  /** In the pod's own namespace; a ClusterTrustBundle is in none. */
  readonly name: string;
  readonly as: ConsumptionMode;
  /** Uses with the same number are sources of one volume, in order. */
  readonly volume?: number;
  readonly optional: boolean;
  /** Of ClusterTrustBundles that are selected by their signer; `name` stands for them until they are known. */
  readonly selects?: BundleSelector;
}

/** An object that a volume is filled from. */
interface Source {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly optional: boolean;
  readonly selects?: BundleSelector;
}

/**
 * Everything that a pod takes from Secrets, ConfigMaps, ClusterTrustBundles and the Secrets Store CSI driver (facts:
 * `pkg/api/v1/pod/util.go` VisitPodSecretNames, VisitPodConfigmapNames; `pkg/kubelet/kubelet_pods.go`):
 * volumes, then environment variables, then imagePullSecrets. Containers of all sorts count: init
 * containers, containers, ephemeral containers.
 */
export function podUses({ metadata, spec }: Pod): NamedUse[] {
  const containers = [...spec.initContainers, ...spec.containers, ...spec.ephemeralContainers];
  return [
    ...volumeUses(metadata.name, spec.volumes, containers),
    ...environmentUses(spec.volumes, containers),
    ...pullSecretUses(spec),
  ];
}

/**
 * A volume is mounted by the kubelet whether or not a container asks for it. One that containers see
 * only through subPath is read all the same, but the containers keep the file that they started with.
 */
function volumeUses(pod: string, volumes: readonly Volume[], containers: readonly Container[]): NamedUse[] {
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts);
  const uses: NamedUse[] = [];
  let number = 0;
  for (const volume of volumes) {
    const sources = sourcesOf(pod, volume);
    if (sources.length === 0) continue;
    const own = mounts.filter((mount) => mount.name === volume.name);
    const partial = own.filter((mount) => mount.subPath !== '' || mount.subPathExpr !== '');
    const whole = own.length > partial.length || own.length === 0;
    const mode = volume.projected ? 'projected' : 'volume';
    const modes: ConsumptionMode[] = [
      ...(whole ? ([mode] as const) : []),
      ...(partial.length > 0 ? (['subPath'] as const) : []),
    ];
    for (const as of modes) for (const source of sources) uses.push({ ...source, as, volume: number });
    number++;
  }
  return uses;
}

/** Tokens and the downward API have no object of their own: they add nothing. */
function sourcesOf(pod: string, { name, secret, configMap, projected, csi }: Volume): Source[] {
  return [
    ...providerClassOf(csi),
    ...sourceOf('Secret', secret && { name: secret.secretName, optional: secret.optional }),
    ...sourceOf('ConfigMap', configMap),
    ...(projected?.sources ?? []).flatMap((source, index) => [
      ...sourceOf('Secret', source.secret),
      ...sourceOf('ConfigMap', source.configMap),
      ...bundlesOf(source.clusterTrustBundle),
      ...(source.podCertificate ? [certificateOf(pod, `${name}-${index}`)] : []),
    ]),
  ];
}

/** The Secrets Store CSI driver fills a volume from what its SecretProviderClass names: no API server has it. */
function providerClassOf(csi: Volume['csi']): Source[] {
  if (csi?.driver !== SECRETS_STORE_DRIVER) return [];
  const name = csi.volumeAttributes?.secretProviderClass ?? '';
  return sourceOf('SecretProviderClass', { name, optional: false });
}

/**
 * By name, or by signer and labels. Without a selector nothing is selected (`GetTrustAnchorsBySigner`: nil matches
 * nothing), so that there is nothing to be read.
 */
function bundlesOf(source: BundleSource): Source[] {
  if (!source) return [];
  const { name, signerName, labelSelector, optional } = source;
  if (name !== '') return [{ kind: 'ClusterTrustBundle', name, optional }];
  if (signerName === '' || !labelSelector) return [];
  const selects = { signerName, labels: labelSelector };
  return [{ kind: 'ClusterTrustBundle', name: signerPrefix(signerName), optional, selects }];
}

/** A certificate is its pod's alone: requests for it have no lasting name, so that it is called after pod and volume. */
function certificateOf(pod: string, source: string): Source {
  const name = `${source}.${pod}`.replace(/[/\p{Cc}\p{Cs}]/gu, '_').slice(0, 253);
  return { kind: 'PodCertificateRequest', name, optional: false };
}

function sourceOf(kind: ObjectKind, reference: Reference): Source[] {
  return reference && reference.name !== '' ? [{ kind, name: reference.name, optional: reference.optional }] : [];
}

/**
 * What is read when a container is created and never again: environment variables, and the credentials
 * that storage drivers read when they mount (CSI, RBD, CephFS, …; those of persistent volumes are not in
 * a pod). One use per object, optional where every reference is.
 */
function environmentUses(volumes: readonly Volume[], containers: readonly Container[]): NamedUse[] {
  const references = [
    ...containers.flatMap(({ env, envFrom }) => [
      ...env.flatMap(({ valueFrom }) => [
        ...sourceOf('Secret', valueFrom?.secretKeyRef),
        ...sourceOf('ConfigMap', valueFrom?.configMapKeyRef),
      ]),
      ...envFrom.flatMap(({ secretRef, configMapRef }) => [
        ...sourceOf('Secret', secretRef),
        ...sourceOf('ConfigMap', configMapRef),
      ]),
    ]),
    ...volumes.flatMap((volume) => driverReferences(volume).flatMap((reference) => sourceOf('Secret', reference))),
  ];
  const distinct = new Map<string, Source>();
  for (const reference of references) {
    const key = `${reference.kind}/${reference.name}`;
    const known = distinct.get(key);
    distinct.set(key, { ...reference, optional: reference.optional && (known?.optional ?? true) });
  }
  return [...distinct.values()].map((reference) => ({ ...reference, as: 'env' }));
}

function driverReferences(volume: Volume): Reference[] {
  const { azureFile, csi, cephfs, cinder, flexVolume, iscsi, rbd, scaleIO, storageos } = volume;
  return [
    azureFile && { name: azureFile.secretName, optional: false },
    csi?.nodePublishSecretRef,
    ...[cephfs, cinder, flexVolume, iscsi, rbd, scaleIO, storageos].map((driver) => driver?.secretRef),
  ];
}

/** Read at every sync; a pod starts without them, so they are optional whatever they are called. */
function pullSecretUses({ imagePullSecrets }: Pod['spec']): NamedUse[] {
  const names = new Set(imagePullSecrets.map(({ name }) => name).filter((name) => name !== ''));
  return [...names].map((name) => ({ kind: 'Secret', name, as: 'imagePullSecret', optional: true }));
}

/** What a kubelet writes where a variable's object does not exist (`kubelet_pods.go` makeEnvironmentVariables). */
const NOT_FOUND = /^(secret|configmap) "([^"]{1,253})" not found$/i;

/** `Secret/name` of each object that the pod's kubelet says does not exist. */
export function objectsNotFound({ status }: Pod): string[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.flatMap(({ state }) => {
    const found = NOT_FOUND.exec(state?.waiting?.message ?? '');
    return found === null ? [] : [`${found[1].toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'}/${found[2]}`];
  });
}
