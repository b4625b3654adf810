import { ownerLabel } from '../population/pod-owner.js';
import { groupBy } from '../population/population.js';
import { CONSUMPTION_MODES } from '../model/kinds.js';
import type { SampleTable } from '../model/run-record.js';
import type { RunCore } from './run-core.js';
import { NameCodes, samplesOf } from './sample-texts.js';

/** The kept projections in the order of update, node and pod; thinned evenly to the wanted number. */
export function sampleTable({ accounts, etcd, source, input }: RunCore): SampleTable | null {
  const { sampled } = accounts;
  const population = source.whole;
  if (sampled === null || population === null) return null;
  const update = sampled.update.view();
  const consumer = sampled.consumer.view();
  const ordered = inOrder(update, etcd.updates, consumer, population.consumerPod.length);
  const count = ordered.length;
  const kept = input.samples === 'all' || input.samples === 'none' ? count : Math.min(input.samples, count);
  const rows = kept === count ? ordered : Int32Array.from({ length: kept }, (_, i) => ordered[Math.floor((i * count) / kept)]); // prettier-ignore
  const times = [0, 1, 2, 3, 4].map(() => new Float64Array(kept));
  const [writtenAtUs, projectedAtUs, cacheDelayUs, syncWaitUs, refreshUs] = times;
  const [updateOf, version] = [new Int32Array(kept), new Int32Array(kept)];
  const object = new NameCodes(kept, population.objectCount, population.objectName);
  const node = new NameCodes(kept, population.nodeCount, population.nodeName);
  const pod = new NameCodes(kept, population.podCount, population.podName);
  const owner = new NameCodes(kept, population.podCount, (each) => ownerLabel(population.podOwner(each)));
  const as = new NameCodes(kept, CONSUMPTION_MODES.length, (mode) => CONSUMPTION_MODES[mode]);
  for (let i = 0; i < kept; i++) {
    const row = rows[i];
    const revision = etcd.updateRevision[update[row]];
    const [written, ready] = [etcd.committedAt[revision], sampled.ready.get(row)];
    const [syncStart, projected] = [sampled.syncStart.get(row), sampled.projectedAt.get(row)];
    updateOf[i] = update[row] + 1;
    version[i] = etcd.content[revision];
    writtenAtUs[i] = written;
    projectedAtUs[i] = projected;
    cacheDelayUs[i] = ready - written;
    syncWaitUs[i] = syncStart - ready;
    refreshUs[i] = projected - syncStart;
    const ofPod = population.consumerPod[consumer[row]];
    object.set(i, etcd.object[revision]);
    node.set(i, population.podNode[ofPod]);
    pod.set(i, ofPod);
    owner.set(i, ofPod);
    as.set(i, population.consumerMode[consumer[row]]);
  }
  const numbers = { update: updateOf, version, writtenAtUs, projectedAtUs, cacheDelayUs, syncWaitUs, refreshUs };
  return samplesOf(numbers, { object, node, pod, owner, as });
}

/** The indices of rows in the order of update and consumer: sorted by the last key first, as a counting sort is stable. */
function inOrder(update: Int32Array, updates: number, consumer: Int32Array, consumers: number): Int32Array {
  const byConsumer = groupBy(consumer, consumers).members;
  const updateOf = byConsumer.map((row) => update[row]);
  return groupBy(updateOf, updates).members.map((place) => byConsumer[place]);
}
