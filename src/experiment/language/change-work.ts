import { SECOND_US } from '../../sim/units.js';
import type { ModelInput } from '../../cluster/model/model-input.js';
import type { TimelineAction } from '../../cluster/model/timeline-actions.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';
import type { ClusterReads } from './cluster-reads.js';
import { sum } from 'd3-array';
import { classesOf, objectMatcher } from '../../cluster/model/target-names.js';
import { lifecycleSize, clusterSize, objectsOfClass } from './cluster-size.js';

/** Seconds per write, and per consumer that an update is to reach. */
const WRITE_S = 2e-5;
const DUE_S = 2e-6;
/** Seconds per consumer of a pod that starts in the course of the run, and per pod that is touched. */
const STARTED_CONSUMER_S = 2e-5;
const TOUCHED_POD_S = 3e-6;
/** Seconds per watch, or cache entry, that is set up anew when a server or a kubelet restarts. */
const RESTORED_S = 1.7e-5;

/** Roughly how many seconds what the timeline does adds to a run. */
export function changeWork(input: ModelInput, reads: ClusterReads, meets: boolean): number {
  const { cluster, timeline, durationUs } = input;
  const before = clusterSize(cluster);
  const started = lifecycleSize(cluster, timeline, durationUs).consumers - before.consumers;
  const changes = timeline.reduce((sum, entry) => {
    const times = occurrenceCount(entry, durationUs);
    return times === 0 ? sum : sum + times * secondsOf(entry, input, reads);
  }, 0);
  return changes + (meets ? started * STARTED_CONSUMER_S : 0);
}

/** Seconds for one occurrence of an entry. */
function secondsOf(entry: TimelineAction, input: ModelInput, { entries, pods }: ClusterReads): number {
  switch (entry.action) {
    case 'restartApiServer': {
      const share = entry.servers === 'all' ? 1 : entry.servers / input.apiServers;
      return share * entries * RESTORED_S;
    }
    case 'rotateEncryptionKey':
      return (
        (entry.restarts && entry.reload !== true ? 2 * entries * RESTORED_S : 0) +
        clusterSize(input.cluster).objects * WRITE_S
      );
    case 'restartKubelet':
      return entry.nodes * entries * RESTORED_S;
    case 'annotatePods':
      return entry.fraction * pods * TOUCHED_POD_S;
    case 'update':
    case 'delete':
    case 'recreate':
    case 'markImmutable':
    case 'rotateAtSource':
    case 'replace':
      return writesSeconds(entry, input);
    default:
      return 0;
  }
}

/** Seconds for the writes of an entry, and for the pods that see them. */
function writesSeconds(
  { target, kind, ratePerS, firstUs }: Extract<TimelineAction, { readonly target: string }>,
  { cluster, durationUs }: ModelInput,
): number {
  let objects: number;
  let consumers: number;
  if (cluster.type === 'imported') {
    const { pods, objects: all } = cluster.file;
    const meant = all.map(objectMatcher(target, kind));
    objects = sum(meant, Number);
    consumers = sum(pods, ({ uses }) => sum(uses, ({ object }) => Number(meant[object])));
  } else {
    const classes = classesOf(cluster.classes, target, kind);
    objects = sum(classes, (each) => objectsOfClass(cluster, each));
    consumers = sum(classes, (each) => cluster.nodes * cluster.podsPerNode * each.podFraction * each.count);
  }
  if (objects === 0) return 0;
  const sent = ratePerS === null ? objects : Math.min(objects, 1 + (ratePerS * (durationUs - firstUs)) / SECOND_US);
  return sent * WRITE_S + (sent / objects) * consumers * DUE_S;
}
