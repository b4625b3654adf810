import * as z from 'zod';
import { historyFields } from './object-history.js';
import { asksForReload } from './owners/reloader.js';
import { driverFlags } from './owners/secrets-store-driver.js';
import { encodedBytes, plainBytes, sizeOf, type ContentSize, type Values } from './content-size.js';

/** Fields as the API server serves them; fields that are not named here are dropped. Go writes null for an absent list. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** Names reach files and paths: no slash, which separates namespace and name, and no control characters. */
const name = z
  .string()
  .min(1, 'a name must not be empty')
  .max(253, 'a name has at most 253 characters')
  .regex(/^[^/\p{Cc}\p{Cs}]*$/u, 'a name has no slash and no control characters');

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);

/**
 * A name that a pod refers to. The API server takes any text (`ValidateSecretVolumeSource`), and no object is called
 * `a/b`: what files and paths cannot hold becomes an underscore, which no name of an object has.
 */
const referred = text
  .transform((value) => value.replace(/[/\p{Cc}\p{Cs}]/gu, '_'))
  .transform((value) => (value.length > 253 ? `${value.slice(0, 252)}_` : value));

/** A reference by name. An empty name refers to nothing: the kubelet passes it over. */
const reference = z.object({ name: referred, optional: flag }).nullish();
export type Reference = z.output<typeof reference>;

const secretReference = z.object({ secretRef: reference }).nullish();

/** What tells of two readings of an object which is the newer. */
const versionFields = { uid: text, resourceVersion: text };

export const nodeSchema = z.object({
  metadata: z.object({
    name,
    annotations: z.object({ 'node.alpha.kubernetes.io/ttl': z.string().optional() }).nullish(),
    labels: z.record(z.string(), z.unknown()).nullish(),
    ...versionFields,
  }),
  status: z.object({ nodeInfo: z.object({ kubeletVersion: text }).nullish() }).nullish(),
});

const container = z.object({
  name: text,
  image: text,
  args: z.array(z.unknown()).nullish().transform(driverFlags),
  env: listOf(z.object({ valueFrom: z.object({ secretKeyRef: reference, configMapKeyRef: reference }).nullish() })),
  envFrom: listOf(z.object({ secretRef: reference, configMapRef: reference })),
  volumeMounts: listOf(z.object({ name: text, subPath: text, subPathExpr: text })),
});
export type Container = z.output<typeof container>;

/** A label selector as the API server serves it (`metav1.LabelSelector`); labels are compared, and not kept. */
const labelSelector = z
  .object({
    matchLabels: z.record(z.string(), z.string()).nullish(),
    matchExpressions: z
      .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
      .nullish(),
  })
  .nullish();
export type LabelSelector = NonNullable<z.output<typeof labelSelector>>;

/** A source of a projected volume: one bundle by its name, or those of a signer. */
const bundleSource = z.object({ name: referred, signerName: text, labelSelector, optional: flag }).nullish();
export type BundleSource = z.output<typeof bundleSource>;

const volume = z.object({
  name: text,
  secret: z.object({ secretName: referred, optional: flag }).nullish(),
  configMap: reference,
  projected: z
    .object({
      sources: listOf(
        z.object({
          secret: reference,
          configMap: reference,
          clusterTrustBundle: bundleSource,
          podCertificate: z.object({}).nullish(),
        }),
      ),
    })
    .nullish(),
  azureFile: z.object({ secretName: referred }).nullish(),
  csi: z
    .object({
      driver: text,
      volumeAttributes: z.object({ secretProviderClass: referred.optional() }).nullish(),
      nodePublishSecretRef: reference,
    })
    .nullish(),
  cephfs: secretReference,
  cinder: secretReference,
  flexVolume: secretReference,
  iscsi: secretReference,
  rbd: secretReference,
  scaleIO: secretReference,
  storageos: secretReference,
});
export type Volume = z.output<typeof volume>;

/** Labels by which distributions say what a pod of the control plane is. */
export const ROLE_LABELS = ['component', 'k8s-app', 'app', 'app.kubernetes.io/component', 'app.kubernetes.io/name'];

/** The labels that are looked at; the values of others are dropped. */
const LABELS = ['pod-template-hash', ...ROLE_LABELS];
const podLabels = (
  labels: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Partial<Record<string, string>>> =>
  Object.fromEntries(
    LABELS.flatMap((label) => {
      const value = labels?.[label];
      return typeof value === 'string' ? [[label, value]] : [];
    }),
  );

/** What annotations tell of a pod; their values are dropped. */
const podAnnotations = (annotations: Readonly<Record<string, unknown>> | null | undefined) => ({
  isMirror: annotations?.['kubernetes.io/config.mirror'] !== undefined,
  asksForReload: asksForReload(annotations),
});

const nodeReference = text.refine((value) => value === '' || name.safeParse(value).success, {
  message: 'a name has no slash and no control characters, and at most 253 characters',
});

/** A kubelet says here which object a container waits for. */
const containerStatuses = listOf(
  z.object({ state: z.object({ waiting: z.object({ message: text }).nullish() }).nullish() }),
);

export const podSchema = z.object({
  metadata: z.object({
    name,
    namespace: name,
    labels: z.record(z.string(), z.unknown()).nullish().transform(podLabels),
    annotations: z.record(z.string(), z.unknown()).nullish().transform(podAnnotations),
    ownerReferences: listOf(z.object({ kind: text, name: text, controller: flag })),
    deletionTimestamp: text,
    ...versionFields,
  }),
  spec: z.object({
    nodeName: nodeReference,
    initContainers: listOf(container),
    containers: listOf(container),
    ephemeralContainers: listOf(container),
    volumes: listOf(volume),
    imagePullSecrets: listOf(z.object({ name: referred })),
  }),
  status: z.object({ phase: text, initContainerStatuses: containerStatuses, containerStatuses }).nullish(),
});
export type Pod = z.output<typeof podSchema>;

const objectMetadata = z.object({ name, namespace: name, uid: text, ...historyFields });

/** The size of a map of values, in place of the values. */
const contentOf = (bytesOf: (text: string) => number | null, isValue = isTextOrLength) =>
  z
    .custom<Values>((data) => isContent(data, isValue), 'expected keys with text as values')
    .nullish()
    .transform((data): ContentSize => sizeOf(data ?? {}, bytesOf));

/** A map of texts, told by its entries: a record of zod's leaves out a key `__proto__`, whose value has bytes, too. */
function isContent(data: unknown, isValue: (value: unknown) => boolean): boolean {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return Object.values(data).every(isValue);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === null;
}

function isTextOrLength(value: unknown): boolean {
  return isText(value) || typeof value === 'number';
}

export const secretSchema = z.object({
  metadata: objectMetadata,
  type: text,
  immutable: flag,
  data: contentOf(encodedBytes),
  // No server serves it, so that no tool has put lengths into it: a number is what somebody wrote.
  stringData: contentOf(plainBytes, isText),
});

export const clusterTrustBundleSchema = z.object({
  metadata: objectMetadata.omit({ namespace: true }).extend({ labels: z.record(z.string(), z.unknown()).nullish() }),
  spec: z.object({
    signerName: text,
    trustBundle: text.transform((value) => sizeOf({ trustBundle: value }, plainBytes)),
  }),
});

export const configMapSchema = z.object({
  metadata: objectMetadata,
  immutable: flag,
  data: contentOf(plainBytes),
  binaryData: contentOf(encodedBytes),
});
