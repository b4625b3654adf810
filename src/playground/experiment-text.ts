import { objectsOfClass } from '../experiment/language/cluster-size.js';
import { RATE_MAX_PER_S } from '../experiment/language/values/rates.js';
import { noted, oneLine, scalar } from '../import/yaml-lines.js';
import { type DumpedCluster, TOPOLOGY_FILE } from './dumped-cluster.js';
import {
  type Knobs,
  NONE,
  type PresetCluster,
  type Restart,
  type RotatableClass,
  SHARED_SECRET,
  type Way,
} from './knobs.js';

/** A class of objects is rotated one by one, in so many seconds. */
const ROTATION_S = 120;

/** How long a Reloader takes to react. */
const REACTION = '5s';

/** How API servers restart; each is away for 10 s. The rotation is over by then, mostly. */
const RESTARTING: Readonly<Record<Exclude<Restart, 'none'>, string>> = {
  rolling: 'servers: all, stagger: 30s, downtime: 10s',
  together: 'servers: all, stagger: 0s, downtime: 10s',
  one: 'servers: 1, downtime: 10s',
};

/**
 * The experiment that the knobs stand for: YAML that `secretsim run` takes as it is. The page itself computes this text.
 * @param name of the experiment
 */
export function textOfKnobs(knobs: Knobs, cluster: PresetCluster | DumpedCluster, name = 'playground'): string {
  const { strategy, rotated } = knobs;
  const question = `When ${rotated} is rotated, when does the last pod have it, and what does ${strategy} cost?`;
  return [
    `# ${oneLine(question)}`,
    '# Made with the playground of secretsim: secretsim run FILE gives the same numbers, to the last digit.',
    ...(cluster.type === 'dump' ? [`# ${TOPOLOGY_FILE} has to be beside it: the page's button saves it.`] : []),
    'apiVersion: secretsim/v1',
    'kind: Experiment',
    'metadata:',
    `  name: ${name}`,
    `  question: ${scalar(question)}`,
    'spec:',
    ...(cluster.type === 'preset' ? [noted(`  preset: ${cluster.name}`, oneLine(cluster.description))] : []),
    `  seed: ${JSON.stringify(knobs.seed)}`,
    noted(`  replications: ${knobs.replications}`, 'each with other random numbers'),
    noted('  warmup: 1m', 'simulated, not measured; pods have long been running'),
    noted('  duration: 10m', 'measured; updates that are under way after it are waited for'),
    '  cluster:',
    ...(cluster.type === 'dump'
      ? [`    topology: ${TOPOLOGY_FILE}`]
      : [`    nodes: ${knobs.nodes}`, `    podsPerNode: ${knobs.podsPerNode}`]),
    `    kubernetesVersion: "${knobs.release}"`,
    `    apiServers: ${knobs.apiServers}`,
    '  kubelet:',
    `    configMapAndSecretChangeDetectionStrategy: ${strategy}`,
    `    syncFrequency: ${knobs.syncFrequency}`,
    `    nodeTTL: ${knobs.nodeTTL}`,
    ...(knobs.kubeAPIQPS === null ? [] : [`    kubeAPIQPS: ${knobs.kubeAPIQPS}`]),
    ...(knobs.kubeAPIBurst === null ? [] : [`    kubeAPIBurst: ${knobs.kubeAPIBurst}`]),
    ...(cluster.type === 'preset' ? objectLines(knobs, cluster) : []),
    ...timelineLines(knobs, cluster),
    ...pipelineLines(knobs),
    ...comparisonLines(knobs),
    ...(knobs.slo === '' ? [] : ['  slos:', `    - ${JSON.stringify(knobs.slo)}`]),
    '  output:',
    noted('    rotation: true', 'how long to keep the old credential valid'),
    ...(cluster.type === 'dump' ? [noted('    groups: true', 'delays by namespace, owner and node pool')] : []),
    '',
  ].join('\n');
}

/** What stands before and behind the kubelet. */
function pipelineLines({ refreshInterval, reloadInterval }: Knobs): string[] {
  const stages = [
    ...(refreshInterval === NONE ? [] : [`    source: { refreshInterval: ${refreshInterval} }`]),
    ...(reloadInterval === NONE ? [] : [`    application: { reloadInterval: ${reloadInterval} }`]),
  ];
  return stages.length === 0 ? [] : ['  pipeline:', ...stages];
}

/** Two releases side by side, the one that is compared with as the baseline. */
function comparisonLines({ release, comparedRelease }: Knobs): string[] {
  if (comparedRelease === NONE || comparedRelease === release) return [];
  const [before, after] = [comparedRelease, release].map((each) => `Kubernetes ${each}`);
  return [
    `  baseline: ${before}`,
    `  names: [${before}, ${after}]`,
    '  factors:',
    `    cluster.kubernetesVersion: ["${comparedRelease}", "${release}"]`,
  ];
}

/** The preset's classes with their immutable share; what is rotated can change. */
function objectLines({ rotated, immutableShare }: Knobs, { name, classes }: PresetCluster): string[] {
  const lines = classes.map((each) => {
    const share = each.name === rotated || each.scope === 'cluster' ? 0 : immutableShare;
    if (each !== SHARED_SECRET) return `    - { name: ${each.name}, immutable: ${share} }`;
    return noted(
      `    - { name: ${each.name}, kind: ${each.kind}, scope: ${each.scope} }`,
      `not in ${name}: every pod mounts it`,
    );
  });
  return [noted('  objects:', 'what differs from the preset'), ...lines];
}

function timelineLines(knobs: Knobs, cluster: PresetCluster | DumpedCluster): string[] {
  const { restart } = knobs;
  const lines = [
    ...rotationEntries(knobs, cluster),
    ...(restart === 'none' ? [] : [`    - { at: 5m, restartApiServer: { ${RESTARTING[restart]} } }`]),
  ];
  return lines.length === 0 ? [] : ['  timeline:', ...lines];
}

function rotationEntries(knobs: Knobs, cluster: PresetCluster | DumpedCluster): string[] {
  if (cluster.type === 'dump') {
    const target = cluster.targets.find(({ object }) => object === knobs.rotated);
    if (target === undefined) return [];
    return entries(knobs.way, scalar(target.object), [`kind: ${target.kind}`], []);
  }
  const objectClass = cluster.classes.find(({ name }) => name === knobs.rotated);
  if (objectClass === undefined) return [];
  const count = countOf(objectClass, knobs, cluster);
  const pace = count === 1 ? [] : [`rate: ${Math.min(RATE_MAX_PER_S, Math.ceil(count / ROTATION_S))}/s`];
  const order = count === 1 ? [] : ['order: random'];
  return entries(knobs.way, objectClass.name, order, pace);
}

/** The rotation of a target one way: further fields of the entry that names it, and how fast things happen. */
function entries(way: Way, target: string, more: readonly string[], pace: readonly string[]): string[] {
  const entry = (...fields: readonly string[]): string => `    - { ${['at: 1m', ...fields].join(', ')} }`;
  if (way === 'newName' || way === 'recreate') return [entry(`replace: ${target}`, `by: ${way}`, ...pace, ...more)];
  const update = entry(`update: ${target}`, ...pace, ...more);
  if (way === 'inPlace') return [update];
  const rollout = [`consumersOf: ${target}`, `after: ${REACTION}`, ...pace].join(', ');
  return [update, entry(`rollout: { ${rollout} }`, ...more.filter((field) => field.startsWith('kind')))];
}

/** How many objects of a class there are with these knobs. */
export function countOf(objectClass: RotatableClass, { nodes, podsPerNode }: Knobs, cluster: PresetCluster): number {
  const { namespaces, deploymentReplicas } = cluster;
  return objectsOfClass(
    { nodes, podsPerNode, namespaces, deploymentReplicas },
    { ...objectClass, podFraction: 1, as: 'volume', sizeBytes: 0, immutableShare: 0, optional: false },
  );
}
