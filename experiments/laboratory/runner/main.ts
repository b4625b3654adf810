import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../../src/package-files.js';
import { InputError } from '../../../src/experiment/language/values/input-error.js';
import { buildLaboratory } from './build.js';
import { readGroups } from './plan.js';
import { measure } from './run.js';

/** As for the input of every other command. */
const EXIT_INPUT = 2;

const GROUPS = fileURLToPath(packageFile('experiments/laboratory/groups.yaml'));

async function main(): Promise<void> {
  const options = yargs(hideBin(process.argv))
    .scriptName('npm run laboratory --')
    .usage('$0 --release 1.37 --groups FILE --out DIR\n\nMeasures a real Kubernetes on this machine; needs Go.')
    .option('release', { type: 'string', demandOption: true, describe: '1.37, or with its patch: 1.37.2' })
    .option('groups', { type: 'string', default: GROUPS, describe: 'groups of nodes and steps, YAML or JSON' })
    .option('out', { type: 'string', demandOption: true, describe: 'folder for the CSV files' })
    .option('seed', { type: 'number', describe: 'instead of that in the file' })
    .option('build', {
      type: 'string',
      default: join(homedir(), '.cache', 'secretsim-laboratory'),
      describe: 'folder for generated modules and binaries',
    })
    .option('keep', { type: 'boolean', default: false, describe: 'keep certificates, logs and data of the servers' })
    .strict()
    .parseSync();
  const text = await readFile(options.groups, 'utf8').catch(() => {
    throw new InputError(['--groups: there is no such file']);
  });
  const file = readGroups(text, options.groups, options.seed);
  const binary = await buildLaboratory(options.release, resolve(options.build));
  await measure(binary, file, resolve(options.out), options.keep);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InputError ? EXIT_INPUT : 1;
}
