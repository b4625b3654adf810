import { SECOND_US } from '../../sim/units.js';
import type { Etcd } from '../etcd/etcd.js';
import type { RunInput } from '../model/model-input.js';
import type { RunMetrics } from '../model/run-record.js';
import type { ServerFigures } from './server-figures.js';

/** Waits for the kubelets' own limit that are worth a warning: few steps, so that runs give the same one. */
const LIMITER_WAITS_S = [1, 10, 60, 600];
/** The same for waits for a core. */
const CORE_WAITS_S = [1, 10, 60, 600];

/**
 * What the reader of a run's result has to know, one sentence each; without numbers that differ from run to run.
 * @param limiterWaitUs the longest that a request waited for its kubelet's limiter, µs
 */
export function runWarnings(
  input: RunInput,
  limiterWaitUs: number,
  servers: ServerFigures,
  metrics: RunMetrics,
): string[] {
  const warnings: string[] = [];
  const seconds = LIMITER_WAITS_S.findLast((step) => limiterWaitUs > step * SECOND_US);
  if (seconds !== undefined) {
    const { kubeAPIQPS, kubeAPIBurst } = input.kubelet;
    const limit = `kubeAPIQPS ${kubeAPIQPS}, kubeAPIBurst ${kubeAPIBurst}`;
    warnings.push(`kubelets held requests back for more than ${seconds} s by their own limit (${limit})`);
  }
  if (servers.isOverloaded) {
    warnings.push('background traffic of the nodes alone takes all cores of an API server: add cores or servers');
  }
  const waited = CORE_WAITS_S.findLast((step) => servers.longestWaitUs > step * SECOND_US);
  if (waited !== undefined) warnings.push(`requests waited for more than ${waited} s for a core of an API server`);
  if ((metrics.rejected_429 ?? 0) > 0) warnings.push('API servers rejected requests (429): see rejected_429');
  if (servers.storms.some(({ watchesLost, watchesBack }) => watchesBack < watchesLost))
    warnings.push('some watches that a restart ended were not open again at the end of the run');
  if (servers.allStopped) warnings.push('no API server was up at the end of the run');
  if (servers.unanswered > 0) warnings.push('some writes were not answered by the end of the run');
  return warnings;
}

/** Why updates were refused, where none was committed; where some were, `updates_rejected` tells of the others. */
export function noUpdateWarnings({ updates, rejected }: Etcd): string[] {
  if (updates > 0) return [];
  const warnings: string[] = [];
  if (rejected.immutable > 0) {
    warnings.push(
      'no update was committed: objects are immutable, and the API server answers 422; replace rotates them',
    );
  }
  if (rejected.absent > 0) {
    warnings.push(
      'no update was committed: objects are not there, and the API server answers 404; recreate makes them',
    );
  }
  return warnings;
}
