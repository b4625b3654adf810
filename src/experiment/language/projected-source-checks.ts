import type { ObjectKind } from '../../cluster/model/kinds.js';
import type { ImportedCluster, Scope, SyntheticCluster } from '../../cluster/model/model-input.js';
import { atLeast, type Release } from '../../cluster/model/releases.js';
import { hasKind } from './compile.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';

/** A kind that only projected volumes have, and that kubelets have by an informer. */
interface ProjectedKind {
  /** Since when kubelets have what is modelled. */
  readonly since: Release;
  readonly before: string;
  readonly scope: Scope;
  readonly why: string;
}

const PROJECTED: ReadonlyMap<ObjectKind, ProjectedKind> = new Map([
  [
    // Gate ClusterTrustBundleProjection: beta 1.33, GA 1.37; the informer is started lazily since PR 128499.
    'ClusterTrustBundle',
    { since: '1.33', before: ' (the alpha of 1.29 is not modelled)', scope: 'cluster', why: 'is in no namespace' },
  ],
  // Gate PodCertificateRequest: alpha 1.34, beta 1.35, GA 1.37.
  ['PodCertificateRequest', { since: '1.34', before: '', scope: 'pod', why: 'is of one pod' }],
]);

/** What is wrong with classes of kinds that only projected volumes have, and with what only these have. */
export function projectedSourceProblems({ objects, podCertificates }: ExperimentSpec): Problem[] {
  const problems = objects.flatMap(({ kind, as, scope, immutable, optional, selectedBy }, index): Problem[] => {
    const problem = (field: string, message: string): Problem[] => [
      { steps: ['spec', 'objects', index, field], message },
    ];
    const projected = PROJECTED.get(kind);
    return [
      ...(selectedBy === undefined || kind === 'ClusterTrustBundle'
        ? []
        : problem('selectedBy', `belongs to a ClusterTrustBundle, not to a ${kind}`)),
      ...(projected === undefined || as === 'projected' || as === 'subPath'
        ? []
        : problem('as', `a ${kind} is a source of projected volumes: write as: projected (or subPath)`)),
      ...(projected === undefined || scope === projected.scope
        ? []
        : problem('scope', `a ${kind} ${projected.why}: write scope: ${projected.scope}`)),
      ...(projected === undefined || Number(immutable) === 0
        ? []
        : problem('immutable', `a ${kind} cannot be immutable`)),
      ...(kind === 'PodCertificateRequest' && optional ? problem('optional', `a ${kind} cannot be optional`) : []),
    ];
  });
  const unused = podCertificates !== undefined && !objects.some(({ kind }) => kind === 'PodCertificateRequest');
  return unused && objects.length > 0
    ? [...problems, { steps: ['spec', 'podCertificates'], message: 'no class of objects is a PodCertificateRequest' }]
    : problems;
}

/** What is wrong with the release of a cluster whose pods mount such. */
export function projectedReleaseProblems(
  { cluster, objects }: ExperimentSpec,
  built: ImportedCluster | SyntheticCluster,
): Problem[] {
  const { kubernetesVersion, kubeletVersion = kubernetesVersion } = cluster;
  return [...PROJECTED].flatMap(([kind, { since, before }]): Problem[] => {
    if (!hasKind(built, kind) || atLeast(kubeletVersion, since)) return [];
    const index = objects.findIndex((each) => each.kind === kind);
    const steps = index < 0 ? ['spec', 'cluster', 'topology'] : ['spec', 'objects', index, 'kind'];
    const message = `kubelets project a ${kind} from ${since} on${before}, these are of ${kubeletVersion}: take ${since} or newer`;
    return [{ steps, message }];
  });
}
