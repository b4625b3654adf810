import { SECOND_US } from '../../sim/units.js';
import type { ObjectClass } from '../../cluster/model/model-input.js';
import { compileCluster } from './compile.js';
import { objectsOfClass } from './cluster-size.js';
import { durationUs, formatDuration } from './values/durations.js';
import { idleEntries } from './idle-entries.js';
import { quotePath } from './quoting.js';
import { ratePerS } from './values/rates.js';
import type { ExperimentSpec } from './schema.js';
import { TARGET_ACTIONS } from './targets.js';
import type { TimelineEntry } from './timeline-schema.js';

/** What the user may not have meant, although it is allowed. The spec has to be free of problems. */
export function specWarnings(spec: ExperimentSpec): string[] {
  if (spec.timeline.length === 0) {
    return ['spec.timeline is empty: nothing is updated, so load is measured, but no delay'];
  }
  return [...idleEntries(spec), ...slowRates(spec)];
}

/** Entries whose objects cannot all be written before the measured period ends. */
function slowRates(spec: ExperimentSpec): string[] {
  if (spec.cluster.topology !== undefined) return [];
  const cluster = compileCluster(spec, null);
  return spec.timeline.flatMap((entry, index) => {
    const rate = entry.rotateEncryptionKey?.rate ?? entry.rate;
    if (rate === undefined) return [];
    const objects = cluster.classes
      .filter((each) => isWritten(entry, each))
      .reduce((sum, each) => sum + objectsOfClass(cluster, each), 0);
    const neededUs = Math.round(((objects - 1) / ratePerS(rate)) * SECOND_US);
    const leftUs = durationUs(spec.duration) - durationUs(entry.at ?? entry.from ?? '0s');
    if (neededUs <= leftUs) return [];
    const path = quotePath(['spec', 'timeline', index]);
    const needed = formatDuration(Math.ceil(neededUs / SECOND_US) * SECOND_US);
    return [
      `${path}: ${objects} objects at ${rate} take ${needed}, but the measured period ends after ` +
        `${formatDuration(leftUs)}: the rest is left out`,
    ];
  });
}

/** True where an entry writes the objects of a class: its target, or all Secrets. */
function isWritten(entry: TimelineEntry, { name, kind }: ObjectClass): boolean {
  if (entry.rotateEncryptionKey !== undefined) return kind === 'Secret';
  return TARGET_ACTIONS.some((action) => entry[action] === name);
}
