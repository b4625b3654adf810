import { type Chunk, GrowableInt32 } from '../../sim/growable.js';
import { CONSUMPTION_MODES } from '../model/kinds.js';
import type { RunInput } from '../model/model-input.js';
import type { SampleTable } from '../model/run-record.js';
import type { Etcd } from '../etcd/etcd.js';
import type { SampledProjections } from '../meters/sampled-projections.js';
import { ownerLabel } from '../population/pod-owner.js';
import { groupBy, groupStarts, type Population } from '../population/population.js';
import { codeNames, type SampledConsumers, type SampledUpdates, samplesOf } from './coded-samples.js';
import type { RunCore } from './run-core.js';

/** The kept projections in the order of update, node and pod; thinned evenly to the wanted number. */
export function sampleTable({ accounts, etcd, source, input }: RunCore): SampleTable | null {
  const { sampled } = accounts;
  const population = source.whole;
  if (sampled === null || population === null) return null;
  const thinning = new Thinning(sampled.update.length, input.samples);
  const [update, consumer] = [sampled.update.view(), sampled.consumer.view()];
  const start = groupStarts(update, etcd.updates);
  const consumerOf = new Uint32Array(thinning.kept);
  const [cacheDelay, syncWait, refresh] = sampled.stages;
  const [cacheDelayUs, syncWaitUs, refreshUs] = sampled.stages.map((stage) => columnFor(stage, thinning.kept));
  const next = start.slice();
  const met = new GrowableInt32();
  let latest = -1;
  // By consumer, so that those of each update come in their order; what is next to each other was told one after another.
  for (const row of groupBy(consumer, population.consumerPod.length).members) {
    const place = next[update[row]]++;
    const kept = thinning.before(place);
    if (kept === thinning.before(place + 1)) continue;
    if (consumer[row] !== latest) {
      latest = consumer[row];
      met.push(latest);
    }
    consumerOf[kept] = met.length - 1;
    cacheDelayUs[kept] = cacheDelay.get(row);
    syncWaitUs[kept] = syncWait.get(row);
    refreshUs[kept] = refresh.get(row);
  }
  return samplesOf({
    updates: sampledUpdates(start, thinning, etcd, population),
    consumers: sampledConsumers(met.view(), population),
    rows: { consumer: consumerOf, cacheDelayUs, syncWaitUs, refreshUs },
  });
}

/** Which of so many are kept: as many as are wanted, evenly. */
class Thinning {
  readonly kept: number;

  constructor(
    private readonly count: number,
    wanted: RunInput['samples'],
  ) {
    this.kept = typeof wanted === 'number' ? Math.min(wanted, count) : count;
  }

  /** How many of those before a place are kept: number i stands at ⌊i · count / kept⌋. */
  before(place: number): number {
    return Math.ceil((place * this.kept) / this.count);
  }
}

/** Room for values as they are. */
function columnFor({ areWhole }: SampledProjections['stages'][number], length: number): Chunk {
  return areWhole ? new Uint32Array(length) : new Float64Array(length);
}

/** `start`: where the projections of each update begin among all, and those of the next one. */
function sampledUpdates(start: Int32Array, thinning: Thinning, etcd: Etcd, { objectName }: Population): SampledUpdates {
  const kept: number[] = [];
  for (let update = 0; update < etcd.updates; update++) {
    if (thinning.before(start[update]) < thinning.before(start[update + 1])) kept.push(update);
  }
  const revision = kept.map((update) => etcd.updateRevision[update]);
  return {
    update: Int32Array.from(kept, (update) => update + 1),
    object: revision.map((each) => objectName(etcd.object[each])),
    version: Int32Array.from(revision, (each) => etcd.content[each]),
    writtenAtUs: Float64Array.from(revision, (each) => etcd.committedAt[each]),
    end: Int32Array.from(kept, (update) => thinning.before(start[update + 1])),
  };
}

function sampledConsumers(consumers: Int32Array, population: Population): SampledConsumers {
  const { consumerPod, consumerMode, podNode, podCount, nodeCount } = population;
  const pods = consumers.map((consumer) => consumerPod[consumer]);
  const nodes = pods.map((pod) => podNode[pod]);
  const modes = consumers.map((consumer) => consumerMode[consumer]);
  return {
    node: codeNames(nodes, nodeCount, population.nodeName),
    pod: codeNames(pods, podCount, population.podName),
    owner: codeNames(pods, podCount, (pod) => ownerLabel(population.podOwner(pod))),
    as: codeNames(modes, CONSUMPTION_MODES.length, (mode) => CONSUMPTION_MODES[mode]),
  };
}
