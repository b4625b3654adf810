import { sum } from 'd3-array';
import { KIND, MODE } from '../model/kinds.js';
import type { RunMetrics } from '../model/run-record.js';
import type { Population } from '../population/population.js';

/** Where the cluster's Secrets lie. */
type SecretExposure = Pick<RunMetrics, 'node_secret_bytes_mean' | 'nodes_per_secret_mean'>;

/** What is known of clusters that have been looked at: all runs of a scenario have the same. */
const known = new WeakMap<Population, SecretExposure>();

/**
 * tmpfs that Secret volumes take per node, and how many nodes can read one Secret that is used at all: by the pods
 * that are there at the start.
 */
export function secretExposure(population: Population): SecretExposure {
  const exposure = known.get(population) ?? exposureOf(population);
  known.set(population, exposure);
  return exposure;
}

function exposureOf(population: Population): SecretExposure {
  let bytes = 0;
  const entries = new Uint8Array(population.entryCount);
  for (let c = 0; c < population.consumerCount; c++) {
    const object = population.consumerObject[c];
    if (population.objectKind[object] !== KIND.Secret || population.podArrives[population.consumerPod[c]] === 1)
      continue;
    const mode = population.consumerMode[c];
    entries[population.consumerEntry[c]] = 1;
    if (mode !== MODE.env && mode !== MODE.imagePullSecret) bytes += population.objectSize[object];
  }
  const used = new Uint8Array(population.objectCount);
  let nodes = 0;
  for (let entry = 0; entry < population.entryCount; entry++) {
    if (entries[entry] === 0) continue;
    used[population.entryObject[entry]] = 1;
    nodes++;
  }
  const secrets = sum(used);
  const present = population.nodeCount - sum(population.nodeArrives);
  return {
    node_secret_bytes_mean: bytes / present,
    nodes_per_secret_mean: secrets === 0 ? null : nodes / secrets,
  };
}
