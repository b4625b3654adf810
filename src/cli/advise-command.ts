import { adviceCsv, adviceJson } from '../advise/advice-data.js';
import { advise } from '../advise/advise.js';
import { parseDuration } from '../experiment/language/values/durations.js';
import { formatAdvice } from './advice-text.js';
import { ASSUME_SIZE_OPTION, KUBELET_OPTION } from './cluster-options.js';
import { defineCommand } from './command.js';
import { OUTPUT_OPTION, option, someText, UsageError, withDefault } from './options.js';
import { print, sayAll } from './print.js';

/** The options of `advise`. */
const ADVISE_OPTIONS = {
  kubelet: KUBELET_OPTION,
  'assume-size': ASSUME_SIZE_OPTION,
  'unchanged-for': withDefault(
    option('--unchanged-for', 'Leave alone what changed later than so long before the newest time in the dump', {
      parse: parseSpan,
    }),
    '720h',
  ),
  file: option('-f', 'Shell script to write: the kubectl patch commands, to be reviewed; nothing is run', {
    alias: 'f',
    parse: someText('-f'),
  }),
  out: option('--out', 'CSV file to write: a row per Secret and ConfigMap', { parse: someText('--out') }),
  force: { type: 'boolean', describe: 'Replace files that exist' },
  ...OUTPUT_OPTION,
} as const;

/** `secretsim advise FILE|DIR…` */
export const adviseCommand = defineCommand(ADVISE_OPTIONS, {
  command: 'advise',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 advise FILE|DIR…\n\nRanks the Secrets and ConfigMaps of a real cluster by the load that marking them ' +
          'immutable saves its API servers, says why others should be left alone, and for how long old keys are ' +
          'needed after a rotation. FILE is what kubectl get -o json prints (- for standard input), gzip or not; DIR ' +
          'a folder of such files, as support bundles are. No value of a Secret is kept.',
      )
      // Positional arguments are read from `_`: declared ones lose `-`.
      .strict(false)
      .strictOptions()
      .options(ADVISE_OPTIONS)
      .example('kubectl get nodes,pods,secrets,configmaps -A -o json --show-managed-fields > cluster.json', 'dump')
      .example('$0 advise cluster.json --kubelet kubelet.yaml -f patch.sh', 'rank, and write the commands to review')
      .example('$0 advise cluster.json -o csv > objects.csv', 'a row per Secret and ConfigMap'),
  handler: async (argv) => {
    const { kubelet, 'assume-size': assumedSizeBytes, file, out, force, output } = argv;
    const dump = argv._.slice(1).map(String);
    if (dump.length === 0) throw new UsageError('advise needs a FILE, the output of kubectl get');
    const advice = await advise({
      dump,
      ...(kubelet !== undefined && { kubeletFiles: kubelet }),
      ...(assumedSizeBytes !== undefined && { assumedSizeBytes }),
      unchangedForUs: argv['unchanged-for'],
      ...(file !== undefined && { script: file }),
      ...(out !== undefined && { rows: out }),
      force: force === true,
    });
    sayAll(advice.warnings);
    const texts = { table: formatAdvice, json: adviceJson, csv: () => adviceCsv(advice.objects) };
    print(texts[output](advice));
  },
});

function parseSpan(text: string): number {
  const span = parseDuration(text);
  if (!span.ok) throw new UsageError(`--unchanged-for: ${span.reason}`);
  return span.value;
}
