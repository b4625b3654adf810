import { SECOND_US } from '../sim/units.js';
import { parseDuration } from '../experiment/language/values/durations.js';
import { calibrate, type Calibration } from '../import/calibrate/calibrate.js';
import { measuredText, valueText } from '../import/calibrate/findings.js';
import { defineCommand } from './command.js';
import { formatRows } from './format-rows.js';
import { formatOption, option, someText, UsageError } from './options.js';
import { print } from './print.js';

const CORES_MIN = 0.01;
const CORES_MAX = 1024;

/** The options of `calibrate`. */
const CALIBRATE_OPTIONS = {
  interval: option('--interval', 'Time between two scrapes without timestamps, such as 60s', { parse: parseInterval }),
  cores: option('--cores', 'Cores of the server: the run gets them as its capacity', { parse: parseCores }),
  file: option('-f', 'File to write', { alias: 'f', parse: someText('-f') }),
  force: { type: 'boolean', describe: 'Replace a file that exists' },
  output: formatOption(['table', 'json']),
} as const;

/** `secretsim calibrate SCRAPE [SCRAPE2]` */
export const calibrateCommand = defineCommand(CALIBRATE_OPTIONS, {
  command: 'calibrate',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 calibrate SCRAPE [SCRAPE2] -f OUT\n\nWrites costs and latencies of a kube-apiserver, as far as its own ' +
          'metrics tell them, to be laid over an experiment. SCRAPE is what its /metrics serves (- for standard ' +
          'input), gzip or not. One scrape tells of the time since the server started; two of the same server, the ' +
          'earlier first, of the time in between.',
      )
      // Positional arguments are read from `_`: declared ones lose `-`.
      .strict(false)
      .strictOptions()
      .options(CALIBRATE_OPTIONS)
      .example('kubectl get --raw /metrics > a.prom; sleep 60; kubectl get --raw /metrics > b.prom', 'scrape twice')
      .example('$0 calibrate a.prom b.prom --interval 60s -f mine.yaml', 'write mine.yaml')
      .example('$0 run experiment.yaml mine.yaml', 'run an experiment with these numbers'),
  handler: async (argv) => {
    const { interval, cores, file, force, output } = argv;
    const scrapes = argv._.slice(1).map(String);
    if (scrapes.length === 0) throw new UsageError("calibrate needs a SCRAPE of a kube-apiserver's /metrics");
    if (scrapes.length > 2) throw new UsageError(`calibrate takes one or two scrapes, not ${scrapes.length}`);
    if (interval !== undefined && scrapes.length === 1) {
      throw new UsageError('--interval is the time between two scrapes; only one is given');
    }
    if (file === undefined) throw new UsageError('calibrate needs -f OUT, the file to write');
    const calibration = await calibrate({
      scrapes,
      ...(interval !== undefined && { intervalSeconds: interval }),
      ...(cores !== undefined && { cores }),
      out: file,
      force: force === true,
    });
    print(output === 'json' ? `${JSON.stringify(calibration, null, 2)}\n` : formatCalibration(calibration));
  },
});

function parseInterval(text: string): number {
  const duration = parseDuration(text);
  if (!duration.ok) throw new UsageError(`--interval: ${duration.reason}`);
  if (duration.value === 0) throw new UsageError(`--interval: two scrapes are some time apart, such as 60s`);
  return duration.value / SECOND_US;
}

function parseCores(text: string): number {
  const cores = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && cores >= CORES_MIN && cores <= CORES_MAX) return cores;
  throw new UsageError(`--cores: expected a number from ${CORES_MIN} to ${CORES_MAX}`);
}

const COLUMNS = [{ name: 'field' }, { name: 'value' }, { name: 'default' }, { name: 'why', width: 70 }];

/** The calibration for a person: what the server did, and each number with its reason. */
function formatCalibration({ file, measured, findings }: Calibration): string {
  const rows = findings.map(({ field, value, default: standard, from, note }) => [
    field,
    value === null ? '-' : valueText(value),
    valueText(standard),
    value === null || from.length === 0 ? note : `${note} (${from.join(', ')})`,
  ]);
  return `${describeServer(measured)}\n\n${formatRows('table', COLUMNS, rows)}\n${file} written; lay it over an experiment: secretsim run EXPERIMENT.yaml ${file}\n`;
}

function describeServer(measured: Calibration['measured']): string {
  const { seconds, cpuSeconds, requests, events, watchesOpen, residentMemoryBytes } = measured;
  const rate = (count: number, noun: string): string =>
    seconds === null ? `${measuredText(count)} ${noun}` : `${measuredText(count / seconds)} ${noun}/s`;
  const cpu = seconds === null ? 's of CPU' : 'cores used';
  return [
    seconds === null ? "since the server's start" : `in ${measuredText(seconds)} s`,
    ...(cpuSeconds === null ? [] : [`${measuredText(cpuSeconds / (seconds ?? 1))} ${cpu}`]),
    rate(requests, 'requests'),
    rate(events, 'watch events'),
    ...(watchesOpen === null ? [] : [`${measuredText(watchesOpen)} watches open`]),
    ...(residentMemoryBytes === null ? [] : [`${measuredText(residentMemoryBytes / 2 ** 20)} MiB of memory`]),
  ].join(', ');
}
