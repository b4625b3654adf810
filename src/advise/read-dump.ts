import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TopologyFile } from '../cluster/topology-file.js';
import { InputError } from '../experiment/input-error.js';
import { STDIN } from '../experiment/source.js';
import { buildTopology } from '../import/build-topology.js';
import { ClusterCollector } from '../import/cluster-collector.js';
import type { ObjectHistory } from '../import/object-history.js';
import { readKubernetesItems } from '../import/read-items.js';
import { reportedReleases } from '../import/releases.js';

/** A real cluster with the history of its objects. */
export interface Dump {
  readonly topology: TopologyFile;
  /** Of each object of the topology, in its order; undefined for missing ones. */
  readonly histories: readonly (ObjectHistory | undefined)[];
  /** The newest time in the dump, ms since 1970; null where it tells none. */
  readonly newestAt: number | null;
  readonly kubeletRelease: string | null;
  /** API servers that were seen as pods; 0 where they run elsewhere. */
  readonly apiServerPods: number;
  /** What the user has to know, one sentence each. */
  readonly warnings: readonly string[];
}

const ASK_KUBECTL = 'kubectl get nodes,pods,secrets,configmaps -A -o json --show-managed-fields';

/**
 * Reads a dump: files that `kubectl get … -o json` wrote (`-`: standard input; gzip or not), or folders of such files.
 * No value of a Secret, ConfigMap, annotation or label is kept.
 * Throws an InputError where the input is something else.
 */
export async function readDump(paths: readonly string[]): Promise<Dump> {
  const collector = new ClusterCollector();
  for (const file of (await Promise.all(paths.map(filesOf))).flat()) {
    await readKubernetesItems(file, (kind, item, place) => collector.add(kind, item, place));
  }
  const topology = buildTopology(collector);
  const histories = new Map(collector.objects.map((object) => [keyOf(object), object.history]));
  const releases = reportedReleases(collector.nodes.map(({ kubeletVersion }) => kubeletVersion));
  const untold = collector.objects.filter(({ history }) => history.writers === null).length;
  return {
    topology,
    histories: topology.objects.map((object) => histories.get(keyOf(object))),
    newestAt: Number.isFinite(collector.newestAt) ? collector.newestAt : null,
    kubeletRelease: releases.kubelet,
    apiServerPods: collector.apiServerPods,
    warnings: [...releases.warnings, ...(untold === 0 ? [] : [withoutFields(untold, collector.objects.length)])],
  };
}

function withoutFields(untold: number, all: number): string {
  return (
    `${untold === all ? 'no object' : `${untold} of ${all} objects`} in the input ${untold === all ? 'has' : 'have no'} ` +
    `managedFields, which kubectl leaves out from 1.21 on: who wrote them and when is not known; ask for them: ${ASK_KUBECTL}`
  );
}

/** The files of a dump: the file itself, or the JSON files of a folder. Throws an InputError for an experiment's folder. */
async function filesOf(path: string): Promise<readonly string[]> {
  if (path === STDIN) return [path];
  if (path.endsWith('.topology.json.gz')) throw new InputError([`${path}: ${notADump('is')}`]);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) return [path];
  const names = (await readdir(path)).sort();
  const made = names.find((name) => name.endsWith('.topology.json.gz') || name === 'manifest.json');
  const dumps = names.filter((name) => /\.json(?:\.gz)?$/.test(name) && !isMade(name));
  if (made !== undefined) {
    const hint = dumps.length === 0 ? '' : `; name the dump itself, if it is there: ${join(path, dumps[0])}`;
    throw new InputError([`${path}: holds ${made}: ${notADump('a folder like that is')}${hint}`]);
  }
  if (dumps.length === 0)
    throw new InputError([`${path}: has no .json or .json.gz file; needed is the output of ${ASK_KUBECTL}`]);
  return dumps.map((name) => join(path, name));
}

function isMade(name: string): boolean {
  return name.endsWith('.topology.json.gz') || basename(name) === 'manifest.json';
}

function notADump(subject: string): string {
  return `${subject} an imported experiment or a result, which has neither times nor owners of objects; needed is the output of ${ASK_KUBECTL}`;
}

function keyOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}) {
  return `${kind}/${namespace}/${name}`;
}
