import { importCluster } from '../import/import-cluster.js';
import { formatImportSummary } from '../import/import-summary.js';
import { ASSUME_SIZE_OPTION, KUBELET_OPTION, NODE_POOL_LABEL_OPTION } from './cluster-options.js';
import { defineCommand } from './command.js';
import { formatOption, option, repeatableOption, someText, UsageError } from './options.js';
import { print, sayAll } from './print.js';

/** The options of `import`. */
const IMPORT_OPTIONS = {
  cluster: repeatableOption(
    'Output of kubectl get nodes,pods,secrets,configmaps -A -o json, gzip or not, or a folder of such files, as support ' +
      'bundles are; - for standard input; repeatable. Where the cluster has them, also clustertrustbundles, and what ' +
      'tells who writes Secrets: externalsecrets, certificates, vaultstaticsecrets, bundles, deployments',
  ),
  kubelet: KUBELET_OPTION,
  'assume-size': ASSUME_SIZE_OPTION,
  'node-pool-label': NODE_POOL_LABEL_OPTION,
  file: option('-f', 'Experiment to write; its topology file is put beside it', { alias: 'f', parse: someText('-f') }),
  force: { type: 'boolean', describe: 'Replace files that exist' },
  output: formatOption(['table', 'json']),
} as const;

/** `secretsim import` */
export const importCommand = defineCommand(IMPORT_OPTIONS, {
  command: 'import',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 import --cluster FILE --kubelet FILE -f OUT\n\nMakes an experiment, and the topology file that it refers ' +
          'to, from a real cluster: who mounts what where, with real names. No value of a Secret is kept.',
      )
      .options(IMPORT_OPTIONS)
      .example('$0 import --cluster cluster.json --kubelet kubelet.yaml -f mine.yaml', 'write mine.yaml')
      .example('kubectl get nodes,pods,secrets,configmaps -A -o json | $0 import --cluster - -f mine.yaml', ''),
  handler: async (argv) => {
    const { cluster, kubelet, 'assume-size': assumedSizeBytes, file, force, output } = argv;
    if (cluster === undefined) throw new UsageError('import needs --cluster FILE, the output of kubectl get');
    if (file === undefined) throw new UsageError('import needs -f OUT, the experiment to write');
    const summary = await importCluster({
      clusterFiles: cluster,
      ...(kubelet !== undefined && { kubeletFiles: kubelet }),
      ...(assumedSizeBytes !== undefined && { assumedSizeBytes }),
      ...(argv['node-pool-label'] !== undefined && { nodePoolLabel: argv['node-pool-label'] }),
      out: file,
      force: force === true,
    });
    sayAll(summary.warnings);
    print(output === 'json' ? `${JSON.stringify(summary, null, 2)}\n` : formatImportSummary(summary));
  },
});
