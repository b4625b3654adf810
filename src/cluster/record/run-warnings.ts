import type { ControlPlane } from '../run/control-plane.js';
import type { RunInput } from '../model/model-input.js';
import type { RateLimiter } from '../model/rate-limiter.js';
import type { RunMetrics, Storm } from '../model/run-record.js';
import { STOPPED } from '../kube-apiserver/server-process.js';

const SECOND = 1e6;
/** Waits for the kubelets' own limit that are worth a warning: few steps, so that runs give the same one. */
const LIMITER_WAITS_S = [1, 10, 60, 600];
/** The same for waits for a core. */
const CORE_WAITS_S = [1, 10, 60, 600];

/** What the reader of a run's result has to know, one sentence each; without numbers that differ from run to run. */
export function runWarnings(
  input: RunInput,
  limiter: RateLimiter,
  controlPlane: ControlPlane | null,
  metrics: RunMetrics,
  storms: readonly Storm[],
): string[] {
  const warnings: string[] = [];
  const seconds = LIMITER_WAITS_S.findLast((step) => limiter.longestWait > step * SECOND);
  if (seconds !== undefined) {
    const { kubeAPIQPS, kubeAPIBurst } = input.kubelet;
    const limit = `kubeAPIQPS ${kubeAPIQPS}, kubeAPIBurst ${kubeAPIBurst}`;
    warnings.push(`kubelets held requests back for more than ${seconds} s by their own limit (${limit})`);
  }
  if (controlPlane === null) return warnings;
  if (controlPlane.processes.some(({ backgroundShare }) => backgroundShare >= 1)) {
    warnings.push('background traffic of the nodes alone takes all cores of an API server: add cores or servers');
  }
  const waited = CORE_WAITS_S.findLast((step) => controlPlane.handling.longestWaitUs > step * SECOND);
  if (waited !== undefined) warnings.push(`requests waited for more than ${waited} s for a core of an API server`);
  if ((metrics.rejected_429 ?? 0) > 0) warnings.push('API servers rejected requests (429): see rejected_429');
  if (storms.some(({ watchesLost, watchesBack }) => watchesBack < watchesLost))
    warnings.push('some watches that a restart ended were not open again at the end of the run');
  if (controlPlane.processes.every(({ state }) => state === STOPPED))
    warnings.push('no API server was up at the end of the run');
  if (controlPlane.writers.unanswered > 0) warnings.push('some writes were not answered by the end of the run');
  return warnings;
}
