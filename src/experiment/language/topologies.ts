import type { TopologyFile } from '../../cluster/model/topology-file.js';
import type { Draft } from './drafts.js';
import { sourceLabel } from './source.js';
import { importedTargets, type TargetCheck } from './targets.js';
import { InputError } from './values/input-error.js';
import { formatOrigin, originAt } from './values/located.js';

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

/** The topology file of a scenario: relative to the file that names it, if that is a file. */
export function topologyPath({ spec, tree }: Draft, source: TopologySource): string | undefined {
  const { topology } = spec.cluster;
  if (topology === undefined) return undefined;
  const origin = originAt(tree, ['spec', 'cluster', 'topology']);
  const fromFile = origin.line !== undefined && origin.source !== sourceLabel('-');
  return source.locate(topology, fromFile ? origin.source : null);
}

/** Reads each topology file once; those that cannot be read are problems. */
export async function readTopologies(
  drafts: readonly Draft[],
  source: TopologySource,
): Promise<{ readonly topologies: ReadonlyMap<string, Topology>; readonly problems: readonly string[] }> {
  const topologies = new Map<string, Topology>();
  const problems = new Map<string, readonly string[]>();
  for (const draft of drafts) {
    const path = topologyPath(draft, source);
    if (path === undefined || topologies.has(path) || problems.has(path)) continue;
    try {
      const origin = formatOrigin(originAt(draft.tree, ['spec', 'cluster', 'topology']));
      const { file, sha256 } = await source.read(path, `${origin}: spec.cluster.topology`);
      const name = draft.spec.cluster.topology ?? path;
      topologies.set(path, { path: name, file, sha256, checkTarget: importedTargets(file) });
      const { topologyHash } = draft.spec.cluster;
      if (topologyHash !== undefined && sha256 !== '' && topologyHash !== `sha256:${sha256}`) {
        throw new InputError([
          `${formatOrigin(originAt(draft.tree, ['spec', 'cluster', 'topologyHash']))}: spec.cluster.topologyHash: the ` +
            'topology file is another: an import was interrupted between the two, or the file was changed; import again, ' +
            'or leave this field out',
        ]);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.set(path, error.problems);
    }
  }
  return { topologies, problems: [...problems.values()].flat() };
}
