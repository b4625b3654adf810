import type { Experiment } from '../experiment/language/experiment.js';
import { loadExperiment } from '../experiment/language/load-experiment.js';
import { InputError } from '../experiment/language/values/input-error.js';
import { parsePath } from '../experiment/language/values/path-text.js';
import type { Slo } from '../experiment/language/values/slo.js';
import { Candidate } from './candidate.js';
import { findLimit, type Limit, REACH } from './limit.js';
import { Measurer } from './measurer.js';
import { refuseWithoutValue } from './no-value.js';
import { type PlanOptions, slosToMeet } from './plan.js';
import { knobOverrides } from './knobs.js';
import { formatQuantity, parseNumberWithUnit, type NumberWithUnit } from './quantity.js';

/** How far to grow what. */
export interface GrowthOptions extends Omit<PlanOptions, 'cost' | 'delay' | 'out' | 'force'> {
  /** Path of a number in `spec`. */
  readonly grow: string;
  /** The first value, with its unit. Default: that of the experiment. */
  readonly from?: string;
  /** The largest value to try. Default: 1,024 times the first. */
  readonly upTo?: string;
  /** Shrinks instead: the smallest value to try. */
  readonly downTo?: string;
}

/** How far one scenario grows, or shrinks, until it misses an SLO. */
export interface ScenarioLimit {
  readonly scenario: string;
  /** Whether the first value misses one: the limit lies on its other side. */
  readonly missedAtFirst: boolean;
  /** The last value tried that meets the SLOs, with its unit; null: none does. */
  readonly met: string | null;
  /** The first value beyond that misses one; null: none did. */
  readonly missed: string | null;
  /** The SLOs that are missed there. */
  readonly broken: readonly Slo[];
  /** What was measured, by value, ascending. */
  readonly tried: readonly { readonly value: string; readonly candidate: Candidate }[];
}

/** The answer to "how many until an SLO breaks?". */
export interface Growth {
  readonly experiment: Experiment;
  readonly grow: string;
  /** The first value tried, with its unit. */
  readonly first: string;
  /** Whether smaller values were asked for. */
  readonly downwards: boolean;
  readonly slos: readonly Slo[];
  readonly limits: readonly ScenarioLimit[];
  readonly runs: number;
}

/**
 * Finds for each scenario of an experiment the value of a setting from which on an SLO is missed, by doubling or halving
 * and bisection; every value is measured in all replications. Where the first value misses one already, the limit is
 * looked for on its other side.
 * @throws InputError for bad input, or an SLO that the experiment gives no value; SearchInterrupted when the signal came
 */
export async function growExperiment(files: readonly string[], options: GrowthOptions): Promise<Growth> {
  const first = options.from === undefined ? await ownValue(files, options) : quantityOf('--from', options.from);
  const last = lastOf(first, options);
  const load = (value: number): Promise<Experiment> => loadAt(files, options, formatQuantity(value, first.unit));
  const experiment = await load(first.value);
  const slos = slosToMeet(experiment, options.slos ?? []);
  const measurer = new Measurer(options);
  const firsts = experiment.scenarios.map(({ index, name }) => new Candidate(index, name));
  await measurer.measure(experiment, firsts, experiment.replications);
  refuseWithoutValue(slos, firsts);
  const limits: ScenarioLimit[] = [];
  for (const atFirst of firsts) {
    const tried = new Map([[first.value, atFirst]]);
    const limit = await findLimit(first.value, last, first.unit === '', async (value) => {
      const candidate = tried.get(value) ?? new Candidate(atFirst.index, atFirst.name);
      tried.set(value, candidate);
      if (candidate !== atFirst) {
        const grown = await load(value);
        await measurer.measure(grown, [candidate], grown.replications);
      }
      return candidate.meets(slos);
    });
    limits.push(scenarioLimit(atFirst, limit, tried, slos, first.unit));
  }
  return {
    experiment,
    grow: options.grow,
    first: formatQuantity(first.value, first.unit),
    downwards: last < first.value,
    slos,
    limits,
    runs: measurer.runs,
  };
}

function scenarioLimit(
  atFirst: Candidate,
  { met, missed }: Limit,
  tried: ReadonlyMap<number, Candidate>,
  slos: readonly Slo[],
  unit: string,
): ScenarioLimit {
  const at = missed === null ? undefined : tried.get(missed);
  return {
    scenario: atFirst.name,
    missedAtFirst: !atFirst.meets(slos),
    met: met === null ? null : formatQuantity(met, unit),
    missed: missed === null ? null : formatQuantity(missed, unit),
    broken: at === undefined ? [] : slos.filter((slo) => !at.meets([slo])),
    tried: [...tried]
      .toSorted(([a], [b]) => a - b)
      .map(([value, candidate]) => ({ value: formatQuantity(value, unit), candidate })),
  };
}

function loadAt(files: readonly string[], options: GrowthOptions, value: string): Promise<Experiment> {
  const { set = [], knobs = [], seed, replications, grow } = options;
  return loadExperiment(files, {
    set: [...set, ...knobOverrides(knobs), `${grow}=${value}`],
    ...(seed !== undefined && { seed }),
    ...(replications !== undefined && { replications }),
  });
}

/** What the experiment itself has at the path. Throws an InputError where that is no number. */
async function ownValue(files: readonly string[], options: GrowthOptions): Promise<NumberWithUnit> {
  const { set = [], knobs = [], grow } = options;
  const experiment = await loadExperiment(files, { set: [...set, ...knobOverrides(knobs)] });
  const value = valueAt(experiment.spec, grow);
  const quantity = parseNumberWithUnit(String(value));
  if (value !== undefined && quantity.ok) return quantity.value;
  const problem = value === undefined ? `${experiment.file} has no value there` : 'its value is no number above 0';
  throw new InputError([`--grow: ${problem}; give the first one with --from`]);
}

/** The value at a path; items of lists go by name, id or index. */
function valueAt(spec: unknown, path: string): unknown {
  const names = parsePath(path);
  if (!names.ok) throw new InputError([`--grow: ${names.reason}`]);
  return names.value.reduce<unknown>((below, name) => {
    if (!Array.isArray(below)) return (below as Record<string, unknown> | undefined)?.[name];
    const items = below as readonly Record<string, unknown>[];
    return items.find((item) => (item['name'] ?? item['id']) === name) ?? items.at(Number(name));
  }, spec);
}

function quantityOf(option: string, text: string): NumberWithUnit {
  const quantity = parseNumberWithUnit(text);
  if (quantity.ok) return quantity.value;
  throw new InputError([`${option}: ${quantity.reason}`]);
}

function lastOf(first: NumberWithUnit, { upTo, downTo }: GrowthOptions): number {
  const [option, text] = downTo === undefined ? ['--up-to', upTo] : ['--down-to', downTo];
  if (text === undefined) return first.value * REACH;
  const last = quantityOf(option, text);
  const beyond = downTo === undefined ? last.value >= first.value : last.value < first.value;
  if (last.unit === first.unit && beyond) return last.value;
  const where = downTo === undefined ? 'not below it (--down-to searches downwards)' : 'below it';
  throw new InputError([`${option}: expected a value of the unit of --from, and ${where}`]);
}
