import { mean, sum } from 'd3-array';
import { migrationRatePerS, rewritingStartsAt } from '../../cluster/workload/key-rotation.js';
import { type ModelInput } from '../../cluster/model/model-input.js';
import { classesOf, objectMatcher } from '../../cluster/model/target-names.js';
import { isObjectAction, type NamedTarget, type TimelineAction } from '../../cluster/model/timeline-actions.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';
import { SECOND_US } from '../../sim/units.js';
import { clusterSize, objectsOfClass } from './cluster-size.js';

/** Writes of an entry of the timeline, spread evenly over a time, µs. */
export interface SentWrites {
  readonly count: number;
  readonly bytes: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

const NONE: SentWrites = { count: 0, bytes: 0, fromUs: 0, untilUs: 0 };

/** The writes that an entry sends in a run, all its occurrences together. */
export function sentWrites(entry: TimelineAction, input: ModelInput): SentWrites {
  const { durationUs } = input;
  const times = occurrenceCount(entry, durationUs);
  const rotation = entry.action === 'rotateEncryptionKey';
  if (times === 0 || !(rotation || entry.action === 'replace' || isObjectAction(entry))) return NONE;
  const { objects, bytes } = rotation ? allObjects(input) : targetOf(entry, input);
  const fromUs = rotation ? rewritingStartsAt(entry, entry.firstUs, input) : entry.firstUs;
  const migrates = entry.action === 'rotateEncryptionKey' && entry.rewrite === 'storageVersionMigration';
  const ratePerS = migrates ? migrationRate(input) : entry.ratePerS;
  const span = ratePerS === null ? 0 : (objects * SECOND_US) / ratePerS;
  const untilUs = Math.min(durationUs, fromUs + (times - 1) * (entry.everyUs ?? 0) + span);
  if (fromUs >= durationUs) return NONE;
  const each = entry.action === 'replace' && entry.by !== 'newName' ? 2 : 1;
  // What a slow entry would send after the measured period is not sent.
  const share = span === 0 ? 1 : Math.min(1, (durationUs - fromUs) / span);
  return { count: times * objects * each * share, bytes, fromUs, untilUs };
}

function migrationRate({ apiServer, network, controllerManager }: ModelInput): number {
  return migrationRatePerS(apiServer, network.roundTrip.p50Us, controllerManager);
}

/** What an entry writes: so many objects, of so many bytes each on average. */
interface Target {
  readonly objects: number;
  readonly bytes: number;
}

function targetOf({ target, kind }: NamedTarget, { cluster }: ModelInput): Target {
  if (cluster.type === 'imported') {
    const meant = cluster.file.objects.filter(objectMatcher(target, kind));
    return { objects: meant.length, bytes: mean(meant, ({ size }) => size) ?? 0 };
  }
  const classes = classesOf(cluster.classes, target, kind);
  const objects = sum(classes, (each) => objectsOfClass(cluster, each));
  const bytes = sum(classes, (each) => objectsOfClass(cluster, each) * each.sizeBytes);
  return { objects, bytes: objects === 0 ? 0 : bytes / objects };
}

/** Every Secret is rewritten; most objects are some. */
function allObjects({ cluster }: ModelInput): Target {
  const { objects } = clusterSize(cluster);
  const sizes =
    cluster.type === 'imported'
      ? cluster.file.objects.map(({ size }) => size)
      : cluster.classes.map(({ sizeBytes }) => sizeBytes);
  return { objects, bytes: sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length };
}
