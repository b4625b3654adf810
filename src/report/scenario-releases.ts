import { NEWEST_RELEASE, type Release } from '../cluster/model/releases.js';
import { valuesByField } from '../experiment/language/joint-values.js';
import type { ClusterReleases } from '../releases/behaviour-differences.js';

/** The releases of a scenario: of its resolved experiment, with the values of its factors. */
export function releasesOf(
  spec: Readonly<Record<string, unknown>>,
  factors: Readonly<Record<string, unknown>>,
): ClusterReleases {
  const { kubernetesVersion, kubeletVersion } = { ...clusterOf(spec), ...givenBy(factors) };
  const server = (kubernetesVersion ?? NEWEST_RELEASE) as Release;
  return { server, kubelet: (kubeletVersion ?? server) as Release };
}

interface Versions {
  readonly kubernetesVersion?: unknown;
  readonly kubeletVersion?: unknown;
}

function clusterOf({ cluster }: Readonly<Record<string, unknown>>): Versions {
  return typeof cluster === 'object' && cluster !== null ? cluster : {};
}

/** Values that factors give, also those of factors that vary several paths together. */
function givenBy(factors: Readonly<Record<string, unknown>>): Versions {
  const given = Object.entries(factors)
    .flatMap(([path, value]) => valuesByField(path, value))
    .flatMap(([path, value]) => (path.startsWith('cluster.') ? [[path.slice('cluster.'.length), value]] : []));
  return Object.fromEntries(given) as Versions;
}
