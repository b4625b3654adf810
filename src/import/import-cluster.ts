import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { TopologyFile } from '../cluster/model/topology-file.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { STDIN } from '../experiment/language/source.js';
import { ASSUMED_SIZE_BYTES } from './assumed-size.js';
import { experimentText } from './experiment-text.js';
import { summarizeTopology, type ImportSummary } from './import-summary.js';
import { readKubeletSettings } from './kubelet/read-settings.js';
import { operatorLines, ownerLines } from './owner-summary.js';
import { readCluster } from './read-cluster.js';
import { rotationTarget } from './object-reach.js';
import { refuseExisting, writeTogether } from '../report/output-files.js';
import { topologyBytes } from './topology-text.js';

export interface ImportOptions {
  /**
   * Output of `kubectl get nodes,pods,secrets,configmaps -A -o json`, gzip or not, or folders of such files, as support
   * bundles are; `-`: standard input.
   */
  readonly clusterFiles: readonly string[];
  /** Kubelet configurations in the forms that distributions keep; later ones are laid over earlier ones. */
  readonly kubeletFiles?: readonly string[];
  /** Bytes of objects whose size is not known. Default: 4096. */
  readonly assumedSizeBytes?: number;
  /** The label that names the pool of a node. Default: those of well-known platforms (`NODE_POOL_LABELS`). */
  readonly nodePoolLabel?: string;
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
  const { clusterFiles, kubeletFiles = [], assumedSizeBytes = ASSUMED_SIZE_BYTES, out, force = false } = options;
  const poolLabels = options.nodePoolLabel === undefined ? undefined : [options.nodePoolLabel];
  const sources = [...clusterFiles, ...kubeletFiles];
  const topologyFile = topologyPath(out);
  refuseRepeated(sources);
  await refuseExisting([out, topologyFile], force);
  const { settings: kubelet, notes: kubeletNotes } = await readKubeletSettings(kubeletFiles);
  const cluster = await readCluster(clusterFiles, assumedSizeBytes, poolLabels);
  const { topology, collected, releases } = cluster;
  const target = rotationTarget(topology);
  const bytes = topologyBytes(topology);
  const counts = summarizeTopology(cluster);
  const text = experimentText({
    name: experimentName(out),
    sources: sources.map(sourceName),
    topologyFile: basename(topologyFile),
    topologyHash: createHash('sha256').update(bytes).digest('hex'),
    size: describeSize(counts),
    releases,
    apiServers: collected.apiServerPods,
    kubelet,
    target,
    ambiguous: target !== null && sharesName(topology, target),
    owners: [...ownerLines(counts.written), ...operatorLines(counts.written)],
    csi: counts.written,
  });
  await writeTogether([
    { path: topologyFile, bytes },
    { path: out, bytes: Buffer.from(text) },
  ]);
  return {
    ...counts,
    experimentFile: out,
    topologyFile,
    kubeletRelease: releases.kubelet,
    rotated: target === null ? null : `${target.namespace}/${target.name}`,
    passedOver: cluster.tally.passedOver,
    warnings: [...cluster.notes, ...kubeletNotes],
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
