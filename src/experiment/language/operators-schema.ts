import * as z from 'zod';
import { count, durationField, latencyField, rateField, textField } from './values/fields.js';
import { percentField } from './values/percent-fields.js';

/** More workers, calls at once and groups than any operator has. */
const MANY = 1_000_000;

const enabled = z
  .boolean()
  .default(true)
  .describe('false: as if it were not there; for factors. Choice of this program.');

const objects = (kind: string) =>
  textField({
    description: `The ${kind} that it writes: the name of a class, or namespace/name in an imported cluster; * and ? make it a pattern.`,
  });

const clientLimits = (qps: number, burst: number, source: string) => ({
  kubeAPIQPS: count(`Requests per second of its client. Source: ${source}.`, MANY).default(qps),
  kubeAPIBurst: count(`Requests at once. Source: ${source}.`, MANY).default(burst),
});

const store = z
  .strictObject({
    latency: latencyField({
      p50: '20ms',
      p99: '100ms',
      description: 'From a call until its answer, through the network; of an issuer: the certificate. Assumption.',
    }).prefault({}),
    rateLimit: rateField({
      description:
        'Calls that it answers; others get 429, which clients try again after 1 to 1.5 s. Default: all. Assumption.',
    }).optional(),
    burst: count('Calls at once within the rateLimit; default: those of one second. Assumption.', MANY).optional(),
  })
  .describe('The store outside of the cluster: a vault, a key management service, an issuer of certificates.');

const externalSecrets = z
  .strictObject({
    enabled,
    objects: objects('Secrets'),
    refreshInterval: durationField({
      min: '1s',
      example: '1h',
      description:
        'Each ExternalSecret is refreshed so long after its last refresh began, without jitter. Source: CRD.',
    }).default('1h'),
    concurrent: count(
      '--concurrent: ExternalSecrets that are refreshed at a time; the others queue. Source: cmd/controller/root.go.',
      MANY,
    ).default(1),
    ...clientLimits(50, 100, '--client-qps and --client-burst, cmd/controller/root.go'),
    groups: count(
      'ExternalSecrets were created in so many groups, each at one instant: a group stays together. Assumption: 1.',
      MANY,
    ).default(1),
  })
  .describe('External Secrets Operator v2.9.0: polls the store, and writes Secrets.');

const vaultSecrets = z
  .strictObject({
    enabled,
    objects: objects('Secrets'),
    refreshAfter: durationField({
      min: '1s',
      example: '1h',
      description: 'Read again after U(0.8, 0.9] of it; default: 60s, the drift detection. Source: VaultStaticSecret.',
    }).optional(),
    concurrent: count('VaultStaticSecrets that are read at a time. Source: main.go, 100.', MANY).default(100),
    instantUpdates: z
      .boolean()
      .default(false)
      .describe('Vault tells of changes by its event stream, within a second (assumption). Source: syncConfig.'),
  })
  .describe('Vault Secrets Operator v1.4.1: polls Vault, and writes Secrets.');

const secretsStore = z
  .strictObject({
    enabled,
    version: z
      .enum(['1.5', '1.6'])
      .default('1.6')
      .describe(
        'From 1.6 on kubelets publish volumes again at each sync; before, the driver polls on its own. Choice of this program.',
      ),
    enableSecretRotation: z
      .boolean()
      .default(false)
      .describe('Without, only new pods get new content. Source: --enable-secret-rotation, false.'),
    rotationPollInterval: durationField({
      min: '1s',
      example: '2m',
      description: 'Up to 1.5: how often the driver looks at the volumes of a node. Source: --rotation-poll-interval.',
    }).default('2m'),
  })
  .describe(
    'Secrets Store CSI driver: mounts classes of kind SecretProviderClass; no API server holds them. Without it, those of an imported cluster stay as they are.',
  );

const certManager = z
  .strictObject({
    enabled,
    objects: objects('Secrets'),
    duration: durationField({
      min: '1h',
      example: '2160h',
      description: 'Lifetime of a certificate. Source: Certificate, 90 days.',
    }).default('2160h'),
    renewBefore: durationField({
      min: '5m',
      example: '720h',
      description:
        'Renewed so long before its end, without jitter. Default: a third of the lifetime. Source: Certificate.',
    }).optional(),
    firstRenewal: durationField({
      example: '10m',
      description:
        'When certificates that were issued together are due, and every duration − renewBefore after; default: only ' +
        'when rotateAtSource says so, as cmctl renew does. Choice of this program.',
    }).optional(),
    concurrent: count('Certificates in hand at a time. Source: --concurrent-workers, 5.', MANY).default(5),
    ...clientLimits(20, 50, '--kube-api-qps and --kube-api-burst'),
  })
  .describe('cert-manager v1.21.1: renews certificates, and writes Secrets.');

const trustManager = z
  .strictObject({
    enabled,
    objects: objects('ConfigMaps, a Bundle’s in each namespace,'),
    source: textField({
      description:
        'The Secret that the Bundle is made from, such as that of a CA Certificate: a class of one object, or namespace/name. ' +
        'The ConfigMaps follow when it has been written. Default: they change by rotateAtSource. Source: Bundle, spec.sources.',
    }).optional(),
  })
  .describe('trust-manager v0.24: writes one ConfigMap of the same name in each namespace.');

const reloader = z
  .strictObject({
    enabled,
    deployments: percentField({
      description: 'Share of the Deployments that have its annotation. Assumption.',
    }).default('100%'),
    ...clientLimits(5, 10, 'client-go rest/config.go DefaultQPS and DefaultBurst, for each API group'),
  })
  .describe(
    'Reloader v1.4: rolls out the Deployments that use a Secret or ConfigMap that update or rotateAtSource changes.',
  );

const pulledImages = z
  .strictObject({
    enabled,
    registry: latencyField({
      p50: '100ms',
      p99: '400ms',
      description: 'From the check of an image at its registry until the answer. Assumption.',
    }).prefault({}),
  })
  .describe(
    'KubeletEnsureSecretPulledImages (kubelets ≥1.35): with IfNotPresent a pod whose pull secret has changed has its ' +
      'image checked at the registry, once per node and image.',
  );

/** `spec.operators`: who brings credentials to the cluster, and from where. */
export const operatorsSchema = z
  .strictObject({
    store: store.prefault({}),
    externalSecrets: externalSecrets.optional(),
    vaultSecrets: vaultSecrets.optional(),
    secretsStore: secretsStore.optional(),
    certManager: certManager.optional(),
    trustManager: trustManager.optional(),
    reloader: reloader.optional(),
    pulledImages: pulledImages.optional(),
  })
  .describe(
    'Operators and drivers that bring what a store outside of the cluster holds; it changes by rotateAtSource. ' +
      'What nobody is in charge of is written at once.',
  );

export type OperatorsSpec = z.output<typeof operatorsSchema>;
