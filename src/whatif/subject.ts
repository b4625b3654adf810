import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { TopologyFile } from '../cluster/model/topology-file.js';
import { checkDocument } from '../experiment/language/drafts.js';
import { readLayers } from '../experiment/language/layers.js';
import { loadExperiment, TOPOLOGIES_ON_DISK } from '../experiment/language/load-experiment.js';
import { readSource } from '../experiment/language/read-source.js';
import { jsonSchema, type SpecInput } from '../experiment/language/schema.js';
import { locateTopology, type TopologySource } from '../experiment/language/topologies.js';
import { readTopologyFile } from '../experiment/language/topology-reader.js';
import { API_SERVERS } from '../import/api-server-pods.js';
import { ASSUMED_SIZE_BYTES } from '../import/assumed-size.js';
import { rotationTarget } from '../import/object-reach.js';
import { readCluster } from '../import/read-cluster.js';
import { releaseFields } from '../import/reported-releases.js';
import { topologyBytes } from '../import/topology-text.js';
import { kindOfFile } from './kind-of-file.js';

/** What is changed: a cluster with its settings, and what happens in it. */
export interface Subject {
  readonly name: string;
  /** `spec` of an experiment that has no factors. */
  readonly spec: SpecInput;
  /** The cluster of the topology; null where it is made from counts. */
  readonly topology: TopologyFile | null;
  readonly topologies: TopologySource;
  /** The topology of a dump as a file; null where there is one already. */
  readonly bytes: Buffer | null;
  /** What the user has to know of how it was read, one sentence each. */
  readonly notes: readonly string[];
}

/** How a dump is read. */
export interface DumpOptions {
  /** Bytes of objects whose size is not known. */
  readonly assumedSizeBytes?: number;
  /** The label that names the pool of a node. */
  readonly nodePoolLabel?: string;
  /** Where the topology of a dump will stand, for the results to refer to. */
  readonly topologyPath: string;
}

/** What chooses between scenarios: there are two others here. A preset is in the other fields already. */
const OF_SCENARIOS: Pick<SpecInput, 'preset' | 'factors' | 'design' | 'where' | 'baseline' | 'names'> = {
  preset: undefined,
  factors: {},
  design: undefined,
  where: undefined,
  baseline: undefined,
  names: undefined,
};

/**
 * Reads what is to be changed: an experiment (several are laid over each other), a topology file, or a dump of a cluster
 * (files or folders). Throws an InputError where it is something else.
 */
export async function readSubject(files: readonly string[], options: DumpOptions): Promise<Subject> {
  switch (await kindOfFile(files[0])) {
    case 'experiment':
      return ofExperiment(files);
    case 'topology':
      return ofTopology(files[0]);
    case 'dump':
      return ofDump(files, options);
  }
}

async function ofExperiment(files: readonly string[]): Promise<Subject> {
  const { name, scenarios } = await loadExperiment(files);
  const schema = jsonSchema();
  const tree = await readLayers(files, {}, schema, readSource);
  const { spec: written } = checkDocument(tree, schema);
  const spec: SpecInput = { ...written, ...OF_SCENARIOS };
  const { cluster } = scenarios[0].input;
  const topology = locateTopology(tree, written.cluster.topology, TOPOLOGIES_ON_DISK);
  return {
    name,
    spec: topology === undefined ? spec : { ...spec, cluster: { ...written.cluster, topology } },
    topology: cluster.type === 'imported' ? cluster.file : null,
    topologies: TOPOLOGIES_ON_DISK,
    bytes: null,
    notes: [],
  };
}

async function ofTopology(path: string): Promise<Subject> {
  const { file } = await readTopologyFile(path);
  const spec = { cluster: { topology: path }, timeline: rotation(file), output: { groups: true } };
  return { name: nameOf(path), spec, topology: file, topologies: TOPOLOGIES_ON_DISK, bytes: null, notes: [] };
}

async function ofDump(files: readonly string[], options: DumpOptions): Promise<Subject> {
  const { assumedSizeBytes = ASSUMED_SIZE_BYTES, nodePoolLabel, topologyPath } = options;
  const poolLabels = nodePoolLabel === undefined ? undefined : [nodePoolLabel];
  const { topology, collected, releases, notes } = await readCluster(files, assumedSizeBytes, poolLabels);
  const bytes = topologyBytes(topology);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const apiServers = collected.apiServerPods === 0 ? API_SERVERS : collected.apiServerPods;
  return {
    name: nameOf(files[0]),
    spec: {
      cluster: { topology: topologyPath, ...releaseFields(releases), apiServers },
      timeline: rotation(topology),
      output: { groups: true },
    },
    topology,
    topologies: { locate: (name) => name, read: () => Promise.resolve({ file: topology, sha256 }) },
    bytes,
    notes,
  };
}

/** The Secret that reaches most pods, as `import` has it; nothing where no Secret can change. */
function rotation(topology: TopologyFile): NonNullable<SpecInput['timeline']> {
  const target = rotationTarget(topology);
  return target === null ? [] : [updateOf(`${target.namespace}/${target.name}`, topology)];
}

/** An entry of the timeline that updates a target; where a Secret and a ConfigMap have this name, the Secret. */
export function updateOf(target: string, topology: TopologyFile | null): NonNullable<SpecInput['timeline']>[number] {
  const named = topology?.objects.filter(({ namespace, name }) => `${namespace}/${name}` === target) ?? [];
  return { at: '1m', update: target, ...(named.length > 1 && { kind: 'Secret' as const }) };
}

/** The file's name without what says how it is written. */
function nameOf(path: string): string {
  return basename(path).replace(/(\.topology)?\.(ya?ml|json)(\.gz)?$/, '') || 'cluster';
}
