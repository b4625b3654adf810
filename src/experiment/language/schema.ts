import * as z from 'zod';
import { apiServerSchema } from './api-server-schema.js';
import { clusterSchema, kubeletSchema } from './cluster-schema.js';
import { controllerManagerSchema, schedulerSchema } from './control-plane-schema.js';
import {
  count,
  durationField,
  latencyField,
  nameField,
  numberField,
  textField,
  wholeNumberField,
} from './values/fields.js';
import type { JsonSchema } from './values/json-schema.js';
import { sloField, statisticField } from './values/metric-fields.js';
import { percentField } from './values/percent-fields.js';
import { objectClassSchema } from './object-class-schema.js';
import { podCertificateSchema } from './pod-certificate-schema.js';
import { operatorsSchema } from './operators-schema.js';
import { pipelineSchema } from './pipeline-schema.js';
import { PRESET_NAMES } from './presets.js';
import { timelineEntry } from './timeline-schema.js';

export const API_VERSION = 'secretsim/v1';
export const KIND = 'Experiment';

const network = z.strictObject({
  roundTrip: latencyField({
    p50: '500us',
    p99: '1500us',
    description: 'Kubelet to API server and back. Assumption: the same data centre.',
  }).prefault({}),
  connectionLoss: latencyField({
    p50: '200us',
    p99: '1ms',
    description:
      'From when the end of its connection to a killed API server has reached a client until it notices; longer where nothing tells it (a machine that is gone). Assumption.',
  }).prefault({}),
});

const etcd = z.strictObject({
  watch: latencyField({
    p50: '1ms',
    p99: '5ms',
    description: 'From the commit to the watch cache of an API server. Assumption.',
  }).prefault({}),
  watchProgressNotifyInterval: durationField({
    min: '100ms',
    max: '24h',
    example: '10m',
    description:
      '--watch-progress-notify-interval: how often etcd tells API servers how far it is; default by release, as kubeadm runs etcd: 10m, from 1.25 on 5s. Source: phases/etcd/local.go.',
  }).optional(),
});

function replicationsField(description: string) {
  return count(description, 10_000);
}

const factorValue = z.union([z.string(), z.number(), z.boolean()]);
const factorList = z
  .array(z.union([factorValue, z.array(factorValue).min(2).meta({ title: 'a value for each of several paths' })]))
  .min(1, 'a factor needs at least one value')
  .max(10_000, 'a factor has at most 10000 values')
  .meta({ title: 'a list of values' });
const factorEnd = z.union([z.number(), z.string()]);
const factorRange = z
  .strictObject({
    from: factorEnd.describe('The first value.'),
    to: factorEnd.describe('The last value.'),
    steps: wholeNumberField({ min: 2, max: 1000 })
      .optional()
      .describe('Values that it becomes, both ends included; a design that samples needs none.'),
    scale: z
      .enum(['lin', 'log'])
      .default('lin')
      .describe('How the values are spaced: by equal differences or by equal ratios. Choice of this program.'),
  })
  .meta({ title: 'a range {from, to, steps, scale}' });

const precision = z
  .strictObject({
    metric: statisticField({
      description: 'A metric column of runs.csv: its mean; or p95(METRIC) and the like, or share(METRIC < X).',
    }),
    relative: percentField({ description: 'Largest half-width of the 95 % interval as a share of the value.' }),
    min: replicationsField(
      'Replications before the first judgement; default: spec.replications. Choice of this program.',
    ).optional(),
    max: replicationsField('Replications after which a scenario ends in any case. Choice of this program.').default(
      200,
    ),
  })
  .describe('Instead of a fixed number: replications of each scenario until a metric is this sure.');

const design = z
  .strictObject({
    kind: z
      .enum(['factorial', 'lhs', 'sobol'])
      .describe('Every combination; a Latin hypercube; points of a Sobol sequence.'),
    points: count(
      'Scenarios of a sample, default 64; of sobol best a power of two. Choice of this program.',
      10_000,
    ).optional(),
  })
  .describe('How scenarios are made of the factors. Samples take values from within ranges without steps.');

/** The values of one factor. */
export const factorSchema = z.union([factorList, factorRange]);

export const specSchema = z.strictObject({
  preset: z.enum(PRESET_NAMES).optional().describe('Built-in cluster that everything else is laid on.'),
  seed: textField({ description: 'Any text; same seed, same result. Choice of this program.' }).default('1'),
  replications: replicationsField(
    'Runs of each scenario with different random numbers. Choice of this program.',
  ).default(10),
  precision: precision.optional(),
  start: z
    .enum(['steady', 'cold'])
    .default('steady')
    .describe(
      'steady: pods have long been running; cold: all pods start when the warm-up starts. Choice of this program.',
    ),
  warmup: durationField({
    example: '5m',
    description: 'Simulated before the measured period. Assumption: as long as the TTL of up to 10,000 nodes.',
  }).default('5m'),
  duration: durationField({
    min: '1s',
    example: '30m',
    why: 'load is counted per second',
    description:
      'The period that is measured, after the warm-up; timeline times count from its start. Choice of this program.',
  }).default('30m'),
  cluster: clusterSchema.prefault({}).describe('The cluster: releases, how many of what, or a topology.'),
  kubelet: kubeletSchema.prefault({}).describe('Fields of KubeletConfiguration, and constants of the kubelet.'),
  network: network.prefault({}).describe('Latencies between kubelets and API servers.'),
  etcd: etcd.prefault({}).describe('Latencies between etcd and API servers.'),
  apiServer: apiServerSchema.prefault({}).describe('API servers: latencies, costs, flow control, restarts.'),
  controllerManager: controllerManagerSchema
    .prefault({})
    .describe('kube-controller-manager: how fast controllers create and delete pods.'),
  scheduler: schedulerSchema.prefault({}).describe('kube-scheduler: how fast pods are bound to nodes.'),
  objects: z
    .array(objectClassSchema)
    .default([])
    .describe('Classes of Secrets and ConfigMaps, and who uses them: a list, each with a name.'),
  timeline: z
    .array(timelineEntry)
    .default([])
    .describe('What happens, and when: a list, each entry with at or every and one action.'),
  podCertificates: podCertificateSchema.optional(),
  pipeline: pipelineSchema.optional(),
  operators: operatorsSchema.optional(),
  factors: z
    .record(z.string(), factorSchema)
    .default({})
    .describe(
      'Paths inside spec: a list of values, or a range. Every combination is a scenario, but for the design. ' +
        '"a & b" sets both paths: to the same values, or to a list for each value, as [[1.36, 1.34], [1.37, 1.36]].',
    ),
  baseline: nameField({
    description:
      'What the first scenario is called, such as now: the settings as they are. Answers tell the others as a ' +
      'difference to it.',
  }).optional(),
  names: z
    .array(nameField({ description: 'Name of a scenario.' }))
    .min(1)
    .max(100)
    .optional()
    .describe('Names of all scenarios, in their order, in place of those that their factors give them.'),
  design: design.optional(),
  where: z
    .array(z.string().max(10_000, 'a condition has at most 10000 characters'))
    .max(1_000, 'there are at most 1000 conditions')
    .optional()
    .describe('Scenarios to keep: all conditions hold, each such as "strategy == Watch or nodes < 1000".'),
  drain: durationField({
    words: ['auto'],
    example: 'auto',
    description:
      'Longest time after the duration in which pending updates may still arrive; auto: until they have. Choice of this program.',
  }).default('auto'),
  slos: z
    .array(sloField())
    .default([])
    .describe(
      'Columns of runs.csv against limits, judged per scenario over its replications: by mean(…), max(…), min(…), p95(…) ' +
        'or share(… < X); without a function maxima by the worst replication, all others by the mean.',
    ),
  output: z
    .strictObject({
      loadBin: durationField({
        min: '100ms',
        example: '10s',
        description: 'Time bin of load.csv; default 10s up to one hour, else duration/360. Choice of this program.',
      }).optional(),
      exceedances: z
        .array(durationField({ min: '1ms', example: '60s', description: 'A delay, in whole milliseconds.' }))
        .min(1)
        .max(20)
        .optional()
        .describe('How often delays are longer: columns such as delay_over_60s_share and last_pod_over_60s_share.'),
      lastPodQuantiles: z
        .array(numberField({ min: 0, max: 1, why: 'a quantile: 0.99 is the time that 99 % of the updates take' }))
        .min(1)
        .max(20)
        .optional()
        .describe('Quantiles, over the updates, of the time until the last pod has them: last_pod.csv.'),
      rotation: z
        .boolean()
        .optional()
        .describe(
          'How long to keep an old credential valid: rotation.csv; default: with a pipeline. Choice of this program.',
        ),
      groups: z
        .boolean()
        .optional()
        .describe('Delays by namespace, owner and node pool: groups.csv; default: false. Choice of this program.'),
    })
    .prefault({})
    .describe('What is written beside the files that are always there, and how finely.'),
});

export const experimentSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe('Version of this format.'),
  kind: z.literal(KIND).describe('What the file is.'),
  metadata: z
    .strictObject({
      name: nameField({ description: 'Name of the experiment and of its result folder.' }),
      question: textField({ description: 'What the experiment is to find out: the heading of its report.' }).optional(),
    })
    .describe('What the experiment is called and what it asks.'),
  spec: specSchema.prefault({}).describe('What is simulated. Paths of --set and of factors begin inside it.'),
});

/** What an experiment is called and what it asks. */
export type Metadata = z.output<typeof experimentSchema>['metadata'];

/** `spec` with defaults filled in: plain JSON, durations as text. */
export type ExperimentSpec = z.output<typeof specSchema>;

/** `spec` as it may be written, every field optional that has a default. */
export type SpecInput = z.input<typeof specSchema>;

/** A factor's values as a range. */
export type FactorRange = z.output<typeof factorRange>;

/** A latency: a constant, or two quantiles. */
export type LatencySpec = ExperimentSpec['etcd']['watch'];

/** The JSON Schema as text, which the bundle of the command brings along (`src/bundle.js`). */
declare const EXPERIMENT_JSON_SCHEMA: string | undefined;

/** The JSON Schema (draft 2020-12) of the experiment file, for editors and for the errors of this reader. */
export function jsonSchema(): JsonSchema {
  return (known ??= madeSchema());
}

/** Had once: to make it takes longer than to read an experiment. */
let known: JsonSchema | undefined;

function madeSchema(): JsonSchema {
  return typeof EXPERIMENT_JSON_SCHEMA === 'undefined'
    ? z.toJSONSchema(experimentSchema, { io: 'input' })
    : (JSON.parse(EXPERIMENT_JSON_SCHEMA) as JsonSchema);
}
