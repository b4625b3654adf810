import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { compileBehaviours } from './compile.js';
import type { Draft } from './drafts.js';
import { scaledTopology, scaleProblem } from './scaled-topology.js';
import { sourceLabel } from './source.js';
import { importedTargets, type TargetCheck } from './targets.js';
import { InputError } from './values/input-error.js';
import { formatOrigin, originAt, type Located } from './values/located.js';

/** Where topology files come from. */
export interface TopologySource {
  /** The path of the topology file that an experiment calls `name`; beside: the file that names it, null where there is none. */
  locate(name: string, beside: string | null): string;
  /**
   * Throws an InputError that names the first part that is wrong.
   * @param place where the path stands: it is told where there is nothing to be read
   */
  read(path: string, place: string): Promise<{ readonly file: TopologyFile; readonly sha256: string }>;
}

/** A topology file that was read, and what is held against it. */
export interface Topology {
  /** As the experiment names it. */
  readonly path: string;
  readonly file: TopologyFile;
  readonly sha256: string;
  readonly checkTarget: TargetCheck;
}

/** The topologies of all scenarios, each read and enlarged once. */
export interface Topologies {
  /** undefined: there is none, or it cannot be read. */
  of(draft: Draft): Topology | undefined;
  /** The files. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** What is wrong with those that cannot be read, or not be enlarged as they should. */
  readonly problems: readonly string[];
}

/** The topology file of a scenario: relative to the file that names it, if that is a file. */
function topologyPath({ spec, tree }: Draft, source: TopologySource): string | undefined {
  return locateTopology(tree, spec.cluster.topology, source);
}

/** The path of the topology file that a document names; undefined where it names none. */
export function locateTopology(
  tree: Located,
  topology: string | undefined,
  source: TopologySource,
): string | undefined {
  if (topology === undefined) return undefined;
  const origin = originAt(tree, ['spec', 'cluster', 'topology']);
  const fromFile = origin.line !== undefined && origin.source !== sourceLabel('-');
  return source.locate(topology, fromFile ? origin.source : null);
}

/** Reads each topology file once, and enlarges it once by each factor; those that cannot be read are problems. */
export async function readTopologies(drafts: readonly Draft[], source: TopologySource): Promise<Topologies> {
  const files = new Map<string, Topology>();
  const enlarged = new Map<string, Topology>();
  const problems = new Map<string, readonly string[]>();
  for (const draft of drafts) {
    const path = topologyPath(draft, source);
    if (path === undefined || problems.has(path)) continue;
    const key = enlargedKey(path, draft);
    try {
      const topology = files.get(path) ?? (await readTopology(path, draft, source));
      files.set(path, topology);
      if (!enlarged.has(key) && !problems.has(key)) enlarged.set(key, enlarge(topology, draft));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.set(files.has(path) ? key : path, error.problems);
    }
  }
  return {
    of: (draft) => enlarged.get(enlargedKey(topologyPath(draft, source) ?? '', draft)),
    inputs: [...files.values()].map(({ path, sha256 }) => ({ path, sha256 })),
    problems: [...problems.values()].flat(),
  };
}

async function readTopology(path: string, { spec, tree }: Draft, source: TopologySource): Promise<Topology> {
  const origin = formatOrigin(originAt(tree, ['spec', 'cluster', 'topology']));
  const { file, sha256 } = await source.read(path, `${origin}: spec.cluster.topology`);
  const { topologyHash } = spec.cluster;
  if (topologyHash !== undefined && sha256 !== '' && topologyHash !== `sha256:${sha256}`) {
    throw new InputError([
      `${formatOrigin(originAt(tree, ['spec', 'cluster', 'topologyHash']))}: spec.cluster.topologyHash: the ` +
        'topology file is another: an import was interrupted between the two, or the file was changed; import again, ' +
        'or leave this field out',
    ]);
  }
  return { path: spec.cluster.topology ?? path, file, sha256, checkTarget: importedTargets(file) };
}

/** What distinguishes a topology of a scenario: also the release, which decides on the TTLs of a larger cluster. */
function enlargedKey(path: string, { spec }: Draft): string {
  return JSON.stringify([path, spec.cluster.scale ?? 1, compileBehaviours(spec).ttlBoundaries]);
}

/** The topology as large as a scenario wants it. Throws an InputError where that is too large. */
function enlarge(topology: Topology, { spec, tree }: Draft): Topology {
  const { scale = 1 } = spec.cluster;
  if (scale === 1) return topology;
  const problem = scaleProblem(topology.file, scale);
  if (problem !== undefined) {
    const origin = formatOrigin(originAt(tree, ['spec', 'cluster', 'scale']));
    throw new InputError([`${origin}: spec.cluster.scale: ${problem}`]);
  }
  const file = scaledTopology(topology.file, scale, compileBehaviours(spec).ttlBoundaries);
  return { ...topology, file, checkTarget: importedTargets(file) };
}
