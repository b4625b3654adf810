import {
  kubeletSkewMax,
  minorsBetween,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  type Release,
  RELEASES,
} from '../cluster/model/releases.js';

/** The releases that a cluster's nodes and API servers report. */
export interface ReportedReleases {
  /** Of most kubelets; null where no node reports one. */
  readonly kubelet: Release | null;
  /** Of most API servers that run as pods, by their images; null where none tells. */
  readonly server: Release | null;
  /** What the user has to know about it, one sentence each. */
  readonly warnings: readonly string[];
}

/** The fields of `spec.cluster` for the releases of a cluster; the default where none is known. */
export interface ReleaseFields {
  readonly kubernetesVersion?: Release;
  /** Where the kubelets are older. */
  readonly kubeletVersion?: Release;
}

interface Count {
  readonly minor: number;
  readonly count: number;
}

/**
 * The releases of most kubelets and of most API servers, from versions such as `v1.20.2` and `v1.27.3-gke.100`; the
 * nearest that can be simulated where they cannot.
 */
export function reportedReleases(
  kubeletVersions: readonly string[],
  serverVersions: readonly string[] = [],
): ReportedReleases {
  const kubelets = countMinors(kubeletVersions);
  const servers = countMinors(serverVersions);
  const server = servers.length === 0 ? null : nearestRelease(servers[0].minor);
  if (kubelets.length === 0) {
    const unknown = server === null ? 'set cluster.kubernetesVersion' : `that of the API servers, ${server}, is taken`;
    return {
      kubelet: null,
      server,
      warnings: [`no node reports the version of its kubelet: ${unknown}`, ...beyond(servers, 'API servers')],
    };
  }
  const kubelet = nearestRelease(kubelets[0].minor);
  const warnings = [
    ...mixed(kubelets, 'kubelets', 'nodes', kubelet),
    ...(server === null ? [] : mixed(servers, 'API servers', 'servers', server)),
    ...beyond(kubelets, 'kubelets'),
    ...(servers.at(0)?.minor === kubelets[0].minor ? [] : beyond(servers, 'API servers')),
    ...skewed(server, kubelet),
  ];
  return { kubelet, server, warnings };
}

/** How an experiment says which releases a cluster has. */
export function releaseFields({ server, kubelet }: Pick<ReportedReleases, 'server' | 'kubelet'>): ReleaseFields {
  const newest = server ?? kubelet;
  if (newest === null) return {};
  if (kubelet === null || server === null || kubelet === server) return { kubernetesVersion: newest };
  const behind = minorsBetween(kubelet, server);
  if (behind < 0) return { kubernetesVersion: kubelet };
  return { kubernetesVersion: server, kubeletVersion: allowedKubelet(server, kubelet) };
}

/** The kubelets' release, or the oldest that API servers of that release support. */
function allowedKubelet(server: Release, kubelet: Release): Release {
  const behind = Math.min(minorsBetween(kubelet, server), kubeletSkewMax(server));
  return RELEASES[RELEASES.indexOf(server) - behind];
}

/** Minor releases by how many report them. Of two that are as common, the newer first: that is where an upgrade is going. */
function countMinors(versions: readonly string[]): readonly Count[] {
  const counts = new Map<number, number>();
  for (const version of versions) {
    const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
    if (minor !== undefined) counts.set(Number(minor), (counts.get(Number(minor)) ?? 0) + 1);
  }
  const all = [...counts].map(([minor, count]): Count => ({ minor, count }));
  return all.sort((a, b) => b.count - a.count || b.minor - a.minor);
}

function mixed(counts: readonly Count[], what: string, unit: string, taken: Release): string[] {
  if (counts.length < 2) return [];
  const list = counts.map(({ minor, count }) => `1.${minor} (${count} ${unit})`).join(', ');
  return [`the ${what} are of several releases: ${list}; all are simulated as ${taken}`];
}

function beyond(counts: readonly Count[], what: string): string[] {
  if (counts.length === 0) return [];
  const [{ minor }] = counts;
  const taken = nearestRelease(minor);
  if (taken === `1.${minor}`) return [];
  const nearest = taken === NEWEST_RELEASE ? 'the newest that is known' : 'the oldest that is known';
  return [
    `release 1.${minor} of the ${what} cannot be simulated (${OLDEST_RELEASE} to ${NEWEST_RELEASE} can); ${taken}, ${nearest}, is taken`,
  ];
}

function skewed(server: Release | null, kubelet: Release): string[] {
  if (server === null) return [];
  const behind = minorsBetween(kubelet, server);
  if (behind < 0)
    return [`the kubelets (${kubelet}) are newer than the API servers (${server}): all are simulated as ${kubelet}`];
  if (behind <= kubeletSkewMax(server)) return [];
  return [
    `the kubelets (${kubelet}) are older than API servers of ${server} support: they are simulated as ${allowedKubelet(server, kubelet)}`,
  ];
}

function nearestRelease(minor: number): Release {
  const minors = RELEASES.map((release) => Number(release.split('.')[1]));
  const clamped = Math.min(Math.max(minor, minors[0]), minors[minors.length - 1]);
  return RELEASES[minors.indexOf(clamped)];
}
