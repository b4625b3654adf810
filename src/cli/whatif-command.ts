import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { InferredOptionTypes } from 'yargs';
import { RELEASES } from '../cluster/model/releases.js';
import { prepareToRun } from '../experiment/execution/runner.js';
import { clusterSize } from '../experiment/language/cluster-size.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { replaceFile } from '../files/operations.js';
import { warningLines } from '../report/answer-sentences.js';
import { grouped } from '../report/compact-numbers.js';
import { OutputError } from '../report/output-error.js';
import type { Change } from '../whatif/changes.js';
import { whatIf, type WhatIf } from '../whatif/whatif.js';
import { printAnswer } from './answer.js';
import { ASSUME_SIZE_OPTION, KUBELET_OPTION, NODE_POOL_LABEL_OPTION } from './cluster-options.js';
import { defineCommand } from './command.js';
import { announcement } from './dry-run.js';
import { EXIT } from './exit-codes.js';
import { option, OUTPUT_OPTION, repeatableOption, UsageError } from './options.js';
import { print, say, sayAll } from './print.js';
import { releaseOf } from './release-option.js';
import { execute, interruption } from './run-command.js';
import { RUN_OPTIONS } from './run-options.js';
import { summaryWriter } from './summary-option.js';

/** The topology of a dump, beside the results. */
const TOPOLOGY_FILE = 'cluster.topology.json.gz';

/** The options of `whatif`. */
const WHATIF_OPTIONS = {
  kubelet: { ...KUBELET_OPTION, describe: `Kubelets would have this: ${KUBELET_OPTION.describe ?? ''}` },
  upgrade: option('--upgrade', 'API servers and kubelets would be of this release', {
    values: RELEASES,
    parse: releaseOf,
  }),
  scale: option('--scale', 'The cluster would have X times as many nodes, with their pods', { parse: readScale }),
  update: repeatableOption(
    "What is updated, namespace/name or a pattern such as 'payments/*', in place of the timeline; repeatable",
  ),
  'kubelet-now': repeatableOption('Kubelets have this now, where FILE does not tell, in the forms of --kubelet'),
  release: option('--release', 'The cluster is of this release now, where FILE does not tell', {
    values: RELEASES,
    parse: releaseOf,
  }),
  'assume-size': ASSUME_SIZE_OPTION,
  'node-pool-label': NODE_POOL_LABEL_OPTION,
  out: option('--out', 'Folder for the result files; without, nothing is written', { parse: RUN_OPTIONS.out.coerce }),
  set: RUN_OPTIONS.set,
  seed: RUN_OPTIONS.seed,
  replications: RUN_OPTIONS.replications,
  workers: RUN_OPTIONS.workers,
  samples: RUN_OPTIONS.samples,
  force: RUN_OPTIONS.force,
  summary: RUN_OPTIONS.summary,
  quiet: RUN_OPTIONS.quiet,
  ...OUTPUT_OPTION,
} as const;

type WhatIfArguments = InferredOptionTypes<typeof WHATIF_OPTIONS>;

/** `secretsim whatif FILE…` */
export const whatifCommand = defineCommand(WHATIF_OPTIONS, {
  command: 'whatif',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 whatif FILE…\n\nRuns a cluster as it is (now) and as it would be (what if), under the same chance, and tells ' +
          'the difference. FILE is what kubectl get nodes,pods,secrets,configmaps -A -o json prints (- for standard ' +
          'input, or a folder of such files), a topology file, or an experiment, as import writes them. No value of a ' +
          'Secret is kept.',
      )
      // Positional arguments are read from `_`, as those of run.
      .strict(false)
      .strictOptions()
      .options(WHATIF_OPTIONS)
      .example("$0 whatif mine.yaml --upgrade 1.37 --scale 2 --update 'payments/*'", 'an imported experiment')
      .example('$0 whatif cluster.json --kubelet-now a.yaml --kubelet b.yaml --out whatif', 'a dump')
      .epilogue(
        'Exit codes: 0 done; 1 a run failed or results could not be written; 2 bad usage or input; ' +
          '3 done, but an SLO was missed; 130 interrupted.',
      ),
  handler: async (argv) => {
    const files = argv._.slice(1).map(String);
    if (files.length === 0)
      throw new UsageError('whatif needs a FILE: a dump of a cluster, a topology or an experiment');
    process.exitCode = await ask(files, argv);
  },
});

async function ask(files: readonly string[], args: WhatIfArguments): Promise<number> {
  const { out, output, quiet } = args;
  prepareToRun();
  const summarize = await summaryWriter(args.summary);
  const question = await whatIf({ files, ...wishesOf(args), topologyPath: join(out ?? '.', TOPOLOGY_FILE) });
  const { experiment, changes } = question;
  sayAll(question.notes);
  if (quiet !== true) {
    const announced = announcement(experiment, args.workers ?? availableParallelism());
    if (announced !== null) say(announced);
  }
  const result = await execute(experiment, out, args);
  if (result.status === 'interrupted') {
    say(interruption(result.outcome, out !== undefined));
    return EXIT.interrupted;
  }
  if (result.status === 'already complete') {
    say(`${out}: the results of this question are complete; --force computes them again`);
  }
  await keepTopology(question, out);
  sayAll(warningLines(experiment, result.outcome));
  if (output === 'table') print(`${changesText(experiment, changes)}\n\n`);
  const code = printAnswer(experiment, result, args);
  await summarize(experiment, result.outcome);
  return code;
}

/** What is asked, in the words of the library. */
function wishesOf(args: WhatIfArguments) {
  const { kubelet, upgrade, scale, update, release, set, seed, replications, samples } = args;
  const { 'kubelet-now': now, 'assume-size': assumedSizeBytes, 'node-pool-label': nodePoolLabel } = args;
  return {
    ...(kubelet !== undefined && { kubeletFiles: kubelet }),
    ...(now !== undefined && { kubeletFilesNow: now }),
    ...(upgrade !== undefined && { upgrade }),
    ...(release !== undefined && { release }),
    ...(scale !== undefined && { scale }),
    ...(update !== undefined && { updates: update }),
    ...(assumedSizeBytes !== undefined && { assumedSizeBytes }),
    ...(nodePoolLabel !== undefined && { nodePoolLabel }),
    ...(set !== undefined && { set }),
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
    ...(samples !== undefined && { samples }),
  };
}

/** Writes the topology of a dump beside the results: a report replays runs of it. */
async function keepTopology({ topology }: WhatIf, out: string | undefined): Promise<void> {
  if (topology === null || out === undefined) return;
  const path = join(out, TOPOLOGY_FILE);
  await OutputError.guard(path, () => replaceFile(path, [topology]));
}

/** What differs between the two scenarios, in the words of the settings, and how large the cluster is in each. */
function changesText({ scenarios }: Experiment, changes: readonly Change[]): string {
  const sizes = scenarios.map(({ input }) => {
    const { nodes, pods } = clusterSize(input.cluster);
    return `${counted(nodes, 'node')}, ${counted(pods, 'pod')}`;
  });
  const size = [...new Set(sizes)].join(' → ');
  if (changes.length === 0) return `now: ${size}; nothing is changed (--kubelet, --upgrade, --scale)`;
  return `what if: ${changes.map(({ path, now, then }) => `${path} ${now} → ${then}`).join(', ')} (${size})`;
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function readScale(text: string): number {
  const scale = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && scale >= 1) return scale;
  throw new UsageError('--scale: expected a number from 1, such as 2 or 1.5');
}
