import * as z from 'zod';
import { parseDuration } from '../../experiment/language/values/durations.js';
import { SECOND_US } from '../../sim/units.js';

/** An object that a resource of an operator asks for. */
export interface Claim {
  readonly kind: 'Secret' | 'ConfigMap';
  /** null: of every namespace. */
  readonly namespace: string | null;
  readonly name: string;
  /** How often its owner looks for new content, or renews, seconds; null: not told, or never. */
  readonly refreshSeconds: number | null;
}

/** A kind of resource that says which objects its program writes (`known-owners.ts`). */
interface ClaimReader {
  /** Of the API: other projects have kinds of the same name. */
  readonly group: string;
  /** What the resource asks for; none where it is not understood: it is no part of the cluster that is simulated. */
  readonly read: (item: unknown) => readonly Claim[];
}

const name = z.string().min(1).max(253);
const text = z.string().nullish();
const metadata = z.object({ name, namespace: name.nullish() });

const externalSecretSpec = z.object({
  refreshInterval: text,
  refreshPolicy: text,
  target: z.object({ name: text, creationPolicy: text }).nullish(),
});
const externalSecret = z.object({ metadata, spec: externalSecretSpec });
const clusterExternalSecret = z.object({
  metadata,
  spec: z.object({ externalSecretName: text, externalSecretSpec }),
  status: z.object({ provisionedNamespaces: z.array(name).nullish() }).nullish(),
});
const certificate = z.object({
  metadata,
  spec: z.object({ secretName: name, duration: text, renewBefore: text, renewBeforePercentage: z.number().nullish() }),
});
const bundle = z.object({
  metadata,
  spec: z.object({ target: z.object({ configMap: z.unknown(), secret: z.unknown() }).partial().nullish() }),
});
const vaultSecret = z.object({
  metadata,
  spec: z.object({ destination: z.object({ name }), refreshAfter: text }),
});
const sealedSecret = z.object({
  metadata,
  spec: z.object({ template: z.object({ metadata: z.object({ name: text }).nullish() }).nullish() }),
});
const secretProviderClass = z.object({
  metadata,
  spec: z.object({ secretObjects: z.array(z.object({ secretName: name })).nullish() }),
});

/** Lifetime of a certificate that says none, and the share of it that is left when it is renewed (cert-manager, Certificate). */
const CERTIFICATE_SECONDS = 2160 * 3600;
const RENEWAL_SHARE = 1 / 3;

/** Kinds of resources, by name. */
const READERS: Readonly<Record<string, ClaimReader>> = {
  ExternalSecret: reader('external-secrets.io', externalSecret, ({ metadata: own, spec }) =>
    secrets(own.namespace, targetOf(spec, own.name), externalRefresh(spec)),
  ),
  ClusterExternalSecret: reader('external-secrets.io', clusterExternalSecret, ({ metadata: own, spec, status }) => {
    const target = targetOf(spec.externalSecretSpec, spec.externalSecretName ?? own.name);
    const refresh = externalRefresh(spec.externalSecretSpec);
    return (status?.provisionedNamespaces ?? []).flatMap((namespace) => secrets(namespace, target, refresh));
  }),
  Certificate: reader('cert-manager.io', certificate, ({ metadata: own, spec }) =>
    secrets(own.namespace, spec.secretName, renewalSeconds(spec)),
  ),
  Bundle: reader('trust.cert-manager.io', bundle, ({ metadata: own, spec: { target } }) => {
    const of = (kind: Claim['kind']): Claim => ({ kind, namespace: null, name: own.name, refreshSeconds: null });
    return [...(target?.configMap ? [of('ConfigMap')] : []), ...(target?.secret ? [of('Secret')] : [])];
  }),
  ...Object.fromEntries(
    ['VaultStaticSecret', 'VaultDynamicSecret', 'VaultPKISecret', 'HCPVaultSecretsApp'].map((kind) => [
      kind,
      reader('secrets.hashicorp.com', vaultSecret, ({ metadata: own, spec }) =>
        secrets(own.namespace, spec.destination.name, seconds(spec.refreshAfter)),
      ),
    ]),
  ),
  SealedSecret: reader('bitnami.com', sealedSecret, ({ metadata: own, spec }) =>
    secrets(own.namespace, spec.template?.metadata?.name ?? own.name, null),
  ),
  SecretProviderClass: reader('secrets-store.csi.x-k8s.io', secretProviderClass, ({ metadata: own, spec }) =>
    (spec.secretObjects ?? []).flatMap(({ secretName }) => secrets(own.namespace, secretName, null)),
  ),
};

function reader<T extends z.ZodType>(
  group: string,
  schema: T,
  claims: (item: z.output<T>) => readonly Claim[],
): ClaimReader {
  return {
    group,
    read: (item) => {
      const { data } = schema.safeParse(item);
      return data === undefined ? [] : claims(data);
    },
  };
}

/** What is known of a kind of resource; undefined for others, and for one of the same name of another project. */
export function claimReader(kind: string, apiVersion: unknown): ClaimReader | undefined {
  if (!Object.hasOwn(READERS, kind)) return undefined;
  const { [kind]: known } = READERS;
  // Items of a list as an API server serves it have none: there the kind has to do.
  const isOther = typeof apiVersion === 'string' && !apiVersion.startsWith(`${known.group}/`);
  return isOther ? undefined : known;
}

function secrets(namespace: string | null | undefined, own: string | null, refreshSeconds: number | null): Claim[] {
  if (own === null || own === '' || typeof namespace !== 'string') return [];
  return [{ kind: 'Secret', namespace, name: own, refreshSeconds }];
}

/** The Secret that an ExternalSecret writes: it is called as itself, unless it says otherwise; null: none. */
function targetOf({ target }: z.output<typeof externalSecretSpec>, own: string): string | null {
  if (target?.creationPolicy === 'None') return null;
  return target?.name ? target.name : own;
}

/** Zero, and the policies other than Periodic, mean never. */
function externalRefresh({ refreshInterval, refreshPolicy }: z.output<typeof externalSecretSpec>): number | null {
  const isPeriodic = refreshPolicy === undefined || refreshPolicy === null || refreshPolicy === 'Periodic';
  return isPeriodic ? seconds(refreshInterval) : null;
}

function renewalSeconds(spec: z.output<typeof certificate>['spec']): number {
  const lifetime = seconds(spec.duration) ?? CERTIFICATE_SECONDS;
  const share = spec.renewBeforePercentage ?? null;
  const before = seconds(spec.renewBefore) ?? lifetime * (share === null ? RENEWAL_SHARE : share / 100);
  return Math.max(0, lifetime - before);
}

/** A duration as Go writes it; null where it is none, or zero. */
function seconds(duration: string | null | undefined): number | null {
  const read = parseDuration(duration ?? '');
  return read.ok && read.value > 0 ? read.value / SECOND_US : null;
}
