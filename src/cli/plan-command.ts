import type { InferredOptionTypes } from 'yargs';
import { type Metric, METRICS } from '../cluster/model/run-record.js';
import { parseMetric } from '../experiment/language/values/metrics.js';
import { growExperiment } from '../plan/growth.js';
import { type MeasureOptions, SearchInterrupted } from '../plan/measurer.js';
import { planExperiment, type PlanOptions } from '../plan/plan.js';
import { defineCommand } from './command.js';
import { EXIT } from './exit-codes.js';
import { formatGrowth } from './growth-text.js';
import { option, OUTPUT_OPTION, repeatableOption, someText, UsageError, withDefault } from './options.js';
import { formatPlan } from './plan-text.js';
import { print, say } from './print.js';
import { RUN_OPTIONS } from './run-options.js';
import { withProgress } from './with-progress.js';

/** The options of `plan`. */
const PLAN_OPTIONS = {
  slo: repeatableOption(
    "What has to hold, e.g. 'delay_p99_s < 60s' or 'share(last_pod_max_s < 2m) >= 99%', beside spec.slos; repeatable",
    { values: METRICS },
  ),
  knob: repeatableOption(
    'PATH=[VALUE, …]: a setting that may be turned, beside spec.factors; repeatable. Without any: strategy and syncFrequency',
    { completes: 'setting' },
  ),
  cost: withDefault(
    option('--cost', 'Metric that is to be low', { values: METRICS, parse: (text) => readMetric('--cost', text) }),
    'apiserver_cpu_cores',
  ),
  delay: withDefault(
    option('--delay', 'Metric that is weighed against it', {
      values: METRICS,
      parse: (text) => readMetric('--delay', text),
    }),
    'delay_p99_s',
  ),
  grow: option('--grow', 'PATH of a number: how far can it grow until an SLO is missed?', {
    completes: 'path',
    parse: someText('--grow'),
  }),
  from: option('--from', 'With --grow: the first value', {
    defaultDescription: 'that of the experiment',
    parse: someText('--from'),
  }),
  'up-to': option('--up-to', 'With --grow: the largest value to try', {
    defaultDescription: '1,024 times the first',
    parse: someText('--up-to'),
  }),
  'down-to': option('--down-to', 'With --grow: shrink instead, to this smallest value', {
    parse: someText('--down-to'),
  }),
  file: option('-f', 'File for the experiment of the answer, which run proves', {
    alias: 'f',
    parse: someText('-f'),
  }),
  force: { type: 'boolean', describe: 'Replace that file' },
  set: RUN_OPTIONS.set,
  seed: RUN_OPTIONS.seed,
  replications: option('--replications', 'Replications after which a setting is judged for good', {
    defaultDescription: 'spec.replications',
    parse: RUN_OPTIONS.replications.coerce,
  }),
  workers: RUN_OPTIONS.workers,
  quiet: RUN_OPTIONS.quiet,
  ...OUTPUT_OPTION,
} as const;

type PlanArguments = InferredOptionTypes<typeof PLAN_OPTIONS>;

/** `secretsim plan FILE…` */
export const planCommand = defineCommand(PLAN_OPTIONS, {
  command: 'plan',
  builder: (yargs) =>
    yargs
      .usage(
        "$0 plan FILE… --slo 'EXPR'\n\nFinds the cheapest of the settings that meet the SLOs, with a fraction of the runs that all " +
          'of them take: each gets one replication, and only those that may still be the best get more. ' +
          'With --grow: the value of a setting at which an SLO breaks, by doubling and bisection; ' +
          'where the first value misses one already, or with --down-to, downwards.',
      )
      // Positional arguments are read from `_`, as those of run.
      .strict(false)
      .strictOptions()
      .options(PLAN_OPTIONS)
      .example("$0 plan mine.yaml --slo 'last_pod_max_s < 60'", 'strategy and syncFrequency')
      .example(
        "$0 plan mine.yaml --slo 'delay_p99_s < 60' --knob 'kubelet.syncFrequency=[20s, 40s]' -f best.yaml",
        'other knobs; secretsim run best.yaml proves the answer',
      )
      .example("$0 plan mine.yaml --slo 'watches_open_max_per_server < 60000' --grow cluster.nodes", 'how many nodes?')
      .epilogue(
        'Exit codes: 0 found; 1 a run failed; 2 bad usage or input; 3 no setting meets the SLOs, with --grow: the first ' +
          'value misses one; 130 interrupted.',
      ),
  handler: async (argv) => {
    const files = argv._.slice(1).map(String);
    if (files.length === 0) throw new UsageError('plan needs the FILE of an experiment');
    process.exitCode = await run(files, argv);
  },
});

async function run(files: readonly string[], args: PlanArguments): Promise<number> {
  const { slo, knob, cost, delay, grow, from, file, force, set, seed, replications, output } = args;
  const { 'up-to': upTo, 'down-to': downTo } = args;
  if (grow === undefined && (from !== undefined || upTo !== undefined || downTo !== undefined))
    throw new UsageError('--from, --up-to and --down-to belong to --grow');
  if (upTo !== undefined && downTo !== undefined)
    throw new UsageError('--up-to and --down-to are opposite directions: give one of them');
  if (grow !== undefined && file !== undefined)
    throw new UsageError('-f writes the best setting; with --grow there is none to write');
  const common = {
    ...(slo !== undefined && { slos: slo }),
    ...(knob !== undefined && { knobs: knob }),
    ...(set !== undefined && { set }),
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
  };
  try {
    const { text, code } = await withProgress('plan', args, async ({ onProgress, ...watched }) => {
      const measure: MeasureOptions = {
        ...watched,
        onProgress: (done, planned) => onProgress({ total: planned, open: true, done, failed: 0, resumed: 0 }),
      };
      if (grow !== undefined) {
        const found = await growExperiment(files, {
          ...common,
          ...measure,
          grow,
          ...(from !== undefined && { from }),
          ...(upTo !== undefined && { upTo }),
          ...(downTo !== undefined && { downTo }),
        });
        const missed = found.limits.some(({ missedAtFirst }) => missedAtFirst);
        return { text: formatGrowth(output, found), code: missed ? EXIT.sloMissed : EXIT.done };
      }
      const options: PlanOptions = { ...common, ...measure, cost, delay, force: force === true };
      const plan = await planExperiment(files, file === undefined ? options : { ...options, out: file });
      return { text: formatPlan(output, plan), code: plan.best === null ? EXIT.sloMissed : EXIT.done };
    });
    print(text);
    return code;
  } catch (error) {
    if (!(error instanceof SearchInterrupted)) throw error;
    say('interrupted: there is no answer yet');
    return EXIT.interrupted;
  }
}

function readMetric(name: string, text: string): Metric {
  const metric = parseMetric(text);
  if (metric.ok) return metric.value;
  throw new UsageError(`${name}: ${metric.reason}`);
}
