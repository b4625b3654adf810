import { ownerLabel } from '../population/pod-owner.js';
import { groupBy } from '../population/population.js';
import { CONSUMPTION_MODES } from '../model/kinds.js';
import type { SampleTable } from '../model/run-record.js';
import type { RunCore } from './run-core.js';
import { nameCodes, samplesOf } from './sample-texts.js';

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
  const consumers = rows.map((row) => consumer[row]);
  const revisions = rows.map((row) => etcd.updateRevision[update[row]]);
  const pods = consumers.map((each) => population.consumerPod[each]);
  const nodes = pods.map((pod) => population.podNode[pod]);
  const modes = consumers.map((each) => population.consumerMode[each]);
  const objects = revisions.map((revision) => etcd.object[revision]);
  const written = timesOf(rows, (_, i) => etcd.committedAt[revisions[i]]);
  const projected = timesOf(rows, (row) => sampled.projectedAt.get(row));
  return samplesOf(
    {
      update: rows.map((row) => update[row] + 1),
      version: revisions.map((revision) => etcd.content[revision]),
      writtenAtUs: written,
      projectedAtUs: projected,
      cacheDelayUs: timesOf(rows, (row, i) => sampled.ready.get(row) - written[i]),
      syncWaitUs: timesOf(rows, (row) => sampled.syncStart.get(row) - sampled.ready.get(row)),
      refreshUs: timesOf(rows, (row, i) => projected[i] - sampled.syncStart.get(row)),
    },
    {
      object: nameCodes(objects, population.objectName),
      node: nameCodes(nodes, population.nodeName),
      pod: nameCodes(pods, population.podName),
      owner: nameCodes(pods, (pod) => ownerLabel(population.podOwner(pod))),
      as: nameCodes(modes, (mode) => CONSUMPTION_MODES[mode]),
    },
  );
}

/** The indices of rows in the order of update and consumer: sorted by the last key first, as a counting sort is stable. */
function inOrder(update: Int32Array, updates: number, consumer: Int32Array, consumers: number): Int32Array {
  const byConsumer = groupBy(consumer, consumers).members;
  const updateOf = byConsumer.map((row) => update[row]);
  return groupBy(updateOf, updates).members.map((place) => byConsumer[place]);
}

/** Microseconds of each row. (`Float64Array.from` with a function takes ten times as long.) */
function timesOf(rows: Int32Array, timeOf: (row: number, i: number) => number): Float64Array {
  const times = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) times[i] = timeOf(rows[i], i);
  return times;
}
