import { kubeletClientLimits } from '../cluster/model/versions.js';
import { minorsBetween, NEWEST_RELEASE, type Release } from '../cluster/model/releases.js';
import { kubeletSchema } from '../experiment/language/cluster-schema.js';
import type { SpecInput } from '../experiment/language/schema.js';
import { durationUs } from '../experiment/language/values/durations.js';
import { InputError } from '../experiment/language/values/input-error.js';
import type { KubeletSettings } from '../import/kubelet/settings.js';

/** A setting as it is, and as it would be. */
export interface Change {
  /** Path inside `spec`. */
  readonly path: string;
  readonly now: string | number;
  readonly then: string | number;
}

/** What is to be changed of a cluster. */
export interface Wanted {
  /** Settings of the kubelets in place of theirs; what they do not name is at its default. */
  readonly kubelet?: KubeletSettings;
  /** Release of API servers and kubelets. */
  readonly upgrade?: Release;
  /** Times as many nodes. */
  readonly scale?: number;
}

/** The settings that change. Throws an InputError where a wish changes nothing. */
export function changesOf(spec: SpecInput, { kubelet, upgrade, scale }: Wanted): readonly Change[] {
  const now = releasesOf(spec);
  return [
    ...(upgrade === undefined ? [] : releaseChanges(spec, now, upgrade)),
    ...(kubelet === undefined ? [] : kubeletChanges(spec, kubelet, now.kubelet, upgrade ?? now.kubelet)),
    ...(scale === undefined ? [] : scaleChanges(spec, scale)),
  ];
}

interface Releases {
  readonly server: Release;
  readonly kubelet: Release;
}

function releasesOf({ cluster }: SpecInput): Releases {
  const server = cluster?.kubernetesVersion ?? NEWEST_RELEASE;
  return { server, kubelet: cluster?.kubeletVersion ?? server };
}

/** Kubelets follow their API servers, where nothing else is said of them. */
function releaseChanges({ cluster }: SpecInput, now: Releases, upgrade: Release): readonly Change[] {
  if (minorsBetween(now.kubelet, upgrade) <= 0) {
    throw new InputError([
      `--upgrade: the kubelets are of ${now.kubelet} already, and ${upgrade} is no newer; where the input does not tell ` +
        'the release of its cluster, give it with --release',
    ]);
  }
  if (minorsBetween(now.server, upgrade) < 0) {
    throw new InputError([`--upgrade: the API servers are of ${now.server} already, which is newer than ${upgrade}`]);
  }
  const server = { path: 'cluster.kubernetesVersion', now: now.server, then: upgrade };
  const kubelet = { path: 'cluster.kubeletVersion', now: now.kubelet, then: upgrade };
  return cluster?.kubeletVersion === undefined ? [server] : [...(now.server === upgrade ? [] : [server]), kubelet];
}

/** Fields that the configurations differ in. Limits that neither names follow the release. */
function kubeletChanges(
  { kubelet: own = {} }: SpecInput,
  wanted: KubeletSettings,
  now: Release,
  then: Release,
): readonly Change[] {
  const { syncFrequency, configMapAndSecretChangeDetectionStrategy: strategy } = kubeletSchema.parse({});
  const [before, after] = [kubeletClientLimits(now), kubeletClientLimits(then)];
  const named = (field: keyof KubeletSettings): boolean => own[field] !== undefined || wanted[field] !== undefined;
  const changes = [
    {
      path: 'kubelet.configMapAndSecretChangeDetectionStrategy',
      now: own.configMapAndSecretChangeDetectionStrategy ?? strategy,
      then: wanted.configMapAndSecretChangeDetectionStrategy ?? strategy,
    },
    {
      path: 'kubelet.syncFrequency',
      now: own.syncFrequency ?? syncFrequency,
      then: wanted.syncFrequency ?? syncFrequency,
    },
    ...(named('kubeAPIQPS')
      ? [{ path: 'kubelet.kubeAPIQPS', now: own.kubeAPIQPS ?? before.qps, then: wanted.kubeAPIQPS ?? after.qps }]
      : []),
    ...(named('kubeAPIBurst')
      ? [
          {
            path: 'kubelet.kubeAPIBurst',
            now: own.kubeAPIBurst ?? before.burst,
            then: wanted.kubeAPIBurst ?? after.burst,
          },
        ]
      : []),
  ].filter((change) => !isSame(change));
  if (changes.length > 0) return changes;
  throw new InputError(['--kubelet: the kubelets are configured so already: nothing would change']);
}

function isSame({ path, now, then }: Change): boolean {
  if (path === 'kubelet.syncFrequency') return durationUs(String(now)) === durationUs(String(then));
  return now === then;
}

function scaleChanges({ cluster }: SpecInput, scale: number): readonly Change[] {
  const now = cluster?.scale ?? 1;
  if (cluster?.topology !== undefined) return [{ path: 'cluster.scale', now, then: now * scale }];
  throw new InputError([
    '--scale: enlarges a real cluster, and this one is made from counts: set cluster.nodes of the experiment',
  ]);
}
