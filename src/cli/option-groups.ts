import type { Argv } from 'yargs';

/** Headings of the help of a command, and the options below each, whatever the command. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Input:': [
    ...['cluster', 'kubelet', 'kubelet-now', 'assume-size', 'node-pool-label', 'experiment', 'measured', 'interval'],
    ...['set', 'seed', 'replications', 'slo', 'knob', 'cost', 'delay', 'grow', 'from', 'up-to', 'down-to'],
    ...['upgrade', 'scale', 'update', 'release', 'cores', 'unchanged-for', 'by', 'allowance', 'laboratory'],
  ],
  'Execution:': ['workers', 'only', 'shard', 'incomplete', 'force', 'dry-run', 'quiet', 'eager'],
  'Output:': [
    ...[
      'out',
      'file',
      'output',
      'samples',
      'excel',
      'report',
      'summary',
      'waves',
      'trace',
      'trace-nodes',
      'markdown',
      'open',
    ],
  ],
};

const GENERAL = 'General:';

/** Puts the options of a command below headings. */
export function groupOptions(yargs: Argv, options: readonly string[]): Argv {
  for (const [heading, names] of Object.entries(GROUPS)) {
    const own = options.filter((name) => names.includes(name));
    if (own.length > 0) yargs.group(own, heading);
  }
  return yargs.group(['help', 'version'], GENERAL);
}
