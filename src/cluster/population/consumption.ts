import type { ConsumptionMode, ObjectKind } from '../model/kinds.js';
import { CREDENTIALS, DUE, OPTIONAL, READS, UPDATABLE } from './population.js';

/**
 * What a mode of consumption means (facts: `pkg/kubelet/kubelet_pods.go` makeEnvironmentVariables,
 * `kubelet.go` SyncPod getPullSecretsForPod, `pkg/volume/{secret,configmap,projected}`):
 * volumes are read again at every sync; a subPath mount is a bind mount of the old file, but its
 * volume is read all the same; env is read when a container is created; imagePullSecrets are read at
 * every sync and have no content in the pod that could be outdated. No volume misses them; whether an image can be
 * pulled without is what `optional` says of them. A pod's certificate is nobody's update.
 */
export function flagsOf(mode: ConsumptionMode, optional: boolean, kind?: ObjectKind): number {
  const common = optional ? OPTIONAL : 0;
  if (kind === 'PodCertificateRequest') return common | READS;
  switch (mode) {
    case 'volume':
    case 'projected':
      return common | READS | UPDATABLE | DUE;
    case 'subPath':
      return common | READS | DUE;
    case 'env':
      return common | DUE;
    case 'imagePullSecret':
      return OPTIONAL | READS | (optional ? 0 : CREDENTIALS);
  }
}
