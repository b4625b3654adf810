import { parseShard, type Shard } from '../experiment/execution/shard.js';
import type { NodeFilter } from '../report/trace/node-choice.js';
import { option, OUTPUT_OPTION, repeatableOption, someText, UsageError, wholeNumber } from './options.js';
import { SUMMARY_OPTION } from './summary-option.js';

const WORKERS_MAX = 1024;
const REPLICATIONS_MAX = 10_000;
const NODES_MAX = 1_000_000;

/** The options of `run`. */
export const RUN_OPTIONS = {
  out: option('--out', 'Folder for the result files', {
    defaultDescription: 'results/<metadata.name>',
    parse: someText('--out'),
  }),
  set: repeatableOption('PATH=VALUE: sets a field of spec, e.g. kubelet.syncFrequency=30s; repeatable', {
    completes: 'setting',
  }),
  seed: option('--seed', 'Replaces spec.seed: any text', { parse: someText('--seed') }),
  replications: option('--replications', 'Replaces spec.replications', {
    parse: wholeNumber('--replications', 1, REPLICATIONS_MAX),
  }),
  workers: option('--workers', 'Worker threads; the result does not depend on it', {
    defaultDescription: 'one per core',
    parse: wholeNumber('--workers', 1, WORKERS_MAX),
  }),
  samples: option('--samples', 'Projections kept in samples.csv: none, all, or N per run', {
    defaultDescription: 'none',
    values: ['none', 'all'],
    parse: parseSamples,
  }),
  only: option('--only', 'Replays one run, e.g. s002-r001; files are written only with --out', {
    completes: 'run',
    parse: someText('--only'),
  }),
  shard: option('--shard', 'Runs a part of the runs, for merge: I/N, auto in a Slurm array, auto/N in an Indexed Job', {
    parse: readShard,
  }),
  trace: option(
    '--trace',
    'Writes one run, --only or else the first, as a trace for Perfetto: FILE.json or FILE.json.gz',
    {
      parse: someText('--trace'),
    },
  ),
  'trace-nodes': option('--trace-nodes', 'Nodes in the trace: N, the one of the last pod among them, or NAME,NAME', {
    defaultDescription: '50',
    parse: parseNodes,
  }),
  force: { type: 'boolean', describe: 'Redo finished runs and replace what the folder holds' },
  'dry-run': { type: 'boolean', describe: 'Print the scenarios and their size; run and write nothing' },
  excel: { type: 'boolean', describe: 'CSV for spreadsheets with decimal commas: BOM, ; and ,' },
  report: { type: 'boolean', describe: 'Write report.html, too: see the command report' },
  ...SUMMARY_OPTION,
  quiet: { type: 'boolean', describe: 'No progress' },
  ...OUTPUT_OPTION,
  eager: {
    type: 'boolean',
    describe: 'For developers: every pod sync is an event; slow, the same result',
  },
} as const;

function readShard(text: string): Shard {
  const shard = parseShard(text, process.env);
  if (shard.ok) return shard.value;
  throw new UsageError(`--shard: ${shard.reason}`);
}

function parseNodes(text: string): NodeFilter {
  if (/^\d+$/.test(text)) return wholeNumber('--trace-nodes', 1, NODES_MAX)(text);
  const names = text.split(',');
  if (names.includes('')) throw new UsageError(`--trace-nodes: expected a number, or names of nodes with commas`);
  return names;
}

function parseSamples(text: string): 'none' | 'all' | number {
  if (text === 'none' || text === 'all') return text;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--samples: expected none, all, or a whole number from 1`);
}
