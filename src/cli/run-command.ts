import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { InferredOptionTypes } from 'yargs';
import type { Experiment } from '../experiment/language/experiment.js';
import { loadExperiment } from '../experiment/language/load-experiment.js';
import { prepareToRun, runExperiment, type RunOptions, type RunOutcome } from '../experiment/execution/runner.js';
import type { Shard } from '../experiment/execution/shard.js';
import { warningLines } from '../report/answer-sentences.js';
import { writeReport } from '../report/write-report.js';
import { runShard } from '../run/run-shard.js';
import { runToFolder, type FolderOutcome } from '../run/run-to-folder.js';
import { printAnswer } from './answer.js';
import { defineCommand } from './command.js';
import { EXIT } from './exit-codes.js';
import { UsageError } from './options.js';
import { announcement, formatDryRun } from './dry-run.js';
import { print, say, sayAll } from './print.js';
import { RUN_OPTIONS } from './run-options.js';
import { formatSingleRun } from './single-run.js';
import { traceWriter } from './run-trace.js';
import { formatSingleShard } from './single-shard.js';
import { summaryWriter } from './summary-option.js';
import { withProgress } from './with-progress.js';

type RunArguments = InferredOptionTypes<typeof RUN_OPTIONS>;

/** `secretsim run FILE…` */
export const runCommand = defineCommand(RUN_OPTIONS, {
  command: 'run',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 run FILE…\n\nRuns an experiment: every scenario (combination of factors) × replication. ' +
          'FILE is an experiment in YAML or JSON, - for standard input; of several, later ones override earlier ones.',
      )
      // Positional arguments are read from `_`: declared ones lose `-`.
      .strict(false)
      .strictOptions()
      .options(RUN_OPTIONS)
      .example('$0 run experiment.yaml', 'run it, results go to results/<name>')
      .example('$0 run experiment.yaml --set kubelet.syncFrequency=30s --out results/30s', 'the same with a change')
      .example(
        '$0 run experiment.yaml --shard 3/10 --out parts',
        'a tenth of the runs; secretsim merge parts joins them',
      )
      .example(
        '$0 run experiment.yaml --summary junit=slo.xml',
        'a gate in CI: exit code 3, and what missed in slo.xml',
      )
      .example('$0 run experiment.yaml --only s002-r001 --samples all --out one', 'replay one run with its samples')
      .example('$0 run experiment.yaml --only s002-r001 --trace run.json.gz', 'the run, to be looked at in Perfetto')
      .epilogue(
        'Exit codes: 0 done; 1 a run failed or results could not be written; 2 bad usage or input; ' +
          '3 done, but an SLO was missed; 130 interrupted: what had finished is kept, the same command goes on.',
      ),
  handler: async (argv) => {
    const files = argv._.slice(1).map(String);
    if (files.length === 0) throw new UsageError('run needs the FILE of an experiment');
    process.exitCode = await run(files, argv);
  },
});

async function run(files: readonly string[], args: RunArguments): Promise<number> {
  if (args.shard !== undefined) refuseBeside(args);
  const { set, seed, replications, samples } = args;
  if (args['dry-run'] !== true) prepareToRun();
  const experiment = await loadExperiment(files, {
    ...(set !== undefined && { set }),
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
    ...(samples !== undefined && { samples }),
  });
  if (args['dry-run'] === true) {
    sayAll(experiment.warnings);
    print(formatDryRun(experiment, args.output, args.workers ?? availableParallelism(), args.shard));
    return EXIT.done;
  }
  if (args.report === true && args.only !== undefined)
    throw new UsageError('--report is about the whole experiment, and --only replays one run: give one of them');
  if (args.summary !== undefined && args.only !== undefined)
    throw new UsageError('--summary is about the whole experiment, and --only replays one run: give one of them');
  const summarize = await summaryWriter(args.summary);
  if (args.quiet !== true && args.only === undefined) {
    const announced = announcement(experiment, args.workers ?? availableParallelism(), args.shard);
    if (announced !== null) say(announced);
  }
  if (args.shard !== undefined) return runPart(experiment, args.shard, files, args);
  const trace = await traceWriter(experiment, args);
  const folder = args.out ?? (args.only === undefined ? join('results', experiment.name) : undefined);
  const result = await execute(experiment, folder, args);
  if (result.status === 'already complete') {
    say(`${folder}: the results of this experiment are complete; --force computes them again`);
  }
  if (result.status === 'interrupted') {
    say(interruption(result.outcome, folder !== undefined && args.only === undefined));
    return EXIT.interrupted;
  }
  if (args.only === undefined) {
    sayAll(warningLines(experiment, result.outcome));
    const code = printAnswer(experiment, result, args);
    await summarize(experiment, result.outcome);
    await report(experiment, folder, args);
    await trace(result.outcome);
    return code;
  }
  sayAll(singleWarnings(experiment, result.outcome));
  print(formatSingleRun(experiment, result.outcome, args));
  await trace(result.outcome);
  return result.outcome.failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** How runs are computed and kept. */
type ExecutionChoices = Pick<RunArguments, 'workers' | 'quiet'> &
  Partial<Pick<RunArguments, 'only' | 'eager' | 'force' | 'excel'>>;

/** What a user who interrupts the runs is told; `kept`: finished runs are found again by the same command. */
export function interruption({ runs }: RunOutcome, kept: boolean): string {
  if (runs.length === 0) return 'interrupted before a run had finished';
  const [had, are] = runs.length === 1 ? ['1 run', 'it is'] : [`${runs.length} runs`, 'they are'];
  return `interrupted: ${had} had finished${kept ? `; ${are} kept, and the same command goes on` : ''}`;
}

/** Runs the part of the experiment that `--shard` names; the results come with `merge`. */
async function runPart(
  experiment: Experiment,
  shard: Shard,
  files: readonly string[],
  args: RunArguments,
): Promise<number> {
  const folder = args.out ?? join('results', experiment.name);
  const result = await withProgress(experiment.name, args, (options) =>
    runShard(experiment, folder, shard, {
      ...options,
      eager: args.eager === true,
      force: args.force === true,
      arguments: experimentArguments(files, args),
    }),
  );
  const { outcome } = result;
  if (outcome.interrupted) {
    say(interruption(outcome, true));
    return EXIT.interrupted;
  }
  sayAll(singleWarnings(experiment, outcome));
  print(formatSingleShard(shard, result, args.output));
  return outcome.failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** Throws a UsageError for options that a shard has no use for. */
function refuseBeside({ only, excel, report: page, trace, summary }: RunArguments): void {
  if (only !== undefined) throw new UsageError('--shard and --only both choose runs: give one of them');
  if (excel === true) throw new UsageError('--shard writes no CSV: give --excel to merge');
  if (trace !== undefined) throw new UsageError('--shard writes no trace: run one run with --only and --trace');
  if (summary !== undefined) throw new UsageError('--shard judges no SLO: give --summary to merge');
  if (page === true) throw new UsageError('--shard writes no report: merge, then secretsim report the result');
}

/** What was written on the command line to make the experiment. */
function experimentArguments(files: readonly string[], args: RunArguments): readonly string[] {
  const { seed, replications, samples } = args;
  return [
    ...files,
    ...(args.set ?? []).flatMap((text) => ['--set', text]),
    ...Object.entries({ seed, replications, samples }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    ),
    ...(args.eager === true ? ['--eager'] : []),
  ];
}

/** Runs an experiment, into a folder where there is one. */
export function execute(
  experiment: Experiment,
  folder: string | undefined,
  args: ExecutionChoices,
): Promise<FolderOutcome> {
  const { only, eager, force, excel } = args;
  return withProgress(experiment.name, args, async (watched) => {
    const options: RunOptions = { ...watched, eager: eager === true, ...(only !== undefined && { only }) };
    if (folder !== undefined) {
      return runToFolder(experiment, folder, { ...options, force: force === true, excel: excel === true });
    }
    const outcome = await runExperiment(experiment, options);
    return outcome.interrupted ? { status: 'interrupted', outcome } : { status: 'done', outcome, files: [] };
  });
}

/** Writes the page of the result, where it is asked for. */
async function report(experiment: Experiment, folder: string | undefined, args: RunArguments): Promise<void> {
  if (args.report !== true || folder === undefined) return;
  const path = await writeReport(folder, {
    experiment,
    onReplay: (runId) => args.quiet === true || say(`replaying ${runId} for its wave`),
  });
  say(`report: ${path}`);
}

/** What the reader has to know of single runs. That there are others goes without saying. */
function singleWarnings(experiment: Experiment, outcome: RunOutcome): readonly string[] {
  const failed = outcome.failed.map(({ runId, message }) => `run ${runId} failed: ${message}`);
  return [...new Set([...failed, ...experiment.warnings, ...outcome.runs.flatMap(({ record }) => record.warnings)])];
}
