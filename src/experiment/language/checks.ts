import { kubeletSkewMax, minorsBetween } from '../../cluster/model/releases.js';
import { MAX_ENTITIES } from '../../sim/event-queue.js';
import { isCoupled } from '../../cluster/model/coupling.js';
import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { lifecycleActionOf } from '../../cluster/population/lifecycle-plan.js';
import { lifecycleSize, clusterSize, type ClusterSize } from './cluster-size.js';
import { compileCluster, compileScenario } from './compile.js';
import { durationUs } from './values/durations.js';
import type { Problem } from './problems.js';
import { pipelineProblems } from './pipeline-checks.js';
import { plausibilityProblems } from './plausibility-checks.js';
import { exceedanceProblems, metricProblems, precisionProblems, quantileProblems } from './statistics-checks.js';
import { CLUSTER_COUNTS } from './cluster-counts.js';
import type { ExperimentSpec } from './schema.js';
import { projectedSourceProblems } from './projected-source-checks.js';

/** Most pods and consumers where nodes do not meet, so that only a part of them is in memory: what 32 bits can number. */
const APART_MAX = 1_000_000_000;
/** The same where they meet: what events can tell apart. */
const MEETING_MAX = MAX_ENTITIES;
/** No event is about an object as such: so many fit into memory. */
const OBJECTS_MAX = 200_000_000;

/** Time bins of `load.csv`, over all API servers. */
const LOAD_BINS_MAX = 1_000_000;

/** What is wrong between fields of a spec whose fields are right one by one. */
export function specProblems(spec: ExperimentSpec): Problem[] {
  return [
    ...releaseProblems(spec),
    ...topologyProblems(spec),
    ...classProblems(spec),
    ...projectedSourceProblems(spec),
    ...sizeProblems(spec),
    ...binProblems(spec),
    ...precisionProblems(spec),
    ...metricProblems(spec),
    ...quantileProblems(spec),
    ...exceedanceProblems(spec),
    ...pipelineProblems(spec),
    ...plausibilityProblems(spec),
  ];
}

function releaseProblems({ cluster }: ExperimentSpec): Problem[] {
  const { kubernetesVersion, kubeletVersion } = cluster;
  if (kubeletVersion === undefined) return [];
  const skew = minorsBetween(kubeletVersion, kubernetesVersion);
  const steps = ['spec', 'cluster', 'kubeletVersion'];
  if (skew < 0) {
    return [
      {
        steps,
        message: `kubelet ${kubeletVersion} is newer than its API servers (${kubernetesVersion}); it may be the same or older`,
      },
    ];
  }
  const most = kubeletSkewMax(kubernetesVersion);
  if (skew <= most) return [];
  return [
    {
      steps,
      message: `kubelet ${kubeletVersion} is ${skew} minor releases older than its API servers (${kubernetesVersion}); at most ${most} are supported by API servers of that release`,
    },
  ];
}

function topologyProblems({ preset, cluster, objects }: ExperimentSpec): Problem[] {
  if (cluster.topology === undefined) {
    const counted = 'enlarges the cluster of a topology file, and there is none: give more cluster.nodes instead';
    return cluster.scale === undefined ? [] : [{ steps: ['spec', 'cluster', 'scale'], message: counted }];
  }
  const message = 'a topology file already says this: leave out either this or cluster.topology';
  if (preset !== undefined) return [{ steps: ['spec', 'preset'], message }];
  const counts = Object.keys(CLUSTER_COUNTS) as (keyof typeof CLUSTER_COUNTS)[];
  const problems = counts
    .filter((field) => cluster[field] !== undefined)
    .map((field): Problem => ({ steps: ['spec', 'cluster', field], message }));
  return objects.length === 0 ? problems : [...problems, { steps: ['spec', 'objects'], message }];
}

function classProblems({ objects }: ExperimentSpec): Problem[] {
  const names = new Set<string>();
  return objects.flatMap(({ name, kind, as, image }, index): Problem[] => {
    const problems: Problem[] = [];
    if (names.size === names.add(name).size) {
      problems.push({ steps: ['spec', 'objects', index, 'name'], message: 'a class of this name is defined above' });
    }
    if (as === 'imagePullSecret' && kind !== 'Secret') {
      problems.push({ steps: ['spec', 'objects', index, 'as'], message: `a ${kind} cannot be an imagePullSecret` });
    }
    if (as !== 'imagePullSecret' && image !== undefined) {
      problems.push({
        steps: ['spec', 'objects', index, 'image'],
        message: 'images are pulled with as: imagePullSecret',
      });
    }
    return problems;
  });
}

function sizeProblems(spec: ExperimentSpec): Problem[] {
  if (spec.cluster.topology !== undefined) return [];
  const size = clusterSize(compileCluster(spec, null));
  return tooLarge('makes', size, APART_MAX, ['spec', 'cluster'], ['spec', 'objects']);
}

/** What is wrong with the number of pods and objects that a run has. The spec has to be right otherwise. */
export function lifecycleProblems(spec: ExperimentSpec, topology: TopologyFile | null): Problem[] {
  const input = compileScenario(spec, topology, 'none');
  if (!isCoupled(input)) return [];
  const size = lifecycleSize(input.cluster, input.timeline, input.durationUs);
  const timeline = ['spec', 'timeline'];
  const brings = input.timeline.some((entry) => lifecycleActionOf(entry) !== null);
  const [podSteps, objectSteps] = brings
    ? [timeline, timeline]
    : [
        ['spec', 'cluster'],
        ['spec', 'objects'],
      ];
  const verb = brings ? 'with all that is replaced makes' : 'with kubelets that meet at the API servers makes';
  return tooLarge(verb, size, MEETING_MAX, podSteps, objectSteps).slice(0, 1);
}

function tooLarge(
  verb: string,
  { pods, objects, consumers }: ClusterSize,
  most: number,
  podSteps: Problem['steps'],
  objectSteps: Problem['steps'],
): Problem[] {
  const problems: Problem[] = [];
  const check = (steps: Problem['steps'], what: string, found: number, max: number): void => {
    if (found > max) problems.push({ steps, message: `${verb} ${found} ${what}; at most ${max} can be simulated` });
  };
  check(podSteps, 'pods', pods, most);
  check(objectSteps, 'objects', objects, OBJECTS_MAX);
  check(objectSteps, 'consumers (uses of an object by a pod)', consumers, most);
  return problems;
}

function binProblems({ duration, output, cluster }: ExperimentSpec): Problem[] {
  if (output.loadBin === undefined) return [];
  const bins = Math.ceil(durationUs(duration) / durationUs(output.loadBin)) * cluster.apiServers;
  if (bins <= LOAD_BINS_MAX) return [];
  const message = `makes ${bins} rows per run in load.csv; at most ${LOAD_BINS_MAX} are allowed: take a longer bin`;
  return [{ steps: ['spec', 'output', 'loadBin'], message }];
}
