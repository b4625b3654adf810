import { writeReport } from '../report/write-report.js';
import { defineCommand } from './command.js';
import { option, someText, UsageError, wholeNumber } from './options.js';
import { print, say } from './print.js';

const WAVES_MAX = 6;

/** The options of `report`. */
const REPORT_OPTIONS = {
  waves: option('--waves', 'Scenarios whose first run is replayed to show the wave node by node; 0: none', {
    defaultDescription: 'up to 4, as time allows',
    parse: wholeNumber('--waves', 0, WAVES_MAX),
  }),
  experiment: option('--experiment', 'File of the experiment, where its replay needs a topology file', {
    defaultDescription: 'DIR/manifest.json',
    parse: someText('--experiment'),
  }),
  quiet: { type: 'boolean', describe: 'No progress' },
} as const;

/** `secretsim report DIR` */
export const reportCommand = defineCommand(REPORT_OPTIONS, {
  command: 'report',
  builder: (yargs) =>
    yargs
      .usage('$0 report DIR\n\nWrites DIR/report.html: the answer, the comparison, figures with their numbers.')
      .strict(false)
      .strictOptions()
      .options(REPORT_OPTIONS)
      .example('$0 report results/rotation', 'write results/rotation/report.html'),
  handler: async (argv) => {
    const folders = argv._.slice(1).map(String);
    if (folders.length !== 1) throw new UsageError('report needs one DIR, the folder that run wrote its results to');
    const { waves, experiment, quiet } = argv;
    const path = await writeReport(folders[0], {
      ...(waves !== undefined && { runs: waves }),
      ...(experiment !== undefined && { experiment: [experiment] }),
      onReplay: (runId) => quiet === true || say(`replaying ${runId} for its wave`),
    });
    print(`${path}\n`);
  },
});
