import { STRATEGY_NAMES, type Strategy } from '../cluster/kubelet/secret-manager/strategies.js';
import { NEWEST_RELEASE } from '../cluster/model/releases.js';
import type { TopologyObject } from '../cluster/model/topology-file.js';
import type { KubeletSettings } from './kubelet/settings.js';
import type { OwnerFacts } from './owners/owner-facts.js';
import { API_SERVERS } from './api-server-pods.js';
import { type ReportedReleases, releaseFields } from './reported-releases.js';
import { noted, oneLine, scalar } from './yaml-lines.js';

/** What an imported experiment is made of. */
export interface ImportedExperiment {
  readonly name: string;
  /** Files that it was made from, for the comment. */
  readonly sources: readonly string[];
  /** File beside the experiment. */
  readonly topologyFile: string;
  /** SHA-256 of the topology file, hexadecimal. */
  readonly topologyHash: string;
  /** Counts of the cluster, for the comment: `48 nodes, 648 pods`. */
  readonly size: string;
  readonly releases: Pick<ReportedReleases, 'server' | 'kubelet'>;
  /** API servers that were seen as pods; 0 where they run elsewhere. */
  readonly apiServers: number;
  readonly kubelet: KubeletSettings;
  /** The Secret to rotate; null where there is none. */
  readonly target: TopologyObject | null;
  /** A ConfigMap of the same namespace and name exists. */
  readonly ambiguous: boolean;
  /** Who writes objects of the cluster again, a line each. */
  readonly owners: readonly string[];
  /** Pods with volumes of the Secrets Store CSI driver, and its settings where the input tells them. */
  readonly csi: Pick<OwnerFacts, 'csiPods' | 'driver'>;
}

/** What kubelets do that are told nothing (`SetDefaults_KubeletConfiguration`). */
const DEFAULT_STRATEGY: Strategy = 'Watch';

/** The experiment that `import` writes: YAML with comments, the question first. */
export function experimentText(experiment: ImportedExperiment): string {
  const { name, target, topologyFile } = experiment;
  const secret = target === null ? 'a Secret' : `the Secret ${oneLine(`${target.namespace}/${target.name}`)}`;
  return [
    `# When ${secret} of this cluster is rotated, how long does it take to reach the last pod, through`,
    `# which stages, and what do the cluster's Secrets and ConfigMaps cost its API servers, under Watch, Cache and Get?`,
    '#',
    `# Made by secretsim import from ${experiment.sources.map(oneLine).join(' and ')}: ${experiment.size}.`,
    '# Names, sizes and references are those of the cluster; no value of a Secret or ConfigMap was kept.',
    ...ownerComment(experiment.owners),
    'apiVersion: secretsim/v1',
    'kind: Experiment',
    'metadata:',
    `  name: ${scalar(name)}`,
    'spec:',
    '  seed: "1"',
    noted('  replications: 10', 'confidence intervals come from these'),
    noted('  start: steady', 'all pods have long been running'),
    noted('  warmup: 5m', 'simulated, not measured'),
    noted('  duration: 30m', 'measured; timeline times count from its start'),
    '',
    '  cluster:',
    noted(`    topology: ${scalar(topologyFile)}`, 'who mounts what on which node'),
    `    topologyHash: sha256:${experiment.topologyHash}`,
    ...releaseLines(experiment.releases),
    apiServerLine(experiment.apiServers),
    '',
    ...kubeletLines(experiment.kubelet),
    '',
    ...timelineLines(experiment),
    ...driverLines(experiment.csi),
    '',
    noted('  baseline: now', 'the first scenario: the cluster as it is; the others are told as a difference to it'),
    noted('  factors:', 'every combination is a scenario'),
    `    kubelet.configMapAndSecretChangeDetectionStrategy: [${strategies(experiment.kubelet).join(', ')}]`,
    '    # kubelet.syncFrequency: [10s, 30s, 1m, 2m]',
    '',
    noted('  output: {groups: true}', 'delays by namespace, owner and node pool: groups.csv'),
    '',
    noted('  # slos: ["last_pod_max_s < 120"]', 'metric columns of runs.csv; a miss makes the exit code 3'),
    '',
  ].join('\n');
}

function ownerComment(owners: readonly string[]): string[] {
  if (owners.length === 0) return [];
  return [
    '# Programs of the cluster write objects again (spec.operators puts them into the simulation):',
    ...owners.map((line) => `#   ${oneLine(line)}`),
  ];
}

/** All strategies, the cluster's own first. */
function strategies({ configMapAndSecretChangeDetectionStrategy: own = DEFAULT_STRATEGY }: KubeletSettings) {
  return [own, ...STRATEGY_NAMES.filter((name) => name !== own)];
}

function releaseLines(releases: ImportedExperiment['releases']): string[] {
  const { kubernetesVersion, kubeletVersion } = releaseFields(releases);
  if (kubernetesVersion === undefined)
    return [noted(`    # kubernetesVersion: "${NEWEST_RELEASE}"`, 'no node reports its release: set it')];
  const origin =
    releases.server === null ? 'of the kubelets; that of the API servers is not in the input' : 'of the API servers';
  return [
    noted(`    kubernetesVersion: "${kubernetesVersion}"`, origin),
    ...(kubeletVersion === undefined ? [] : [noted(`    kubeletVersion: "${kubeletVersion}"`, 'of the kubelets')]),
  ];
}

function apiServerLine(seen: number): string {
  return seen === 0
    ? noted(`    apiServers: ${API_SERVERS}`, 'assumed: the input has none as a pod')
    : noted(`    apiServers: ${seen}`, 'pods of the control plane');
}

function kubeletLines(kubelet: KubeletSettings): string[] {
  const settings = Object.entries(kubelet) as [string, string | number][];
  const absent = (field: keyof KubeletSettings, text: string): string[] =>
    kubelet[field] === undefined ? [noted(`    # ${field}: ${text}`, 'the default')] : [];
  return [
    noted('  kubelet:', 'fields of KubeletConfiguration'),
    ...settings.map(([field, value]) => `    ${field}: ${scalar(value)}`),
    ...absent('syncFrequency', '1m'),
    ...absent('configMapAndSecretChangeDetectionStrategy', 'Watch'),
    noted('    nodeTTL: auto', 'the annotation of each node; 60s where it has none'),
  ];
}

/**
 * The Secrets Store CSI driver. Where it does not rotate, or the input does not tell, it is a comment: then its volumes stay
 * as they are, and need not be simulated.
 */
function driverLines({ csiPods, driver }: ImportedExperiment['csi']): string[] {
  if (csiPods === 0) return [];
  const rotates = driver?.enableSecretRotation === true;
  const settings = [
    ...(typeof driver?.version === 'string' ? [`version: "${driver.version}"`] : []),
    'enableSecretRotation: true',
    ...(driver?.version === '1.5' && driver.rotationPollInterval !== null
      ? [`rotationPollInterval: ${driver.rotationPollInterval}`]
      : []),
  ];
  const told =
    driver === null
      ? 'not in the input: whether it rotates'
      : rotates
        ? 'as its pods say'
        : 'its pods say that it does not';
  const lines = [
    noted(
      'operators:',
      `the Secrets Store CSI driver: ${csiPods} ${csiPods === 1 ? 'pod mounts' : 'pods mount'} volumes of it`,
    ),
    noted(`  secretsStore: {${settings.join(', ')}}`, told),
  ];
  return ['', ...lines.map((line) => (rotates ? `  ${line}` : `  # ${line}`))];
}

function timelineLines({ target, ambiguous }: ImportedExperiment): string[] {
  if (target === null) {
    return [
      '  # No running pod mounts a Secret that can change: name an object as namespace/name.',
      '  # timeline:',
      '  #   - {at: 1m, update: namespace/name}',
    ];
  }
  const kind = ambiguous ? ', kind: Secret' : '';
  return [
    noted('  timeline:', 'any Secret or ConfigMap as namespace/name; this Secret reaches most pods'),
    `    - {at: 1m, update: ${scalar(`${target.namespace}/${target.name}`)}${kind}}`,
    "    # - {at: 10m, update: 'payments/*', rate: 5/s}         # a pattern: * and ? stand for parts of a name",
    '    # - {every: 5m, update: namespace/name, jitter: 30s}   # also: delete, recreate, markImmutable, annotatePods',
  ];
}
