import { sum } from 'd3-array';
import { CONSUMPTION_MODES, OBJECT_KINDS } from './model-input.js';
import type { RunMetrics } from './run-record.js';
import type { Topology } from './topology.js';

const SECRET = OBJECT_KINDS.indexOf('Secret');
const ENV = CONSUMPTION_MODES.indexOf('env');
const IMAGE_PULL_SECRET = CONSUMPTION_MODES.indexOf('imagePullSecret');

/** Where the cluster's Secrets lie. */
type SecretExposure = Pick<RunMetrics, 'node_secret_bytes_mean' | 'nodes_per_secret_mean'>;

/** What is known of clusters that have been looked at: all runs of a scenario have the same. */
const known = new WeakMap<Topology, SecretExposure>();

/**
 * tmpfs that Secret volumes take per node, and how many nodes can read one Secret that is used at all: by the pods
 * that are there at the start.
 */
export function secretExposure(topology: Topology): SecretExposure {
  const exposure = known.get(topology) ?? exposureOf(topology);
  known.set(topology, exposure);
  return exposure;
}

function exposureOf(topology: Topology): SecretExposure {
  let bytes = 0;
  const entries = new Uint8Array(topology.entryCount);
  for (let c = 0; c < topology.consumerCount; c++) {
    const object = topology.consumerObject[c];
    if (topology.objectKind[object] !== SECRET || topology.podArrives[topology.consumerPod[c]] === 1) continue;
    const mode = topology.consumerMode[c];
    entries[topology.consumerEntry[c]] = 1;
    if (mode !== ENV && mode !== IMAGE_PULL_SECRET) bytes += topology.objectSize[object];
  }
  const used = new Uint8Array(topology.objectCount);
  let nodes = 0;
  for (let entry = 0; entry < topology.entryCount; entry++) {
    if (entries[entry] === 0) continue;
    used[topology.entryObject[entry]] = 1;
    nodes++;
  }
  const secrets = sum(used);
  const present = topology.nodeCount - sum(topology.nodeArrives);
  return {
    node_secret_bytes_mean: bytes / present,
    nodes_per_secret_mean: secrets === 0 ? null : nodes / secrets,
  };
}
