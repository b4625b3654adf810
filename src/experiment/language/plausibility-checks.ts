import { atLeast, type Release } from '../../cluster/model/releases.js';
import { COST_LINES, compileCosts, NS_PER_US } from './compile-costs.js';
import { durationUs, formatDuration } from './values/durations.js';
import type { Problem } from './problems.js';
import type { ExperimentSpec } from './schema.js';

/** Numbers that are right one by one, and together say what cannot be. */
export function plausibilityProblems(spec: ExperimentSpec): Problem[] {
  return [...loopProblems(spec), ...costProblems(spec), ...machineProblems(spec), ...shutdownProblems(spec)];
}

/** A sync's volumes are read before the next sync of the pod begins: the loops of the volume manager take turns in between. */
function loopProblems({ kubelet }: ExperimentSpec): Problem[] {
  const populator = durationUs(kubelet.populatorLoopSleepPeriod);
  const reconciler = durationUs(kubelet.reconcilerLoopSleepPeriod);
  const sync = durationUs(kubelet.syncFrequency);
  if (populator + reconciler <= sync) return [];
  const field = populator > reconciler ? 'populatorLoopSleepPeriod' : 'reconcilerLoopSleepPeriod';
  const message =
    `the two volume loops take up to ${formatDuration(populator + reconciler)} together, more than syncFrequency ` +
    `${formatDuration(sync)}: a sync's volumes would be read after the next sync`;
  return [{ steps: ['spec', 'kubelet', field], message }];
}

/** A request for a larger object costs no less: a falling line is below zero for objects that are large enough. */
function costProblems(spec: ExperimentSpec): Problem[] {
  const costs = compileCosts(spec);
  return COST_LINES.flatMap((name): Problem[] => {
    const at1KiB = costs[name].at1KiB / NS_PER_US;
    const at64KiB = costs[name].at64KiB / NS_PER_US;
    if (at64KiB >= at1KiB) return [];
    const message = `must not be less than at1KiB ${at1KiB}: a larger object does not cost less (is ${at64KiB})`;
    return [{ steps: ['spec', 'apiServer', 'costs', 'cpuUs', name, 'at64KiB'], message }];
  });
}

/** Requests cannot run on more cores than the machine has, and only what has a limit can run out of it. */
function machineProblems({ apiServer }: ExperimentSpec): Problem[] {
  const { capacity, cores, memory, outOfMemory } = apiServer;
  const problems: Problem[] = [];
  if (typeof capacity === 'number' && typeof cores === 'number' && capacity > cores) {
    const message = `must be at least capacity ${capacity}: requests cannot run on more cores than the machine has (is ${cores})`;
    problems.push({ steps: ['spec', 'apiServer', 'cores'], message });
  }
  if (outOfMemory !== undefined && memory === undefined) {
    const message = 'needs apiServer.memory, such as 64Gi: what a server runs out of';
    problems.push({ steps: ['spec', 'apiServer', 'outOfMemory'], message });
  }
  return problems;
}

/** `--shutdown-watch-termination-grace-period` (`server/options/server_run_options.go`, v0.27.0). */
const WATCH_TERMINATION_SINCE: Release = '1.27';

/** Only newer servers end their watches one after another. */
function shutdownProblems({ apiServer, cluster }: ExperimentSpec): Problem[] {
  const { shutdownWatchTerminationGracePeriod: grace = '0s' } = apiServer;
  const { kubernetesVersion } = cluster;
  if (durationUs(grace) === 0 || atLeast(kubernetesVersion, WATCH_TERMINATION_SINCE)) return [];
  const message = `API servers have the flag from ${WATCH_TERMINATION_SINCE} on, these are of ${kubernetesVersion}: write 0s`;
  return [{ steps: ['spec', 'apiServer', 'shutdownWatchTerminationGracePeriod'], message }];
}
