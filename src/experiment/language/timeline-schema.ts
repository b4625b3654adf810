import * as z from 'zod';
import { OBJECT_KINDS } from '../../cluster/model/kinds.js';
import { RESTARTABLE } from '../../cluster/model/operators-input.js';
import { NODES_MAX } from './cluster-counts.js';
import {
  count,
  durationField,
  nameField,
  rateField,
  shareField,
  textField,
  wholeNumberField,
} from './values/fields.js';
import { percentField, percentText } from './values/percent-fields.js';

/** Most pods that one entry may replace at once: more than any cluster deletes in one go. */
const CHURN_PODS_MAX = 1_000_000;
/** Most replicas of a deployment: as `cluster.deploymentReplicas`. */
const REPLICAS_MAX = 1_000_000;
/** As many as `cluster.apiServers` may be. */
const SERVERS_MAX = 100;

const target = (action: string) =>
  textField({
    description: `${action}: the name of a class, or namespace/name in an imported cluster; * and ? make it a pattern.`,
  }).optional();

const instant = (description: string) => durationField({ example: '5m', description }).optional();

const annotatePods = z
  .strictObject({ fraction: shareField().default(1).describe('Share of the pods. Choice of this program.') })
  .optional()
  .describe('Touches pods: an immediate sync that resets their timer.');

/** Which deployments an action concerns. */
const deploymentChoice = {
  deployments: percentField({ description: 'Share of the deployments. Choice of this program.' }).default('100%'),
  consumersOf: textField({
    description:
      'Only deployments with a pod that uses an object of this class, or namespace/name in an imported cluster, ' +
      'however it uses it; * and ? make it a pattern.',
  }).optional(),
};

const rollout = z
  .strictObject({
    ...deploymentChoice,
    after: durationField({
      example: '5s',
      description:
        'From the time of the entry until the first rollout: how long whoever starts it takes to react. Choice of this program.',
    }).default('0s'),
    rate: rateField({
      description: 'Deployments, one after another; default: all at once. Choice of this program.',
    }).optional(),
    maxUnavailable: percentField({
      description: "Share of a deployment's replicas that may be missing. Source: Deployment, rounded down.",
    }).default('25%'),
    maxSurge: percentField({
      description: "Share of a deployment's replicas that may be there in addition. Source: Deployment, rounded up.",
    }).default('25%'),
  })
  .optional()
  .describe(
    'New pods in place of the old ones, as the rolling update of a Deployment does it: `kubectl rollout restart`, or ' +
      'with consumersOf and after what a Reloader does. In an imported cluster, DaemonSets and StatefulSets take one pod ' +
      'after another (or as their updateStrategy says), each when the one before has ended; Jobs keep theirs.',
  );

const scale = z
  .strictObject({
    ...deploymentChoice,
    replicas: z
      .union([wholeNumberField({ min: 0, max: REPLICAS_MAX }), percentText()])
      .describe("Of each of the deployments: a number, or a share of its replicas at the start, such as '50%'."),
  })
  .optional()
  .describe('Deployments, and StatefulSets, get another number of replicas: to 0, and up again.');

const drain = z
  .strictObject({
    nodes: z
      .union([count('So many.', NODES_MAX), percentText()])
      .describe("How many nodes, chosen at random: a number, or a share such as '10%'."),
    rate: rateField({
      description: 'Nodes, one after another; default: all at once. Choice of this program.',
    }).optional(),
    maxUnavailable: percentField({
      description:
        "Share of a deployment's replicas that may be missing: its PodDisruptionBudget. Source: rounded up; 100%: none.",
    }).default('100%'),
    cordoned: durationField({
      example: '10m',
      description: 'From the beginning of its drain, a node takes no pods for so long. Assumption.',
    }).default('10m'),
  })
  .optional()
  .describe(
    'Nodes are emptied, as kubectl drain does it: their pods come back on other nodes. Those of DaemonSets, and those that no controller owns, stay.',
  );

const removeNodes = z
  .union([
    count('So many, with their pods.', NODES_MAX),
    z.strictObject({
      nodes: count('So many.', NODES_MAX),
      pods: z
        .enum(['leave', 'comeBack'])
        .default('leave')
        .describe(
          'leave: with their nodes; comeBack: on other nodes, once the pod garbage collector has found them. Choice of this program.',
        ),
    }),
  ])
  .optional()
  .describe('Nodes that are switched off, chosen at random: a number, or nodes and what becomes of their pods.');

const restartApiServer = z
  .strictObject({
    servers: z
      .union([z.literal('all'), count('How many of them.', SERVERS_MAX)])
      .default(1)
      .describe('How many, one after another: a number, or all. Choice of this program.'),
    stagger: durationField({
      example: '30s',
      description: "From one server's stop to the next one's. Assumption.",
    }).default('30s'),
    downtime: durationField({
      example: '10s',
      description: 'From the end of the old process to the start of the new one. Assumption.',
    }).default('10s'),
    mode: z
      .enum(['crash', 'graceful'])
      .default('graceful')
      .describe('crash: killed, connections end at once; graceful: SIGTERM. Choice of this program.'),
  })
  .optional()
  .describe('API servers stop and start again.');

const restartKubelet = z
  .strictObject({ nodes: percentField({ description: 'Share of the nodes. Choice of this program.' }).default('100%') })
  .optional()
  .describe('Kubelets restart: their caches and watches start anew, pods keep running.');

const restartOperator = z
  .strictObject({
    operator: z
      .enum(['all', ...RESTARTABLE])
      .default('all')
      .describe('Which; those that are not there are left out. Choice of this program.'),
    downtime: durationField({
      example: '10s',
      description: 'From its end until its successor begins. Assumption.',
    }).default('10s'),
  })
  .optional()
  .describe('Operators restart: what they had in hand they begin anew.');

const rotateEncryptionKey = z
  .strictObject({
    rate: rateField({ description: 'Secrets that kubectl replace rewrites. Assumption.' }).default('50/s'),
    restarts: z
      .boolean()
      .default(true)
      .describe(
        'Servers restart before and after, as the documentation asks; false: only the rewriting. Source: documentation, Encrypting Confidential Data at Rest.',
      ),
    mode: z
      .enum(['restart', 'reload'])
      .optional()
      .describe(
        'How servers learn the key: they restart, or they reload the file, ' +
          '--encryption-provider-config-automatic-reload (≥1.26), within a minute. Source: kube-apiserver default.',
      )
      .meta({ default: 'restart' }),
    firstRound: z
      .boolean()
      .optional()
      .describe(
        'Servers learn the key before one of them uses it; false: left out, as the documentation allows with one ' +
          'server. Source: documentation, Encrypting Confidential Data at Rest.',
      )
      .meta({ default: true }),
    rewrite: z
      .enum(['kubectl', 'storageVersionMigration'])
      .optional()
      .describe(
        'Who rewrites: kubectl replace at the rate, or the controller for StorageVersionMigrations (1.37; ≥1.30 by ' +
          'its gate), one Secret after another, within its limit. Source: documentation, Encrypting Confidential Data at Rest.',
      )
      .meta({ default: 'kubectl' }),
  })
  .optional()
  .describe('A new encryption key: every server learns it, then every Secret is rewritten.');

/** One entry of `spec.timeline`: one action, when it happens, and what belongs to it. */
export const timelineEntry = z.strictObject({
  id: nameField({ description: 'Name of this entry in paths.' }).optional(),
  at: instant('When, from the start of the measured period: once.'),
  every: durationField({ min: '1ms', example: '1m', description: 'Period of a repeated entry.' }).optional(),
  from: instant('First time of a repeated entry; default 0s. Choice of this program.'),
  until: instant('Last possible time of a repeated entry; default: the end. Choice of this program.'),
  jitter: instant('Each occurrence is moved later by U[0, jitter).'),
  update: target('Writes new content'),
  delete: target('Deletes'),
  recreate: target('Deletes and creates under the same name, with new content'),
  markImmutable: target('Sets immutable: true'),
  rotateAtSource: target('Changes what the store outside of the cluster holds: spec.operators bring it'),
  sourceOutage: durationField({
    min: '1s',
    example: '10m',
    description: 'The store outside of the cluster does not answer for so long.',
  }).optional(),
  restartOperator,
  annotatePods,
  replace: target('Rotates objects, also immutable ones'),
  by: z
    .enum(['inPlace', 'newName', 'recreate', 'recreateAll'])
    .optional()
    .describe(
      'How replace does it. newName: a new object, then a rollout of every deployment that uses the old one (a pod that no controller owns keeps it, and so does that of a Job, or under OnDelete); ' +
        'recreate: delete and create under the same name, one object after another; ' +
        'recreateAll: delete all of them, then create all of them; inPlace: as update does, where ways are compared. Choice of this program.',
    )
    .meta({ default: 'newName' }),
  rollout,
  scale,
  restartApiServer,
  restartKubelet,
  addNodes: count('Nodes that join with their pods.', NODES_MAX).optional(),
  removeNodes,
  drain,
  churnPods: count('Pods that are deleted and replaced, chosen at random.', CHURN_PODS_MAX).optional(),
  rotateEncryptionKey,
  rate: rateField({
    description: 'Many objects, one after another; default: all at once. Choice of this program.',
  }).optional(),
  order: z
    .enum(['given', 'random'])
    .optional()
    .describe('Order of the objects of a class or pattern; default given. Choice of this program.'),
  kind: z
    .enum(OBJECT_KINDS)
    .optional()
    .describe('Needed where a Secret and a ConfigMap share namespace and name; of a pattern: only these.'),
});

/** One entry of `spec.timeline` with its defaults. */
export type TimelineEntry = z.output<typeof timelineEntry>;
