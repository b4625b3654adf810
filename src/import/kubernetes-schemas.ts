import { z } from 'zod';
import { OBJECT_BYTES_MAX } from '../experiment/fields.js';
import { historyFields } from './object-history.js';
import { base64Bytes, utf8Bytes } from './text-bytes.js';

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
  .regex(/^[^/\p{Cc}]*$/u, 'a name has no slash and no control characters');

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);

/** A reference by name. An empty name refers to nothing: the kubelet passes it over. */
const reference = z.object({ name: text, optional: flag }).nullish();
export type Reference = z.output<typeof reference>;

const secretReference = z.object({ secretRef: reference }).nullish();

export const nodeSchema = z.object({
  metadata: z.object({
    name,
    annotations: z.object({ 'node.alpha.kubernetes.io/ttl': z.string().optional() }).nullish(),
  }),
  status: z.object({ nodeInfo: z.object({ kubeletVersion: text }).nullish() }).nullish(),
});

const container = z.object({
  env: listOf(z.object({ valueFrom: z.object({ secretKeyRef: reference, configMapKeyRef: reference }).nullish() })),
  envFrom: listOf(z.object({ secretRef: reference, configMapRef: reference })),
  volumeMounts: listOf(z.object({ name: text, subPath: text, subPathExpr: text })),
});
export type Container = z.output<typeof container>;

const volume = z.object({
  name: text,
  secret: z.object({ secretName: text, optional: flag }).nullish(),
  configMap: reference,
  projected: z.object({ sources: listOf(z.object({ secret: reference, configMap: reference })) }).nullish(),
  azureFile: z.object({ secretName: text }).nullish(),
  csi: z.object({ nodePublishSecretRef: reference }).nullish(),
  cephfs: secretReference,
  cinder: secretReference,
  flexVolume: secretReference,
  iscsi: secretReference,
  rbd: secretReference,
  scaleIO: secretReference,
  storageos: secretReference,
});
export type Volume = z.output<typeof volume>;

export const podSchema = z.object({
  metadata: z.object({
    name,
    namespace: name,
    labels: z.object({ 'pod-template-hash': z.string().optional(), component: z.string().optional() }).nullish(),
    ownerReferences: listOf(z.object({ kind: text, name: text, controller: flag })),
  }),
  spec: z.object({
    nodeName: text,
    initContainers: listOf(container),
    containers: listOf(container),
    ephemeralContainers: listOf(container),
    volumes: listOf(volume),
    imagePullSecrets: listOf(z.object({ name: text })),
  }),
  status: z.object({ phase: text }).nullish(),
});
export type Pod = z.output<typeof podSchema>;

/** Bytes of a Secret's or ConfigMap's content. */
export interface ContentSize {
  readonly keys: number;
  readonly values: number;
}

/** The size of a map of values, in place of the values. */
const sizeOf = (bytesOf: (text: string) => number) =>
  z
    .record(z.string(), z.string().nullable(), 'expected keys with text as values')
    .nullish()
    .transform((data): ContentSize => {
      const entries = Object.entries(data ?? {});
      return {
        keys: entries.reduce((bytes, [key]) => bytes + utf8Bytes(key), 0),
        values: entries.reduce((bytes, [, value]) => bytes + bytesOf(value ?? ''), 0),
      };
    });

const objectMetadata = z.object({ name, namespace: name, ...historyFields });

export const secretSchema = z.object({
  metadata: objectMetadata,
  type: text,
  immutable: flag,
  data: sizeOf(base64Bytes),
  stringData: sizeOf(utf8Bytes),
});

export const configMapSchema = z.object({
  metadata: objectMetadata,
  immutable: flag,
  data: sizeOf(utf8Bytes),
  binaryData: sizeOf(base64Bytes),
});

/** Bytes of all keys and values. A reason where the API server would not have accepted the object. */
export function contentSize(parts: readonly ContentSize[]): { readonly bytes: number; readonly problem?: string } {
  const values = parts.reduce((sum, part) => sum + part.values, 0);
  const bytes = parts.reduce((sum, part) => sum + part.keys, values);
  if (values <= OBJECT_BYTES_MAX) return { bytes };
  const problem = `holds ${values} bytes; Kubernetes stores at most ${OBJECT_BYTES_MAX} (1 MiB, MaxSecretSize) in one object`;
  return { bytes, problem };
}
