import { SECOND_US } from '../../sim/units.js';
import type { ModelInput } from '../../cluster/model/model-input.js';
import type { TimelineAction } from '../../cluster/model/timeline-actions.js';
import { occurrenceCount } from '../../cluster/model/occurrences.js';
import { timelineName } from '../../cluster/model/topology-file.js';
import type { ClusterReads } from './cluster-reads.js';
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
    case 'replace':
      return writesSeconds(entry, input);
    default:
      return 0;
  }
}

/** Seconds for the writes of an entry, and for the pods that see them. */
function writesSeconds(
  { target, ratePerS, firstUs }: Extract<TimelineAction, { readonly target: string }>,
  { cluster, durationUs }: ModelInput,
): number {
  let objects = 1;
  let consumers: number;
  if (cluster.type === 'imported') {
    const { file } = cluster;
    const named = (object: number): boolean => timelineName(file.objects[object]) === target;
    consumers = file.pods.reduce((sum, { uses }) => sum + (uses.some(({ object }) => named(object)) ? 1 : 0), 0);
  } else {
    const each = cluster.classes.find(({ name }) => name === target);
    if (each === undefined) return 0;
    objects = objectsOfClass(cluster, each);
    consumers = cluster.nodes * cluster.podsPerNode * each.podFraction * each.count;
  }
  const sent = ratePerS === null ? objects : Math.min(objects, 1 + (ratePerS * (durationUs - firstUs)) / SECOND_US);
  return sent * WRITE_S + (sent / objects) * consumers * DUE_S;
}
