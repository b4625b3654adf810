import { RELEASES, type Release } from '../cluster/versions.js';

/** The releases that the nodes' kubelets report. */
export interface ReportedReleases {
  /** Of most kubelets; null where no node reports one. */
  readonly kubelet: Release | null;
  /** What the user has to know about it, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The release of most kubelets, from versions such as `v1.20.2` and `v1.27.3-gke.100`; the nearest that can
 * be simulated where it cannot.
 */
export function reportedReleases(kubeletVersions: readonly string[]): ReportedReleases {
  const counts = new Map<number, number>();
  for (const version of kubeletVersions) {
    const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
    if (minor !== undefined) counts.set(Number(minor), (counts.get(Number(minor)) ?? 0) + 1);
  }
  // Of two that are as common, the newer: that is where an upgrade is going.
  const ordered = [...counts].sort(([minorA, a], [minorB, b]) => b - a || minorB - minorA);
  if (ordered.length === 0) {
    return { kubelet: null, warnings: ['no node reports the version of its kubelet: set cluster.kubernetesVersion'] };
  }
  const [[minor]] = ordered;
  const kubelet = nearestRelease(minor);
  const list = ordered.map(([each, nodes]) => `1.${each} (${nodes} nodes)`).join(', ');
  const mixed = `the kubelets are of several releases: ${list}; all are simulated as ${kubelet}`;
  const beyond = `release 1.${minor} cannot be simulated (${RELEASES[0]} to ${String(RELEASES.at(-1))} can); ${kubelet} is taken`;
  return {
    kubelet,
    warnings: [...(ordered.length > 1 ? [mixed] : []), ...(kubelet === `1.${minor}` ? [] : [beyond])],
  };
}

function nearestRelease(minor: number): Release {
  const minors = RELEASES.map((release) => Number(release.split('.')[1]));
  const clamped = Math.min(Math.max(minor, minors[0]), minors[minors.length - 1]);
  return RELEASES[minors.indexOf(clamped)];
}
