import type { InferredOptionTypes } from 'yargs';
import { mergeShards } from '../run/merge-shards.js';
import { warningLines } from '../report/answer-sentences.js';
import { printAnswer } from './answer.js';
import { defineCommand } from './command.js';
import { EXIT } from './exit-codes.js';
import { option, OUTPUT_OPTION, someText, UsageError } from './options.js';
import { say, sayAll } from './print.js';
import { SUMMARY_OPTION, summaryWriter } from './summary-option.js';

/** The options of `merge`. */
const MERGE_OPTIONS = {
  out: option('--out', 'Folder for the result files', {
    defaultDescription: 'results/<metadata.name>',
    parse: someText('--out'),
  }),
  incomplete: { type: 'boolean', describe: 'Write a result, marked so, although runs are missing (exit code 1)' },
  force: { type: 'boolean', describe: 'Replace the results that the folder holds' },
  excel: { type: 'boolean', describe: 'CSV for spreadsheets with decimal commas: BOM, ; and ,' },
  ...SUMMARY_OPTION,
  ...OUTPUT_OPTION,
} as const;

type MergeArguments = InferredOptionTypes<typeof MERGE_OPTIONS>;

/** `secretsim merge DIR…` */
export const mergeCommand = defineCommand(MERGE_OPTIONS, {
  command: 'merge',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 merge DIR…\n\nJoins what run --shard I/N left on one or several machines into the files that one machine ' +
          'would have written. DIR is the folder of a shard, or one that several lie in; they are only read. Nothing ' +
          'is written when runs are missing or double; the message tells the commands that compute the missing ones.',
      )
      // Positional arguments are read from `_`, as those of run.
      .strict(false)
      .strictOptions()
      .options(MERGE_OPTIONS)
      .example('$0 run sweep.yaml --shard 1/2 --out parts', 'one half of the runs, on one machine')
      .example('$0 run sweep.yaml --shard 2/2 --out parts', 'the other half, on another')
      .example('$0 merge parts --out results/sweep', 'write the results')
      .epilogue('Exit codes: as of run; 2: runs are missing, double, or of different experiments.'),
  handler: async (argv) => {
    const directories = argv._.slice(1).map(String);
    if (directories.length === 0) throw new UsageError('merge needs the DIR that run --shard wrote to');
    process.exitCode = await merge(directories, argv);
  },
});

async function merge(directories: readonly string[], args: MergeArguments): Promise<number> {
  const summarize = await summaryWriter(args.summary);
  const { experiment, folder, result } = await mergeShards(directories, {
    ...(args.out !== undefined && { out: args.out }),
    incomplete: args.incomplete === true,
    force: args.force === true,
    excel: args.excel === true,
  });
  if (result.status === 'interrupted') return EXIT.interrupted;
  if (result.status === 'already complete') {
    say(`${folder}: the results of this experiment are complete; --force writes them again`);
  }
  sayAll(warningLines(experiment, result.outcome));
  const code = printAnswer(experiment, result, args);
  await summarize(experiment, result.outcome);
  return code;
}
