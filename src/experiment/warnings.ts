import { compileCluster } from './compile.js';
import { objectsOfClass } from './cluster-size.js';
import { durationUs, formatDuration } from './durations.js';
import { formatPath } from './path-text.js';
import { ratePerS } from './rates.js';
import type { ExperimentSpec } from './schema.js';
import { OBJECT_ACTIONS } from './targets.js';

/** What the user may not have meant, although it is allowed. The spec has to be free of problems. */
export function specWarnings(spec: ExperimentSpec): string[] {
  if (spec.timeline.length === 0) {
    return ['spec.timeline is empty: nothing is updated, so load is measured, but no delay'];
  }
  return slowRates(spec);
}

/** Classes whose objects cannot all be reached before the measured period ends. */
function slowRates(spec: ExperimentSpec): string[] {
  if (spec.cluster.topology !== undefined) return [];
  const cluster = compileCluster(spec, null);
  return spec.timeline.flatMap((entry, index) => {
    const target = OBJECT_ACTIONS.map((action) => entry[action]).find((name) => name !== undefined);
    const objectClass = cluster.classes.find(({ name }) => name === target);
    if (entry.rate === undefined || objectClass === undefined) return [];
    const objects = objectsOfClass(cluster, objectClass);
    const neededUs = Math.round(((objects - 1) / ratePerS(entry.rate)) * 1_000_000);
    const leftUs = durationUs(spec.duration) - durationUs(entry.at ?? entry.from ?? '0s');
    if (neededUs <= leftUs) return [];
    const path = formatPath(['spec', 'timeline', entry.id ?? String(index)]);
    const needed = formatDuration(Math.ceil(neededUs / 1_000_000) * 1_000_000);
    return [
      `${path}: ${objects} objects at ${entry.rate} take ${needed}, but the measured period ends after ` +
        `${formatDuration(leftUs)}: the rest is left out`,
    ];
  });
}
