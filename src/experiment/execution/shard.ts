import { parsed, rejected, type Parsed } from '../language/values/parsed.js';

/** A part of an experiment's runs, computed apart from the others: number `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

const FORMS =
  'expected I/N (such as 3/10), auto in a Slurm array, or auto/N in a Kubernetes Indexed Job of N completions';

/**
 * Reads `i/n`; `auto`, which takes both from the variables of a Slurm job array; or `auto/n`, which takes i
 * from `JOB_COMPLETION_INDEX` of a Kubernetes Indexed Job (there is no variable for the number of completions).
 */
export function parseShard(text: string, environment: Environment): Parsed<Shard> {
  if (text === 'auto') return slurmShard(environment);
  const match = /^(auto|[1-9]\d{0,8})\/([1-9]\d{0,8})$/.exec(text);
  if (match === null) return rejected(FORMS);
  const count = Number(match[2]);
  if (match[1] === 'auto') return indexedJobShard(count, environment);
  const index = Number(match[1]);
  return index > count ? rejected(`there is no shard ${index} of ${count}; ${FORMS}`) : parsed({ index, count });
}

/** Source: sbatch(1), "Output environment variables". */
function slurmShard(environment: Environment): Parsed<Shard> {
  const read = (name: string): number | undefined => wholeNumber(environment[`SLURM_ARRAY_TASK_${name}`]);
  const [id, min, count, max, step = 1] = ['ID', 'MIN', 'COUNT', 'MAX', 'STEP'].map(read);
  if (id === undefined || min === undefined || count === undefined) {
    const instead = environment['JOB_COMPLETION_INDEX'] === undefined ? '' : ' (in a Kubernetes Indexed Job: auto/N)';
    return rejected(`SLURM_ARRAY_TASK_ID, _MIN and _COUNT are not set: this is no task of a Slurm array${instead}`);
  }
  const index = (id - min) / step + 1;
  const even = max === undefined || (max - min) / step + 1 === count;
  if (even && Number.isInteger(index) && index >= 1 && index <= count) return parsed({ index, count });
  return rejected(`task ${id} of this Slurm array has no place in even steps: use --array=MIN-MAX or MIN-MAX:STEP`);
}

/** Source: kubernetes.io/docs/concepts/workloads/controllers/job, "Completion mode". */
function indexedJobShard(count: number, environment: Environment): Parsed<Shard> {
  const completion = wholeNumber(environment['JOB_COMPLETION_INDEX']);
  if (completion === undefined) {
    const instead = environment['SLURM_ARRAY_TASK_ID'] === undefined ? '' : ' (in a Slurm array: auto)';
    return rejected(`JOB_COMPLETION_INDEX is not set: this is no pod of an Indexed Job${instead}`);
  }
  if (completion < count) return parsed({ index: completion + 1, count });
  return rejected(`JOB_COMPLETION_INDEX is ${completion}, but N is ${count}: N has to be the Job's spec.completions`);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `3/10` */
export function formatShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The number, from 1, of the shard that run `k` (from 0, scenario by scenario) belongs to: costs vary along the factors. */
export function shardOfRun(k: number, count: number): number {
  return (k % count) + 1;
}

/** The folder of a shard among those of the others. */
export function shardFolderName({ index, count }: Shard): string {
  return `shard-${index}-of-${count}`;
}

/** The shard that a folder of this name is of; null for any other name. */
export function parseShardFolderName(name: string): Shard | null {
  const match = /^shard-(\d{1,9})-of-(\d{1,9})$/.exec(name);
  return match === null ? null : { index: Number(match[1]), count: Number(match[2]) };
}
