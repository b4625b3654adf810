import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { loadExperiment, type Experiment } from '../experiment/experiment.js';
import { ProgressLine } from '../experiment/progress.js';
import { runExperiment, type RunOptions, type RunOutcome } from '../experiment/runner.js';
import { answerCsv, answerJson } from '../report/answer-data.js';
import { warningLines } from '../report/answer-sentences.js';
import { judgeSlos } from '../report/slos.js';
import { answerTable } from '../report/terminal.js';
import { runToFolder, type FolderOutcome } from '../run-to-folder.js';
import { EXIT } from './exit-codes.js';
import { UsageError } from './options.js';
import { formatDryRun } from './dry-run.js';
import { print, say } from './print.js';
import { RUN_OPTIONS } from './run-options.js';
import { formatSingleRun } from './single-run.js';

type RunArguments = InferredOptionTypes<typeof RUN_OPTIONS>;

/** Width of the answer where standard output is no terminal: wide enough for every interval. */
const WIDTH = 160;

/** `secretsim run FILE…` */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run',
  describe: 'Runs the experiment FILE… (- for standard input)',
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
      .example('$0 run experiment.yaml --only s002-r001 --samples all --out one', 'replay one run with its samples')
      .epilogue(
        'Exit codes: 0 done; 1 a run failed or results could not be written; 2 bad usage or input; ' +
          '3 done, but an SLO was missed; 130 interrupted: what had finished is kept, the same command goes on.',
      ),
  handler: async (argv) => {
    const files = argv._.slice(1).map(String);
    if (files.length === 0) throw new UsageError('run needs the FILE of an experiment');
    process.exitCode = await run(files, argv);
  },
};

async function run(files: readonly string[], args: RunArguments): Promise<number> {
  const { set, seed, replications, samples } = args;
  const experiment = await loadExperiment(files, {
    ...(set !== undefined && { set }),
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
    ...(samples !== undefined && { samples }),
  });
  if (args['dry-run'] === true) {
    experiment.warnings.forEach(say);
    print(formatDryRun(experiment, args.output, args.workers ?? availableParallelism()));
    return EXIT.done;
  }
  const folder = args.out ?? (args.only === undefined ? join('results', experiment.name) : undefined);
  const result = await execute(experiment, folder, args);
  if (result.status === 'already complete') {
    say(`${folder}: the results of this experiment are complete; --force computes them again`);
    return EXIT.done;
  }
  if (result.status === 'interrupted') {
    const kept = folder === undefined || args.only !== undefined ? '' : '; they are kept, and the same command goes on';
    say(`interrupted: ${result.outcome.runs.length} runs had finished${kept}`);
    return EXIT.interrupted;
  }
  warnings(experiment, result.outcome, args.only).forEach(say);
  print(args.only === undefined ? answer(experiment, result, args) : formatSingleRun(experiment, result.outcome, args));
  if (result.outcome.failed.length > 0) return EXIT.failed;
  const missed = args.only === undefined && judgeSlos(experiment, result.outcome).some(({ passed }) => !passed);
  return missed ? EXIT.sloMissed : EXIT.done;
}

/** Runs with progress on standard error; the first signal stops in good order, a second one at once. */
async function execute(experiment: Experiment, folder: string | undefined, args: RunArguments): Promise<FolderOutcome> {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const progress = args.quiet === true ? null : new ProgressLine(experiment.name, process.stderr);
  const options: RunOptions = {
    ...(args.workers !== undefined && { workers: args.workers }),
    ...(args.only !== undefined && { only: args.only }),
    eager: args.eager === true,
    signal: controller.signal,
    onProgress: (state) => progress?.update(state),
  };
  try {
    if (folder !== undefined) {
      return await runToFolder(experiment, folder, {
        ...options,
        force: args.force === true,
        excel: args.excel === true,
      });
    }
    const outcome = await runExperiment(experiment, options);
    return outcome.interrupted ? { status: 'interrupted', outcome } : { status: 'done', outcome, files: [] };
  } finally {
    progress?.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function answer(
  experiment: Experiment,
  { outcome, files }: { readonly outcome: RunOutcome; readonly files: readonly string[] },
  args: RunArguments,
): string {
  switch (args.output) {
    case 'json':
      return answerJson(experiment, outcome);
    case 'csv':
      return answerCsv(experiment, outcome, args.excel === true);
    case 'table': {
      const { isTTY, columns } = process.stdout;
      const colour = isTTY && process.stdout.hasColors();
      return answerTable(experiment, outcome, { width: columns || WIDTH, colour, files });
    }
  }
}

/** What the reader has to know. Of a single run, that there are others goes without saying. */
function warnings(experiment: Experiment, outcome: RunOutcome, only: string | undefined): readonly string[] {
  if (only === undefined) return warningLines(experiment, outcome);
  const failed = outcome.failed.map(({ runId, message }) => `run ${runId} failed: ${message}`);
  return [...failed, ...experiment.warnings, ...outcome.runs.flatMap(({ record }) => record.warnings)];
}
