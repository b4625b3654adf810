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
import { costsPlan, readTurns, stormPlan } from './load-plans.js';
import { groupsMeasurement, loadMeasurement, measure, type Measurement } from './run.js';

/** As for the input of every other command. */
const EXIT_INPUT = 2;

const GROUPS = fileURLToPath(packageFile('experiments/laboratory/groups.yaml'));

const options = yargs(hideBin(process.argv))
  .scriptName('npm run laboratory --')
  .usage('$0 --release 1.37 --out DIR [--groups FILE | --storm COUNT | --costs]')
  .usage('\nMeasures a real Kubernetes on this machine; needs Go.')
  .option('release', { type: 'string', demandOption: true, describe: '1.37, or with its patch: 1.37.2' })
  .option('out', { type: 'string', demandOption: true, describe: 'folder for the CSV files' })
  .option('groups', { type: 'string', default: GROUPS, describe: 'groups of nodes and steps, YAML or JSON' })
  .option('seed', { type: 'number', describe: 'instead of that in the file of groups' })
  .option('storm', { type: 'number', describe: 'reflectors of a storm after a restart' })
  .option('reflectors-per-client', { type: 'number', default: 50, describe: 'of a storm' })
  .option('secrets', { type: 'number', default: 2_000, describe: 'that the reflectors of a storm watch' })
  .option('watch-list', { type: 'boolean', default: true, describe: 'reflectors of a storm begin with WatchList' })
  .option('signal', { choices: ['KILL', 'TERM'] as const, default: 'KILL' as const, describe: 'that begins a storm' })
  .option('settle', { type: 'number', default: 110, describe: 'seconds before a storm' })
  .option('observe', { type: 'number', default: 180, describe: 'seconds of a storm' })
  .option('costs', { type: 'boolean', describe: 'CPU and memory of requests, watches and events' })
  .option('quick', { type: 'boolean', default: false, describe: 'costs of little, to see that it works' })
  .option('cores', { type: 'number', default: 1, describe: 'of kube-apiserver alone, for --storm and --costs' })
  .option('turns', {
    type: 'string',
    describe:
      'MS/MS that the server of a storm has its cores before all else has them, where there are too few for both',
  })
  .option('build', {
    type: 'string',
    default: join(homedir(), '.cache', 'secretsim-laboratory'),
    describe: 'folder for generated modules and binaries',
  })
  .option('keep', { type: 'boolean', default: false, describe: 'keep certificates, logs and data of the servers' })
  .conflicts('storm', 'costs')
  .strict();

type Options = Awaited<ReturnType<typeof options.parseAsync>>;

async function main(): Promise<void> {
  const chosen = await options.parseAsync();
  const measurement = await measurementOf(chosen);
  const binary = await buildLaboratory(chosen.release, resolve(chosen.build));
  await measure(binary, measurement, resolve(chosen.out), chosen.keep);
}

async function measurementOf(chosen: Options): Promise<Measurement> {
  if (chosen.storm !== undefined)
    return loadMeasurement(stormPlan({ ...chosen, reflectors: chosen.storm, turns: readTurns(chosen.turns) }));
  if (chosen.costs === true) return loadMeasurement(costsPlan(chosen.cores, chosen.quick));
  const text = await readFile(chosen.groups, 'utf8').catch(() => {
    throw new InputError(['--groups: there is no such file']);
  });
  return groupsMeasurement(readGroups(text, chosen.groups, chosen.seed));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InputError ? EXIT_INPUT : 1;
}
