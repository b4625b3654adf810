import * as z from 'zod';
import { parse } from 'yaml';
import { durationUs, parseDuration } from '../../../src/experiment/language/values/durations.js';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { SECOND_US } from '../../../src/sim/units.js';

/** Processes of kubelets that one machine is asked to hold, and pods in all of them. */
const NODES_MAX = 200;
const PODS_MAX = 5_000;
/** A kubelet's own default (`maxPods`). */
const PODS_PER_NODE_MAX = 110;
const ROUNDS_MAX = 1_000;
/** The API server refuses tokens of less (`ValidateTokenRequest`), and gives 3,607 s to pods by default. */
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS = 3_607;
/** etcd's limit of a request is 1.5 MiB, an object's data may have 1 MiB (`MaxSecretSize`); hex text and its frame fit. */
const OBJECT_BYTES_MAX = 1_000_000;

/** Volumes that pods may mount; topology.go knows what is behind each. */
const VOLUMES = ['shared', 'own', 'immutable', 'sharedConfigMap', 'ownConfigMap', 'projected'] as const;

const seconds = z.string().transform((text, context) => {
  const duration = parseDuration(text);
  if (duration.ok) return duration.value / SECOND_US;
  context.addIssue({ code: 'custom', message: duration.reason });
  return z.NEVER;
});
const defaultSeconds = (text: string) => seconds.default(durationUs(text) / SECOND_US);

const groupNames = z.array(z.string()).min(1);

const group = z.strictObject({
  /** Begins the names of its nodes, pods and objects. */
  name: z.string().regex(/^[a-z][a-z0-9]{0,19}$/, 'expected a letter, then letters and digits, 20 at most'),
  configMapAndSecretChangeDetectionStrategy: z.enum(['Watch', 'Cache', 'Get']),
  syncFrequency: defaultSeconds('1m'),
  /** Seconds in the annotation of the TTL controller; `unset`: no annotation, which a kubelet takes for 60 s. */
  nodeTTL: z.union([z.literal('unset').transform(() => null), z.int().min(0).max(86_400)]).default(null),
  nodes: z.int().min(1).max(NODES_MAX).default(8),
  podsPerNode: z.int().min(1).max(PODS_PER_NODE_MAX).default(10),
  volumes: z.array(z.enum(VOLUMES)).min(1).default(['shared', 'own', 'immutable']),
  /** Requested life of the tokens of projected volumes. */
  tokenSeconds: z.int().min(TOKEN_SECONDS_MIN).max(86_400).default(TOKEN_SECONDS),
});

const step = z.union([
  z.strictObject({ rounds: z.int().min(1).max(ROUNDS_MAX) }),
  z.strictObject({ settle: seconds }),
  z.strictObject({ rollout: z.strictObject({ groups: groupNames, maxSurge: z.int().min(1).max(100).default(4) }) }),
  z.strictObject({ recreateImmutable: z.strictObject({ groups: groupNames }) }),
  z.strictObject({
    restart: z.strictObject({ signal: z.enum(['KILL', 'TERM']), downtime: defaultSeconds('10s') }),
  }),
  z.strictObject({ rotateKey: z.strictObject({ writesPerSecond: z.number().positive().max(1_000).default(20) }) }),
]);

const laboratory = z.strictObject({
  seed: z.int().min(0).default(1),
  /** Everything is ended then, with what was seen so far. */
  limit: defaultSeconds('2h'),
  /** From when all pods run to the first step. */
  settle: defaultSeconds('75s'),
  /** From the start of a round to that of the next: uniform between the two. */
  pause: z.tuple([seconds, seconds]).default([155, 175]),
  /** Writes of what belongs to single pods are spread over so long. */
  spread: defaultSeconds('1m'),
  objectBytes: z.int().min(16).max(OBJECT_BYTES_MAX).default(700),
  kubeAPIQPS: z.number().positive().default(50),
  kubeAPIBurst: z.int().positive().default(100),
  /** Secrets are encrypted in etcd; `rotateKey` needs it. */
  encryption: z.boolean().default(true),
  /** `--watch-progress-notify-interval` of etcd; kubeadm's (`phases/etcd/local.go`). etcd's own default is 10 min. */
  watchProgressNotifyInterval: defaultSeconds('5s'),
  kubeletVerbosity: z.int().min(0).max(10).default(0),
  /** More flags of kube-apiserver, behind those of kubeadm. */
  apiServerArguments: z.array(z.string().startsWith('--')).default([]),
  sample: defaultSeconds('10s'),
  groups: z.array(group).min(1),
  steps: z.array(step).min(1),
});

type Laboratory = z.infer<typeof laboratory>;
type Step = z.infer<typeof step>;

/** What the Go program is told: Plan in plan.go. */
export type Plan = Readonly<Record<string, unknown>>;

/** A row of `groups.csv`: what the kubelets of a group are configured with. */
export interface GroupSettings {
  readonly group: string;
  readonly configMapAndSecretChangeDetectionStrategy: string;
  readonly syncFrequency: string;
  readonly nodeTTL: string;
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly volumes: string;
}

/** A file of groups, checked. */
export interface GroupsFile {
  readonly plan: Plan;
  readonly groups: readonly GroupSettings[];
}

/**
 * Reads a file of groups and steps (YAML or JSON).
 * @param source its name, for messages
 * @throws InputError with all that is wrong in it
 */
export function readGroups(text: string, source: string, seed?: number): GroupsFile {
  const parsed = laboratory.safeParse(document(text, source));
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.map(({ path, message }) => `${source}: ${path.join('.') || 'the file'}: ${message}`),
    );
  }
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new InputError(problems.map((problem) => `${source}: ${problem}`));
  return { plan: planOf({ ...parsed.data, seed: seed ?? parsed.data.seed }), groups: parsed.data.groups.map(settings) };
}

function document(text: string, source: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    throw new InputError([`${source}: is neither YAML nor JSON`]);
  }
}

/** What no single field tells. */
function contradictions({ groups, steps, pause, spread, encryption }: Laboratory): string[] {
  const names = groups.map(({ name }) => name);
  const nodes = groups.reduce((sum, each) => sum + each.nodes, 0);
  const pods = groups.reduce((sum, each) => sum + each.nodes * each.podsPerNode, 0);
  const without = (volume: (typeof VOLUMES)[number]) => groups.filter((each) => !each.volumes.includes(volume));
  return [
    ...(new Set(names).size < names.length ? ['groups: two have the same name'] : []),
    ...(nodes > NODES_MAX ? [`groups: ${nodes} nodes, of at most ${NODES_MAX}`] : []),
    ...(pods > PODS_MAX ? [`groups: ${pods} pods, of at most ${PODS_MAX}`] : []),
    ...(pause[0] > pause[1] ? ['pause: the first is longer than the second'] : []),
    ...(spread > pause[0] ? ['spread: is longer than the pause between rounds'] : []),
    ...steps.flatMap((each, index) => {
      if ('rotateKey' in each && !encryption) return [`steps.${index}: rotateKey needs encryption: true`];
      const used = 'rollout' in each ? each.rollout : 'recreateImmutable' in each ? each.recreateImmutable : undefined;
      if (used === undefined) return [];
      const unknown = used.groups.filter((name) => !names.includes(name)).length;
      const bare = 'recreateImmutable' in each && without('immutable').some(({ name }) => used.groups.includes(name));
      return [
        ...(unknown > 0 ? [`steps.${index}: ${unknown} of its groups are not among groups`] : []),
        ...(bare ? [`steps.${index}: one of its groups mounts no volume "immutable"`] : []),
      ];
    }),
  ];
}

function planOf(file: Laboratory): Plan {
  return {
    seed: file.seed,
    limitSeconds: file.limit,
    settleSeconds: file.settle,
    pauseSeconds: file.pause,
    spreadSeconds: file.spread,
    objectBytes: file.objectBytes,
    kubeAPIQPS: file.kubeAPIQPS,
    kubeAPIBurst: file.kubeAPIBurst,
    encryption: file.encryption,
    watchProgressNotifyIntervalSeconds: file.watchProgressNotifyInterval,
    kubeletVerbosity: file.kubeletVerbosity,
    apiServerArguments: file.apiServerArguments,
    sampleSeconds: file.sample,
    audit: true,
    authorization: 'Node,RBAC',
    groups: file.groups.map(({ configMapAndSecretChangeDetectionStrategy, syncFrequency, ...rest }) => ({
      ...rest,
      strategy: configMapAndSecretChangeDetectionStrategy,
      syncSeconds: syncFrequency,
    })),
    steps: file.steps.map(planStep),
  };
}

function planStep(each: Step): Plan {
  if ('settle' in each) return { settleSeconds: each.settle };
  if ('restart' in each) return { restart: { signal: each.restart.signal, downtimeSeconds: each.restart.downtime } };
  return each;
}

function settings(each: Laboratory['groups'][number]): GroupSettings {
  return {
    group: each.name,
    configMapAndSecretChangeDetectionStrategy: each.configMapAndSecretChangeDetectionStrategy,
    syncFrequency: `${each.syncFrequency}s`,
    nodeTTL: each.nodeTTL === null ? 'unset' : `${each.nodeTTL}s`,
    nodes: each.nodes,
    podsPerNode: each.podsPerNode,
    volumes: each.volumes.join(' '),
  };
}
