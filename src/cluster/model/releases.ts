/** The releases that can be simulated, oldest first (latest patch of each minor). */
export const RELEASES = [
  '1.20',
  '1.21',
  '1.22',
  '1.23',
  '1.24',
  '1.25',
  '1.26',
  '1.27',
  '1.28',
  '1.29',
  '1.30',
  '1.31',
  '1.32',
  '1.33',
  '1.34',
  '1.35',
  '1.36',
  '1.37',
] as const;
export type Release = (typeof RELEASES)[number];

export const OLDEST_RELEASE: Release = RELEASES[0];
/** The default; a newer one is taken as this. */
export const NEWEST_RELEASE: Release = '1.37';

/** Position of a release, for comparisons. Throws a RangeError for an unknown one. */
function ordinal(release: string): number {
  const index = RELEASES.indexOf(release as Release);
  if (index < 0) throw new RangeError(`unknown Kubernetes release ${release}`);
  return index;
}

/** True where `release` is `from` or later. */
export function atLeast(release: string, from: Release): boolean {
  return ordinal(release) >= ordinal(from);
}

/** Minor releases from `older` to `newer`; negative where `older` is the newer one. */
export function minorsBetween(older: string, newer: string): number {
  return ordinal(newer) - ordinal(older);
}

/** Minor releases that kubelets may be older than their API servers: three since servers of 1.28, two before (version skew policy). */
const KUBELET_SKEW_MAX = 3;
const KUBELET_SKEW_MAX_BEFORE_1_28 = 2;

/** How many minor releases kubelets may be older than API servers of a release. */
export function kubeletSkewMax(server: string): number {
  return atLeast(server, '1.28') ? KUBELET_SKEW_MAX : KUBELET_SKEW_MAX_BEFORE_1_28;
}
