import { SECOND_US } from '../../sim/units.js';
import type { ObjectClass, SyntheticCluster } from '../../cluster/model/model-input.js';
import { classesOf } from '../../cluster/model/target-names.js';
import { compileCluster } from './compile.js';
import { renewals } from './compile-operators.js';
import { objectsOfClass } from './cluster-size.js';
import { durationUs, formatDuration } from './values/durations.js';
import { idleEntries } from './idle-entries.js';
import { quotePath } from './quoting.js';
import { shareOf } from './values/percent.js';
import { ratePerS } from './values/rates.js';
import type { ExperimentSpec } from './schema.js';
import { TARGET_ACTIONS } from './targets.js';
import type { TimelineEntry } from './timeline-schema.js';

/** What the user may not have meant, although it is allowed. The spec has to be free of problems. */
export function specWarnings(spec: ExperimentSpec): string[] {
  if (spec.timeline.length === 0 && renewals(spec).length === 0) {
    return ['spec.timeline is empty: nothing is updated, so load is measured, but no delay'];
  }
  return [...idleEntries(spec), ...slowRates(spec)];
}

/** Entries that are not through with their objects, deployments or nodes before the measured period ends. */
function slowRates(spec: ExperimentSpec): string[] {
  if (spec.cluster.topology !== undefined) return [];
  const cluster = compileCluster(spec, null);
  return spec.timeline.flatMap((entry, index) => {
    const series = seriesOf(entry, cluster);
    if (series === null) return [];
    const { count, of, rate, rest } = series;
    const neededUs = Math.round(((count - 1) / ratePerS(rate)) * SECOND_US);
    const beginsUs = durationUs(entry.at ?? entry.from ?? '0s') + durationUs(entry.rollout?.after ?? '0s');
    const leftUs = durationUs(spec.duration) - beginsUs;
    // One that begins after the end is said to do nothing.
    if (neededUs <= leftUs || leftUs <= 0) return [];
    const path = quotePath(['spec', 'timeline', index]);
    const needed = formatDuration(Math.ceil(neededUs / SECOND_US) * SECOND_US);
    return [
      `${path}: ${count} ${of} at ${rate} take ${needed}, but the measured period ends after ${formatDuration(leftUs)}: ${rest}`,
    ];
  });
}

/** What an entry treats one after another, and what becomes of those whose turn comes after the end. */
interface Series {
  readonly count: number;
  readonly of: string;
  readonly rate: string;
  readonly rest: string;
}

/** null: all at once, or how many is not known. */
function seriesOf(entry: TimelineEntry, cluster: SyntheticCluster): Series | null {
  const { rollout, drain, rotateEncryptionKey } = entry;
  const later = 'later ones count as far as the run goes on for pods that wait';
  if (rollout?.rate !== undefined && rollout.consumersOf === undefined) {
    const deployments = Math.ceil((cluster.nodes * cluster.podsPerNode) / cluster.deploymentReplicas);
    const count = Math.round(deployments * shareOf(rollout.deployments));
    return { count, of: 'deployments', rate: rollout.rate, rest: later };
  }
  if (drain?.rate !== undefined) {
    const { nodes } = drain;
    const count = typeof nodes === 'number' ? nodes : Math.round(shareOf(nodes) * cluster.nodes);
    return { count, of: 'nodes', rate: drain.rate, rest: later };
  }
  const rate = rotateEncryptionKey?.rate ?? entry.rate;
  if (rate === undefined || rotateEncryptionKey?.rewrite === 'storageVersionMigration') return null;
  const written = writtenClasses(entry, cluster.classes);
  const count = written.reduce((sum, each) => sum + objectsOfClass(cluster, each), 0);
  return { count, of: 'objects', rate, rest: 'the rest is left out' };
}

/** The classes whose objects an entry writes: those of its target, or all of Secrets. */
function writtenClasses(entry: TimelineEntry, classes: readonly ObjectClass[]): readonly ObjectClass[] {
  if (entry.rotateEncryptionKey !== undefined) return classes.filter(({ kind }) => kind === 'Secret');
  const target = TARGET_ACTIONS.map((action) => entry[action]).find((each) => each !== undefined);
  return target === undefined ? [] : classesOf(classes, target, entry.kind ?? null);
}
