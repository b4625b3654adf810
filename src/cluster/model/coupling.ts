import type { RunInput } from './model-input.js';
import type { TimelineAction } from './timeline-actions.js';

/** Actions of the timeline under which kubelets meet, although no request queues. */
export const COUPLING_ACTIONS: readonly TimelineAction['action'][] = [
  'replace',
  'rollout',
  'scale',
  'restartApiServer',
  'restartKubelet',
  'addNodes',
  'removeNodes',
  'drain',
  'churnPods',
  'rotateEncryptionKey',
];

/**
 * True where what one kubelet does can delay another, a server or pod comes or goes, or there are informers, which
 * are told of changes that concern none of a kubelet's pods.
 */
export function isCoupled(input: RunInput): boolean {
  return (
    input.apiServer.capacity !== 'unlimited' ||
    input.apiServer.machine?.crashes === true ||
    input.clusterTrustBundles !== undefined ||
    input.clusterWatchers !== undefined ||
    input.podCertificates !== undefined ||
    input.operators !== undefined ||
    input.timeline.some(({ action }) => COUPLING_ACTIONS.includes(action))
  );
}
