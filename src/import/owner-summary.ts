import { extent, group } from 'd3-array';
import { formatDuration } from '../experiment/language/values/durations.js';
import { SECOND_US } from '../sim/units.js';
import type { CollectedCluster, OwnedObject } from './cluster-collector.js';
import { ownerOfResource } from './owners/known-owners.js';
import type { OwnerFacts } from './owners/owner-facts.js';
import type { DriverSettings } from './owners/secrets-store-driver.js';

/** The objects that one owner writes again. */
export interface OwnerCounts {
  /** A known program, or the kind of the owner. */
  readonly owner: string;
  readonly secrets: number;
  readonly configMaps: number;
  /** How often it looks for new content, or renews, seconds: the shortest and the longest; null where nothing tells. */
  readonly refreshSeconds: { readonly min: number; readonly max: number } | null;
}

/** Who writes a cluster's objects, as far as the input tells. */
export interface OwnerSummary extends OwnerFacts {
  /** The one with most objects first. */
  readonly owners: readonly OwnerCounts[];
}

/** Counts the objects of each owner. */
export function summarizeOwners({ objects, owners }: CollectedCluster): OwnerSummary {
  const owned = objects.filter(({ ownership }) => ownership !== null);
  const counts = [...group(owned, ({ ownership }) => ownership?.owner ?? '')].map(([owner, own]) =>
    countsOf(owner, own),
  );
  const size = ({ secrets, configMaps }: OwnerCounts): number => secrets + configMaps;
  return { ...owners, owners: counts.sort((a, b) => size(b) - size(a) || (a.owner < b.owner ? -1 : 1)) };
}

function countsOf(owner: string, own: readonly OwnedObject[]): OwnerCounts {
  const [min, max] = extent(own.flatMap(({ ownership }) => ownership?.refreshSeconds ?? []));
  return {
    owner,
    secrets: own.filter(({ kind }) => kind === 'Secret').length,
    configMaps: own.filter(({ kind }) => kind === 'ConfigMap').length,
    refreshSeconds: min === undefined ? null : { min, max },
  };
}

const NUMBER = new Intl.NumberFormat('en-US');

/** Who writes what, a line each: `external-secrets: 120 Secrets, every 1h (120 ExternalSecrets)`. */
export function ownerLines({ owners, resources }: OwnerSummary): readonly string[] {
  return owners.map(({ owner, secrets, configMaps, refreshSeconds }) => {
    const objects = [counted(secrets, 'Secret'), counted(configMaps, 'ConfigMap')].filter((text) => text !== null);
    const own = Object.entries(resources).filter(([kind]) => ownerOfResource(kind)?.name === owner);
    const asked = own.flatMap(([kind, count]) => counted(count, kind, pluralOf(kind)) ?? []).join(', ');
    const interval = refreshSeconds === null ? '' : `, every ${span(refreshSeconds)}`;
    return `${owner}: ${objects.join(', ')}${interval}${asked === '' ? '' : ` (${asked})`}`;
  });
}

/** What a cluster's operators do beside writing objects, a line each. */
export function operatorLines(facts: OwnerFacts): readonly string[] {
  const workloads = counted(facts.reloadedWorkloads, 'workload');
  return [
    ...driverLines(facts),
    ...(workloads === null ? [] : [`Reloader rolls out ${workloads} when what they use changes`]),
  ];
}

/** What the Secrets Store CSI driver mounts, in a line; none where no pod has a volume of it. */
export function driverLines({ csiPods, secretProviderClasses, driver }: OwnerFacts): readonly string[] {
  const pods = counted(csiPods, 'pod');
  const classes = counted(secretProviderClasses, 'SecretProviderClass', 'es');
  if (pods === null || classes === null) return [];
  return [`volumes of the Secrets Store CSI driver: ${pods}, ${classes}; ${rotation(driver)}`];
}

/** Whether the driver brings new content to running pods. */
function rotation(driver: DriverSettings | null): string {
  if (driver === null) return 'whether it rotates them is not in the input';
  if (!driver.enableSecretRotation) return 'it does not rotate them in running pods';
  return driver.version === '1.5'
    ? `it looks every ${driver.rotationPollInterval ?? '2m'}`
    : 'it looks at every sync of a pod';
}

function pluralOf(kind: string): string {
  return kind.endsWith('s') ? 'es' : 's';
}

/** Null where there is none. */
function counted(count: number, noun: string, plural = 's'): string | null {
  return count === 0 ? null : numbered(count, noun, plural);
}

/** A number of things: `1 pod`, `1,200 pods`. */
export function numbered(count: number, noun: string, plural = 's'): string {
  return `${NUMBER.format(count)} ${noun}${count === 1 ? '' : plural}`;
}

function span({ min, max }: { readonly min: number; readonly max: number }): string {
  const [shortest, longest] = [min, max].map((seconds) => formatDuration(seconds * SECOND_US));
  return shortest === longest ? shortest : `${shortest} to ${longest}`;
}
