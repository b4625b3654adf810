import { basename, dirname, join, resolve } from 'node:path';
import type { TopologyFile } from '../cluster/topology-file.js';
import { InputError } from '../experiment/input-error.js';
import { STDIN } from '../experiment/source.js';
import { buildTopology } from './build-topology.js';
import { ClusterCollector } from './cluster-collector.js';
import { experimentText } from './experiment-text.js';
import { summarizeTopology, type ImportSummary } from './import-summary.js';
import { readKubeletConfiguration, type KubeletSettings } from './kubelet-configuration.js';
import { readKubernetesItems } from './read-items.js';
import { rotationTarget } from './object-reach.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';
import { reportedReleases } from './releases.js';
import { topologyBytes } from './topology-text.js';

export interface ImportOptions {
  /** Output of `kubectl get nodes,pods,secrets,configmaps -A -o json`, gzip or not; `-`: standard input. */
  readonly clusterFiles: readonly string[];
  /** A KubeletConfiguration, YAML or JSON. */
  readonly kubeletFile?: string;
  /** The experiment file to be written, `.yaml` or `.yml`. */
  readonly out: string;
  /** Replaces files that exist. */
  readonly force?: boolean;
}

/**
 * Makes an experiment and, beside it, its topology file from a real cluster. No value of a Secret or
 * ConfigMap is kept. Writes both files or none.
 * Throws an InputError where the input is at fault, an OutputError where the disk is.
 */
export async function importCluster(options: ImportOptions): Promise<ImportSummary> {
  const { clusterFiles, kubeletFile, out, force = false } = options;
  const topologyFile = topologyPath(out);
  refuseRepeated([...clusterFiles, ...(kubeletFile === undefined ? [] : [kubeletFile])]);
  await refuseExisting([out, topologyFile], force);
  const kubelet: KubeletSettings = kubeletFile === undefined ? {} : await readKubeletConfiguration(kubeletFile);

  const collector = new ClusterCollector();
  let passedOver = 0;
  for (const file of clusterFiles) {
    passedOver += await readKubernetesItems(file, (kind, item, place) => collector.add(kind, item, place));
  }
  const topology = buildTopology(collector);
  const target = rotationTarget(topology);
  const releases = reportedReleases(collector.nodes.map(({ kubeletVersion }) => kubeletVersion));
  const counts = summarizeTopology(topology, collector);
  const text = experimentText({
    name: experimentName(out),
    sources: [...clusterFiles, ...(kubeletFile === undefined ? [] : [kubeletFile])].map(sourceName),
    topologyFile: basename(topologyFile),
    size: describeSize(counts),
    kubeletRelease: releases.kubelet,
    apiServers: collector.apiServerPods,
    kubelet,
    target,
    ambiguous: target !== null && sharesName(topology, target),
  });
  await writeTogether([
    { path: topologyFile, bytes: topologyBytes(topology) },
    { path: out, bytes: Buffer.from(text) },
  ]);
  return {
    ...counts,
    experimentFile: out,
    topologyFile,
    kubeletRelease: releases.kubelet,
    rotated: target === null ? null : `${target.namespace}/${target.name}`,
    passedOver,
    warnings: [...releases.warnings, ...contentWarnings(counts)],
  };
}

function topologyPath(out: string): string {
  const stem = /^(.+)\.ya?ml$/.exec(basename(out))?.[1];
  if (stem === undefined) {
    throw new InputError([
      `${out}: the experiment is written as YAML, with its topology file beside it: name it FILE.yaml`,
    ]);
  }
  return join(dirname(out), `${stem}.topology.json.gz`);
}

/** The folder's name for experiment.yaml, else the file's own. */
function experimentName(out: string): string {
  const stem = basename(out).replace(/\.ya?ml$/, '');
  const folder = basename(dirname(resolve(out)));
  return stem === 'experiment' && folder !== '' ? folder : stem;
}

function refuseRepeated(files: readonly string[]): void {
  const repeated = files.find((file, index) => files.indexOf(file) < index);
  if (repeated === undefined) return;
  throw new InputError([`${repeated === STDIN ? 'standard input (-)' : repeated}: is given twice`]);
}

function sourceName(path: string): string {
  return path === STDIN ? 'standard input' : basename(path);
}

function describeSize({ nodes, pods, objects }: Pick<ImportSummary, 'nodes' | 'pods' | 'objects'>): string {
  return `${nodes} nodes, ${pods.imported} pods, ${objects.Secret.present} Secrets, ${objects.ConfigMap.present} ConfigMaps`;
}

function sharesName({ objects }: TopologyFile, target: { readonly namespace: string; readonly name: string }): boolean {
  return objects.filter(({ namespace, name }) => namespace === target.namespace && name === target.name).length > 1;
}

/** What a dump looks like that was made without some of the resources, or whose contents were cut out. */
function contentWarnings({ objects }: Pick<ImportSummary, 'objects'>): string[] {
  return Object.entries(objects).flatMap(([kind, { present, missing, bytes }]) => [
    ...(present === 0 && missing > 0
      ? [`there is no ${kind} in the input, but pods refer to ${missing}: all are taken to be missing`]
      : []),
    ...(present > 0 && bytes === 0 ? [`no ${kind} in the input has any content: all are taken to be empty`] : []),
  ]);
}
