import type { InferredOptionTypes } from 'yargs';
import { loadExperiment } from '../experiment/language/load-experiment.js';
import { didYouMean } from '../experiment/language/values/nearest-name.js';
import { tryToWrite } from '../files/operations.js';
import { OutputError } from '../report/output-error.js';
import { compareWithMeasurement, ORIGINS, type DelayOrigin, readMeasurement } from '../validation/own-cluster.js';
import { Interrupted, type ReplicationOptions } from '../validation/replications.js';
import { writeTables } from '../validation/table-files.js';
import type { ValidationTable } from '../validation/tables.js';
import {
  LABORATORY_VALIDATIONS,
  USUAL_VALIDATIONS,
  validate,
  VALIDATIONS,
  type ValidationName,
} from '../validation/validate.js';
import { defineCommand } from './command.js';
import { EXIT } from './exit-codes.js';
import { option, OUTPUT_OPTION, repeatableOption, someText, UsageError, wholeNumber, withDefault } from './options.js';
import { print, say } from './print.js';
import { formatValidation } from './validation-text.js';
import { withProgress } from './with-progress.js';

const WORKERS_MAX = 1024;
const FOLDER = 'results/validation';

/** The options of `validate`. */
const VALIDATE_OPTIONS = {
  only: repeatableOption(
    `A part: ${VALIDATIONS.join(', ')} (bounds and quantiles only where they are named); repeatable`,
    {
      values: VALIDATIONS,
    },
  ),
  laboratory: repeatableOption(
    'Folder of a measured laboratory that real-cluster, restarts and storm are held to, instead of those of this program; repeatable',
  ),
  measured: option('--measured', 'CSV file of delays measured on your cluster: delay_s, and any other columns', {
    parse: someText('--measured'),
  }),
  experiment: option('--experiment', 'Experiment that describes the cluster where they were measured', {
    parse: someText('--experiment'),
  }),
  by: repeatableOption(
    'Column of --measured whose values are compared one by one: class, object, node, pod, as, scenario, a factor, or any other; repeatable',
  ),
  from: withDefault(
    option('--from', `What the measured delays count from: ${ORIGINS.join(', ')}`, {
      values: ORIGINS,
      parse: parseOrigin,
    }),
    'acknowledged',
  ),
  replications: withDefault(
    option('--replications', 'With --measured: simulated runs that the measurement is ranked among', {
      parse: wholeNumber('--replications', 20, 10_000),
    }),
    '200',
  ),
  allowance: withDefault(
    option('--allowance', 'With --measured: Kolmogorov–Smirnov distance that is laid to the measuring', {
      parse: parseAllowance,
    }),
    '0.02',
  ),
  out: option('--out', 'Folder for the CSV files', {
    defaultDescription: `${FOLDER}; none with --measured or --laboratory`,
    parse: someText('--out'),
  }),
  workers: option('--workers', 'Worker threads; the result does not depend on it', {
    defaultDescription: 'one per core',
    parse: wholeNumber('--workers', 1, WORKERS_MAX),
  }),
  quiet: { type: 'boolean', describe: 'No progress' },
  ...OUTPUT_OPTION,
} as const;

type ValidateArguments = InferredOptionTypes<typeof VALIDATE_OPTIONS>;

/** `secretsim validate` */
export const validateCommand = defineCommand(VALIDATE_OPTIONS, {
  command: 'validate',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 validate\n\nRecomputes the validation: closed forms, the measurements on a real cluster, and published ' +
          'numbers, with a verdict per row. With --measured and --experiment: delays of your own cluster.',
      )
      .options(VALIDATE_OPTIONS)
      .example('$0 validate', `all tables, in about two minutes; files go to ${FOLDER}`)
      .example('$0 validate --only closed-forms --out /tmp/v', 'one part')
      .example(
        '$0 validate --only bounds',
        '110,000 rotations, under each strategy and release step, against their bound',
      )
      .example('$0 validate --only quantiles', 'how often the intervals of 1,000 experiments hold the true quantile')
      .example('$0 validate --only real-cluster --laboratory measured/1.37', 'a laboratory of your own')
      .example('$0 validate --measured delays.csv --experiment mine.yaml --by object', 'your own cluster')
      .epilogue(
        'Exit codes: 0 done; 2 bad usage or input; 3 done, but a row misses without a known reason; 130 interrupted.',
      ),
  handler: async (argv) => {
    process.exitCode = await run(argv);
  },
});

async function run(args: ValidateArguments): Promise<number> {
  const only = args.only?.map(parsePart) ?? (args.laboratory ? LABORATORY_VALIDATIONS : USUAL_VALIDATIONS);
  if ((args.measured === undefined) !== (args.experiment === undefined))
    throw new UsageError(
      '--measured and --experiment belong together: delays, and the cluster where they were measured',
    );
  if (args.measured !== undefined && args.laboratory !== undefined)
    throw new UsageError('--laboratory belongs to the built-in validations, --measured to delays of your own cluster');
  if (args.measured !== undefined && args.only !== undefined)
    throw new UsageError('--only chooses among the built-in validations; with --measured there is only one');
  const folder = args.out ?? (args.measured === undefined && args.laboratory === undefined ? FOLDER : undefined);
  if (folder !== undefined) await OutputError.guard(folder, () => tryToWrite(folder));
  const computed = await withProgress('validate', args, (options) => compute(args, only, options)).catch(
    nullIfInterrupted,
  );
  if (computed === null) {
    say('interrupted: nothing was written');
    return EXIT.interrupted;
  }
  const { tables, beside } = computed;
  const files = folder === undefined ? [] : await writeTables(folder, [...tables, ...beside]);
  print(formatValidation(args.output, tables, files));
  return tables.some(({ misses }) => misses > 0) ? EXIT.sloMissed : EXIT.done;
}

function nullIfInterrupted(error: unknown): null {
  if (error instanceof Interrupted) return null;
  throw error;
}

/** The tables that people are told, and what stands beside them in the folder. */
interface Computed {
  readonly tables: readonly ValidationTable[];
  readonly beside: readonly ValidationTable[];
}

async function compute(
  args: ValidateArguments,
  only: readonly ValidationName[],
  options: ReplicationOptions,
): Promise<Computed> {
  const { measured, experiment: file, by = [], from, replications, allowance } = args;
  if (measured === undefined || file === undefined) {
    const { tables, firstRuns } = await validate(only, {
      ...options,
      ...(args.laboratory && { laboratories: args.laboratory }),
    });
    // Of a part alone it would take the place of that of all parts.
    return { tables, beside: args.only === undefined && args.laboratory === undefined ? [firstRuns] : [] };
  }
  const measurement = await readMeasurement(measured, by);
  const experiment = await loadExperiment([file], { samples: 'all', replications });
  if (measurement.otherColumns.length > 0)
    say(
      `not grouped by ${measurement.otherColumns.length} other columns: --by COLUMN compares the values of a column one by one`,
    );
  return {
    tables: [await compareWithMeasurement(measurement, experiment, { ...options, from, allowance })],
    beside: [],
  };
}

function parsePart(text: string): ValidationName {
  const name = VALIDATIONS.find((known) => known === text);
  if (name !== undefined) return name;
  throw new UsageError(`--only: expected ${VALIDATIONS.join(', ')}${didYouMean(text, VALIDATIONS)}`);
}

function parseOrigin(text: string): DelayOrigin {
  const origin = ORIGINS.find((known) => known === text);
  if (origin !== undefined) return origin;
  throw new UsageError(`--from: expected ${ORIGINS.join(' or ')}${didYouMean(text, ORIGINS)}`);
}

function parseAllowance(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new UsageError(`--allowance: expected a number from 0 to below 1`);
}
