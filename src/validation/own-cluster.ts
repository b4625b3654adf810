import { max, mean, quantileSorted } from 'd3-array';
import { CsvError, parse } from 'csv-parse/sync';
import { SECOND_US } from '../sim/units.js';
import { RandomStream } from '../sim/random.js';
import type { SampleTable } from '../cluster/model/run-record.js';
import type { Experiment } from '../experiment/language/experiment.js';
import { readBytes } from '../experiment/language/input-bytes.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { sourceLabel } from '../experiment/language/source.js';
import { kolmogorovSmirnov, standing, standingOfDistance } from './agreement.js';
import { SEED } from './model.js';
import type { Observed } from './observation.js';
import { caseOf, replicate, type ReplicationOptions } from './replications.js';
import { type MeasuredRow, measuredTable, type ValidationTable } from './tables.js';

/** From which instant of an update its delay counts. */
export const ORIGINS = ['sent', 'acknowledged', 'committed'] as const;
export type DelayOrigin = (typeof ORIGINS)[number];

/** What a sample can be told by. */
const SAMPLE_COLUMNS = ['class', 'object', 'node', 'pod', 'as'] as const;
type SampleColumn = (typeof SAMPLE_COLUMNS)[number];

/** Millions of measured delays; they are held in memory. */
const BYTES_MAX = 256 * 2 ** 20;

const DELAY = 'delay_s';
/** Fewer say nothing about the simulated spread. */
const REPLICATIONS_MIN = 20;
const ROWS_MIN = 5;

/** Measured delays, and what they are grouped by. */
export interface Measurement {
  readonly file: string;
  /** Columns that were asked for. */
  readonly by: readonly string[];
  /** Columns that the file has besides. */
  readonly otherColumns: readonly string[];
  readonly groups: readonly { readonly values: readonly string[]; readonly delays: readonly number[] }[];
}

/**
 * Reads measured delays: a CSV file with a header, a column `delay_s` and any others (`-`: standard input).
 * @param by columns that tell groups apart, each of which is compared by itself
 * @throws InputError that names the line and what is allowed
 */
export async function readMeasurement(path: string, by: readonly string[]): Promise<Measurement> {
  const file = sourceLabel(path);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path)) {
    pieces.push(piece);
    if ((size += piece.length) > BYTES_MAX)
      throw new InputError([`${file}: is larger than ${BYTES_MAX / 2 ** 20} MiB`]);
  }
  const { columns, rows } = parseRows(file, Buffer.concat(pieces));
  for (const name of [DELAY, ...by]) {
    if (columns.includes(name)) continue;
    const ours = columns.filter((column) => SAMPLE_COLUMNS.some((each) => each === column));
    const known = ours.length === 0 ? '' : `, of ours: ${ours.join(', ')}`;
    throw new InputError([
      `${file}: has no column ${name === DELAY ? DELAY : 'of a name that --by gives'} (it has ${columns.length} columns${known})`,
    ]);
  }
  const groups = new Map<string, { readonly values: readonly string[]; readonly delays: number[] }>();
  const problems: string[] = [];
  rows.forEach((row, index) => {
    const delay = Number(row[DELAY]);
    if (row[DELAY].trim() === '' || !Number.isFinite(delay)) {
      problems.push(`${file}:${index + 2}: ${DELAY}: expected seconds, a number`);
    }
    const values = by.map((name) => row[name]);
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, delays: [] };
    group.delays.push(delay);
    groups.set(key, group);
  });
  if (problems.length > 0) throw new InputError(problems.slice(0, 5));
  for (const { delays } of groups.values()) {
    if (delays.length >= ROWS_MIN) continue;
    const which = by.length === 0 ? '' : ' in one of the groups that --by makes';
    throw new InputError([`${file}: ${delays.length} delays${which}; at least ${ROWS_MIN} are needed`]);
  }
  if (groups.size === 0) throw new InputError([`${file}: no rows; expected measured delays, one in each row`]);
  const otherColumns = columns.filter((name) => name !== DELAY && !by.includes(name));
  return { file, by, otherColumns, groups: [...groups.values()] };
}

function parseRows(file: string, bytes: Buffer) {
  let columns: string[] = [];
  try {
    const rows = parse<Record<string, string>>(bytes, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      columns: (header: string[]) => (columns = header),
    });
    return { columns, rows };
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
    throw new InputError([
      `${file}${line}: not a CSV file: the row has not the columns of the first, or a quote is open`,
    ]);
  }
}

/** What is looked at of a run. */
const SEEN_OF_PODS = ['samples', 'objectClass', 'delayFromAcknowledgementS', 'delayFromSendingS'] as const;
type ObservedPods = Observed<(typeof SEEN_OF_PODS)[number]>;

/** How a measurement is compared. */
export interface ComparisonOptions extends ReplicationOptions {
  readonly from: DelayOrigin;
  /** Largest difference of distribution functions that is laid to the measuring, 0 … 1. */
  readonly allowance: number;
}

/**
 * Compares measured delays with replications of an experiment that describes the cluster where they were measured:
 * the delays of each group with those of the same class, object, node, pod, `as`, scenario or factor. Where a run has more of them
 * than were measured, as many are drawn at random.
 * @param experiment loaded with all samples
 * @throws InputError where the experiment has nothing to compare with
 */
export async function compareWithMeasurement(
  measurement: Measurement,
  experiment: Experiment,
  options: ComparisonOptions,
): Promise<ValidationTable> {
  const { by, groups } = measurement;
  if (experiment.replications < REPLICATIONS_MIN)
    throw new InputError([
      `${experiment.replications} replications say too little about the spread: at least ${REPLICATIONS_MIN} are needed`,
    ]);
  const chosen = groups.map(({ values }) => scenariosOf(experiment, by, values));
  const cases = experiment.scenarios.map(({ input, index }) =>
    caseOf(input, experiment.replications, SEEN_OF_PODS, (observation) => {
      const delays = delaysFrom(observation, options.from);
      return groups.map(({ values }, group) =>
        chosen[group].includes(index) ? matching(observation, delays, by, values) : [],
      );
    }),
  );
  const runs = await replicate(cases, options);
  const rows = groups.flatMap(({ values, delays }, group) => {
    const simulated = Array.from({ length: experiment.replications }, (_, r) =>
      subsample(
        chosen[group].flatMap((scenario) => runs[scenario][r][group]),
        delays.length,
        group,
        r,
      ),
    );
    if (simulated.some((run) => run.length === 0)) {
      const which = by.length === 0 ? 'at all: its timeline needs an update' : 'of one of the groups that --by makes';
      throw new InputError([`${experiment.file}: simulates no delay ${which}`]);
    }
    return rowsOf(values, ascending(delays), simulated, options.allowance);
  });
  return measuredTable('measured', `${measurement.file} against ${experiment.name}`, by, rows);
}

/** The scenarios that a group belongs to: all, where it is not told apart by a factor. */
function scenariosOf(
  { scenarios, factorPaths }: Experiment,
  by: readonly string[],
  values: readonly string[],
): number[] {
  return scenarios
    .filter(({ name, factors }) =>
      by.every((column, i) => {
        if (column === 'scenario') return name === values[i];
        return !factorPaths.includes(column) || String(factors[column]) === values[i];
      }),
    )
    .map(({ index }) => index);
}

function delaysFrom(
  { samples, delayFromAcknowledgementS, delayFromSendingS }: ObservedPods,
  from: DelayOrigin,
): Float64Array {
  if (from === 'acknowledged') return delayFromAcknowledgementS;
  if (from === 'sent') return delayFromSendingS;
  return Float64Array.from(
    samples?.projectedAtUs ?? [],
    (at, i) => (at - (samples?.writtenAtUs[i] ?? NaN)) / SECOND_US,
  );
}

/** The delays of the samples that a group's values describe; objects and pods may be named without their namespace. */
function matching(
  { samples, objectClass }: ObservedPods,
  delays: Float64Array,
  by: readonly string[],
  values: readonly string[],
): number[] {
  if (samples === null) return [];
  const wanted = by.flatMap((column, i) => {
    const known = SAMPLE_COLUMNS.find((name) => name === column);
    return known === undefined ? [] : [{ cells: columnOf(known, samples, objectClass), value: values[i] }];
  });
  return Array.from(delays).filter((_, i) =>
    wanted.every(({ cells, value }) => cells[i] === value || cells[i].endsWith(`/${value}`)),
  );
}

function columnOf(column: SampleColumn, samples: SampleTable, objectClass: readonly string[]): readonly string[] {
  return column === 'class' ? objectClass : samples[column];
}

/** `count` of the values, drawn without replacement; all where there are no more. */
function subsample(values: readonly number[], count: number, group: number, replication: number): number[] {
  if (values.length <= count) return ascending(values);
  const stream = RandomStream.fromSeed(SEED, replication, 'subsample');
  const kept = [...values];
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(stream.uniform(group, 0, i) * (kept.length - i));
    [kept[i], kept[j]] = [kept[j], kept[i]];
  }
  return ascending(kept.slice(0, count));
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

const STATISTICS: readonly (readonly [string, (delays: readonly number[]) => number])[] = [
  ['delay_mean_s', (delays) => mean(delays) ?? NaN],
  ['delay_p50_s', (delays) => quantileSorted(delays as number[], 0.5) ?? NaN],
  ['delay_p90_s', (delays) => quantileSorted(delays as number[], 0.9) ?? NaN],
  ['delay_p99_s', (delays) => quantileSorted(delays as number[], 0.99) ?? NaN],
  ['delay_max_s', (delays) => max(delays) ?? NaN],
];

function rowsOf(
  keys: readonly string[],
  measured: readonly number[],
  simulated: readonly (readonly number[])[],
  allowance: number,
): MeasuredRow[] {
  const pooled = ascending(simulated.flat());
  const distance = kolmogorovSmirnov(measured, pooled);
  return [
    ...STATISTICS.map(([statistic, of]): MeasuredRow => {
      const value = of(measured);
      const standingOfValue = standing(value, simulated.map(of));
      return { keys, statistic, unit: 's', measured: value, explanation: '', ...standingOfValue };
    }),
    {
      keys,
      statistic: 'Kolmogorov–Smirnov distance',
      unit: '1',
      measured: distance,
      explanation: '',
      ...standingOfDistance(
        Math.max(0, distance - allowance),
        simulated.map((run) => kolmogorovSmirnov(run, pooled)),
      ),
    },
  ];
}
